import { afterAll, describe, expect, it } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { Configuration } from "../../../lattice/space.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { ActionLearner } from "../../../sampling/learner.ts";
import { SpinLearner, spinTrainingSchema } from "./index.ts";
import { randomSpins, type Toy, toyModel } from "./testing.contract.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());
const rng = addressedRng("learner");
const extents = [3, 4];

interface Made {
  readonly model: Toy;
  readonly learner: ActionLearner;
}

function made(given: Record<string, unknown>): Made {
  const model = toyModel(device, extents, { bent: true });
  model.parameters.set([0.05, 0.05, 0]);
  const options = spinTrainingSchema.parse({ trajectories: 40, every: 4, steps: 20, batch: 8, buffer: 30, ...given });
  return { model, learner: new SpinLearner(model, device, model.space.length, options) };
}

const target = toyModel(device, extents, { bent: true });
target.parameters.set([-0.3, 0.12, -7]);

/** The steps first to last - 1: each shows a configuration. Returns what was told. */
function teach({ learner }: Made, first: number, last: number) {
  const field = target.space.field();
  const c: Configuration = { space: target.space, field, auxiliary: new Map() };
  const told = [];
  for (let step = first; step < last; step++) {
    randomSpins(field, "seen", step);
    learner.see(c, target.value(c));
    told.push(learner.learn(rng, step));
  }
  field.release();
  return told;
}

const bits = (x: Float64Array) => [...new BigUint64Array(x.slice().buffer)];
const throughFile = (arrays: ReturnType<ActionLearner["arrays"]>) =>
  arrays.map(({ name, data }) => ({ name, data: data.slice() }));

describe.each([
  { optimiser: "adamw", rate: 0.02 },
  { optimiser: "least-squares", batch: undefined, steps: 3 },
])("a learner by $optimiser", (given) => {
  it("learns in rounds, tells them, and ends", () => {
    const one = made(given);
    const told = teach(one, 0, 50);
    expect(told.flatMap((report, i) => (report ? [i + 1] : []))).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    const losses = told.flatMap((report) => report?.loss ?? []);
    expect(losses.at(-1)!).toBeLessThan(0.2 * losses[0]!);
    expect(told[39]).toMatchObject({ pairs: 30, "J[0]": one.model.parameters[0] });
    expect(one.learner.finished).toBe(true);
    expect(one.learner.freeze()).toMatchObject({ "J[1]": one.model.parameters[1] });
  });
  it.each(["restore first", "recall first"])("goes on bit for bit from what it saved (%s)", (order) => {
    const [straight, first, second] = [made(given), made(given), made(given)];
    teach(straight, 0, 40);
    // also in the middle of a round
    teach(first, 0, 22);
    const [numbers, arrays] = [JSON.parse(JSON.stringify(first.learner.save())), throughFile(first.learner.arrays())];
    if (order === "restore first") second.learner.restore(numbers);
    second.learner.recall(arrays);
    if (order === "recall first") second.learner.restore(numbers);
    expect(bits(second.model.parameters)).toEqual(bits(first.model.parameters));
    teach(second, 22, 40);
    expect(bits(second.model.parameters)).toEqual(bits(straight.model.parameters));
    expect(second.learner.save()).toEqual(straight.learner.save());
    expect(second.learner.arrays()).toEqual(straight.learner.arrays());
    expect(second.learner.finished).toBe(true);
  });
  it("stays as it was frozen", () => {
    const one = made(given);
    teach(one, 0, 10);
    const frozen = one.learner.freeze();
    expect(one.learner.finished).toBe(true);
    const weights = bits(one.model.parameters);
    teach(one, 10, 40);
    expect(one.learner.freeze()).toEqual(frozen);
    expect(bits(one.model.parameters)).toEqual(weights);
  });
});

describe("a learner", () => {
  it("sets the constant to the data before the first step, so that the first loss is the variance", () => {
    const [centred, off] = [0, 1e4].map((E0) => {
      const one = made({ objective: "square", rate: 1e-9 });
      one.model.parameters[2] = E0;
      return teach(one, 0, 4)[3]!.loss!;
    });
    expect(Math.abs(off! / centred! - 1)).toBeLessThan(1e-6);
  });
  it("refuses the checkpoint of another training", () => {
    const one = made({});
    one.learner.restore(made({}).learner.save());
    expect(() => one.learner.recall([{ name: "spins", data: new Float64Array(0) }])).toThrow('no "actions"');
  });
});

describe("[training] of spins", () => {
  const read = (given: Record<string, unknown>) => spinTrainingSchema.parse({ trajectories: 4000, ...given });
  it("writes out its defaults", () => {
    expect(read({})).toEqual({
      trajectories: 4000,
      settle: 50,
      every: 100,
      steps: 300,
      buffer: 3000,
      batch: 64,
      objective: "variance",
      optimiser: "adamw",
      rate: 3e-3,
      betas: [0.9, 0.999],
      decay: 1e-4,
      schedule: { name: "cosine", "warm-up": 0, final: 0 },
      clip: 100,
      average: 0,
    });
    expect(read({ optimiser: "least-squares" })).toEqual({
      trajectories: 4000,
      settle: 50,
      every: 100,
      steps: 5,
      buffer: 3000,
      optimiser: "least-squares",
    });
    expect(read({ trajectories: 7 }).every).toBe(7);
  });
  it("changes nothing when read again", () => {
    for (const given of [{}, { optimiser: "least-squares" }, { optimiser: "sgd", momentum: 0.5, schedule: "step" }])
      expect(read(JSON.parse(JSON.stringify(read(given))))).toEqual(read(given));
  });
  it("refuses in sentences", () => {
    const refusal = (given: Record<string, unknown>) =>
      spinTrainingSchema.safeParse({ trajectories: 40, ...given }).error?.issues.map(({ message }) => message);
    expect(refusal({ every: 50 })?.join()).toContain("nothing would be learnt");
    expect(refusal({ optimiser: "least-squares", rate: 1 })?.join()).toContain("take adamw or adam or sgd");
    expect(refusal({ momentum: 0.5 })?.join()).toContain("take sgd");
  });
});
