import { describe, expect, it } from "vitest";
import { complaint, pathName } from "../../experiment/run-file/sentence.ts";
import { complaints } from "../../lattice/definition.contract.ts";
import { type TrainingOptions, trainerOf, trainingSchema } from "./options.ts";

const read = (given: Record<string, unknown>) => trainingSchema.parse({ trajectories: 1500, ...given });
/** The sentences of a refusal, as a run file would print them. */
const refusal = (given: Record<string, unknown>) => {
  const { error } = trainingSchema.safeParse({ trajectories: 1500, ...given }, { reportInput: true });
  return error?.issues.map((issue) => `${pathName(issue.path)}: ${complaint(issue)}`).join("\n");
};

describe("[training]", () => {
  it("writes out its defaults", () => {
    expect(read({})).toEqual({
      trajectories: 1500,
      objective: "trajectory",
      optimiser: "adam",
      rate: 1e-3,
      betas: [0.9, 0.999],
      schedule: "constant",
      clip: 0,
      draws: 1,
      average: 0.5,
      patience: 0,
      window: 100,
    });
    expect(read({ optimiser: "sgd" })).toMatchObject({ rate: 2e-5, momentum: 0 });
    expect(read({ optimiser: "adamw" })).toMatchObject({ rate: 1e-3, decay: 0.01 });
    expect(read({ trajectories: 20 }).window).toBe(2);
    expect(read({ schedule: "step" }).schedule).toEqual({ name: "step", "warm-up": 0, every: 375, factor: 0.5 });
    expect(read({ schedule: { name: "constant", "warm-up": 50 } }).schedule).toEqual({
      name: "constant",
      "warm-up": 50,
    });
  });
  it("changes nothing when read again, also through JSON", () => {
    for (const given of [
      {},
      { optimiser: "sgd", momentum: 0.9, rate: 1e-7, objective: "published" },
      { optimiser: "adamw", decay: 0, betas: [0.5, 0.9], schedule: "inverse", clip: 10 },
      { schedule: { name: "cosine", final: 0.1 }, patience: 300, window: 7, average: 0, draws: 4 },
    ]) {
      const once = read(given);
      expect(trainingSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }
  });
  it("describes every key", () => {
    const definition = { name: "training", title: "training", cite: ["-"], parameters: trainingSchema, build: () => 0 };
    expect(complaints("training", definition as never)).toEqual([]);
  });
  it("refuses in sentences", () => {
    expect(trainingSchema.safeParse({}).success).toBe(false);
    expect(refusal({ momentum: 0.9 })).toBe(
      'momentum: has no effect with optimiser = "adam": leave it out, or take sgd',
    );
    expect(refusal({ optimiser: "sgd", betas: [0.9, 0.99] })).toMatch(/betas: has no effect .* take adam or adamw/);
    expect(refusal({ decay: 0.1 })).toMatch(/decay: has no effect .* take adamw/);
    expect(refusal({ schedule: "cosin" })).toMatch(/schedule: "cosin" is not one of .*did you mean "cosine"\?/);
    expect(refusal({ schedule: { name: "cosine", final: 2 } })).toMatch(/^schedule.final: must be at most 1, got 2$/);
    expect(refusal({ schedule: { name: "step", every: 0.5 } })).toMatch(
      /^schedule[.:] ?every: expected an integer, got 0.5/,
    );
    expect(refusal({ objective: "forces" })).toMatch(/objective: .*did you mean "force"\?/);
    expect(refusal({ average: 1.5 })).toMatch(/average: must be at most 1/);
    expect(refusal({ rates: 1 })).toMatch(/rates/);
  });
  it("makes the trainer that it describes", () => {
    const options = read({
      trajectories: 10,
      optimiser: "sgd",
      rate: 0.5,
      schedule: { name: "constant", "warm-up": 2 },
      clip: 1,
    });
    const trainer = trainerOf(Float64Array.of(0), options);
    expect(trainer.step(1, Float64Array.of(4))).toEqual({ loss: 1, gradient: 4, rate: 0.25, clipped: 1 });
    expect(trainer.parameters[0]).toBe(-0.25);
    expect(trainer.options).toMatchObject({ steps: 10, window: 1, average: 0.5, patience: 0 });
    const names = (["adam", "adamw", "sgd"] as const).map(
      (optimiser) => trainerOf(new Float64Array(1), read({ optimiser }) as TrainingOptions).options.optimiser.name,
    );
    expect(names).toEqual(["adam", "adamw", "sgd"]);
  });
});
