import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { describeDefinitions } from "../../../lattice/definition.contract.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { equivariantTransformer } from "../../../learning/spins/models/equivariant-transformer/equivariant-transformer.ts";
import { linearSpins } from "../../../learning/spins/models/linear-spins/linear-spins.ts";
import { SpinLearner, spinTrainingSchema } from "../../../learning/spins/regression/index.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { doubleExchange } from "../../../physics/spins/actions/double-exchange/double-exchange.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";
import { Chain } from "../../chain/chain.ts";
import type { ActionLearner } from "../../learner.ts";
import type { GuideBench, Update, UpdateBench } from "../../update.ts";
import { selfLearningDefinition } from "./index.ts";
import { spinSpace, stateOf } from "./small-systems.contract.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describeDefinitions("self-learning of spins", [selfLearningDefinition as unknown as Definition]);

const { parameters } = selfLearningDefinition;

function benchOf(
  space: SpinSpace,
  action: SpinAction,
  shells: number,
  more: Partial<GuideBench> = {},
): UpdateBench & { readonly level: ReturnType<typeof linearSpins> } {
  const level = linearSpins(space, { shells, temperature: action.temperature });
  const guide = { action: level, terms: [level], names: ["linear-spins"], thermalise: 40, ...more };
  return { space, action, terms: [action], names: ["target"], label: "", guide, level };
}

const build = (given: object, bench: UpdateBench): Update =>
  selfLearningDefinition.build(parameters.parse(given), bench);

const inner = { name: "metropolis", sweeps: 2 };

describe("a target of the same shells", () => {
  const space = spinSpace(device, [4, 4]);
  const [T, J] = [0.7, [0.3, -0.2, 0.1]];
  const target = pairAction(space, { shells: J }, T, "target");
  const bench = benchOf(space, target, 3);
  const rng = addressedRng("same shells");

  test("is found, and then every proposal is accepted", () => {
    const update = build({ inner, fit: { first: 10, ridge: 0 } }, bench);
    const state = stateOf(space);
    const told = Array.from({ length: 20 }, () => update.tune!(update.step(state, rng)));
    expect(told.map((t) => t !== undefined)).toEqual(told.map((_, i) => i >= 9));
    expect(Object.keys(told.at(-1)!)).toEqual(["loss", "J1", "J2", "J3"]);
    const frozen = update.freeze!()!;
    J.forEach((x, n) => {
      expect(frozen[`J${n + 1}`]).toBeCloseTo(x, 10);
      expect(frozen[`error J${n + 1}`]).toBeLessThan(1e-6);
    });
    expect(frozen.E0).toBeCloseTo(0, 8);
    expect(frozen["r-squared"]).toBeCloseTo(1, 10);
    for (let i = 0; i < 5; i++) expect(Math.abs(update.step(state, rng).deltaH!)).toBeLessThan(1e-9);
    const parameters = bench.level.parameters.slice();
    update.step(state, rng);
    expect(bench.level.parameters).toEqual(parameters);
  });

  test("couplings that are given are left alone, and so are all where fit = false", () => {
    bench.level.parameters.set([0.2, 0, 0, 0]);
    bench.level.assign();
    expect(build({ inner }, bench).freeze).toBeUndefined();
    expect(build({ inner, fit: {} }, bench).freeze).toBeDefined();
    bench.level.parameters.fill(0);
    bench.level.assign();
    expect(build({ inner, fit: false }, bench).freeze).toBeUndefined();
    expect(build({ inner }, bench).freeze).toBeDefined();
  });
});

describe("the end of the thermalisation", () => {
  const space = spinSpace(device, [4, 2]);
  const target = doubleExchange(space, { t: 1, J: 1, mu: 0, temperature: 0.2, boundary: "periodic" });
  const rng = addressedRng("the end");
  const fitted = (thermalise: number, given: object = {}) => {
    const bench = benchOf(space, target, 2, { thermalise });
    const update = build({ inner, ...given }, bench);
    const state = stateOf(space);
    const told = Array.from({ length: thermalise }, () => update.tune!(update.step(state, rng)));
    const last = bench.level.parameters.slice();
    const frozen = update.freeze!()!;
    expect(bench.level.parameters).toEqual(last);
    return { told: told.map((one) => (one ? 1 : 0)).join(""), frozen };
  };

  test.each([
    [30, { fit: { first: 5 } }, `${"0".repeat(4)}${"1".repeat(23)}000`],
    [12, {}, "011111111100"],
    [5, {}, "11110"],
  ])("of %d steps, with %j, runs with the final couplings", (thermalise, given, told) => {
    const learnt = fitted(thermalise, given);
    expect(learnt.told.slice(-told.length)).toBe(told);
    expect(learnt.frozen.J1).not.toBe(0);
  });

  test("is not learnt from", () => {
    // every configuration that was learnt from, and no other, stands behind the couplings that are told
    const { frozen } = fitted(30, { fit: { first: 5 }, prior: { sweeps: 0 } });
    expect(frozen.configurations).toBe(27);
  });
});

/** Writes down what it is told. */
function listening(most = Number.POSITIVE_INFINITY) {
  const seen: { spins: Float64Array; value: number }[] = [];
  const asked: number[] = [];
  const learner: ActionLearner = {
    see: (c, value) => {
      seen.push({ spins: c.field.view().slice(), value });
    },
    learn: (_, step) => {
      asked.push(step);
      return { loss: asked.length };
    },
    get finished() {
      return asked.length >= most;
    },
    freeze: () => ({ weight: 1 }),
    save: () => ({ asked: asked.length }),
    restore: () => {},
    arrays: () => [],
    recall: () => {},
  };
  return { learner, seen, asked };
}

describe("a learner", () => {
  const space = spinSpace(device, [4, 2]);
  const target = doubleExchange(space, { t: 1, J: 1, mu: 0, temperature: 0.2, boundary: "periodic" });
  const rng = addressedRng("learner");
  const trained = (learner: ActionLearner, given: object = {}) =>
    build({ inner, ...given }, benchOf(space, target, 2, { regression: { learner, after: 3 } }));

  test("sees local updates of the target first, then every proposal, with the exact action", () => {
    const { learner, seen, asked } = listening();
    const update = trained(learner, { prior: { sweeps: 2, every: 4 } });
    const state = stateOf(space);
    const told: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      const before = seen.length;
      const report = update.step(state, rng);
      told.push(update.tune!(report));
      expect(seen.length - before).toBe(i < 3 ? 4 : 1);
      expect(report.deltaH === undefined).toBe(i < 3);
      if (report.accepted) expect(seen.at(-1)!.spins).toEqual(state.field.view());
      else if (i >= 3) expect(seen.at(-1)!.spins).not.toEqual(state.field.view());
    }
    expect(asked).toEqual([2, 3, 4, 5, 6, 7]);
    expect(told.slice(0, 3)).toEqual([undefined, undefined, { loss: 1 }]);
    for (const { spins, value } of seen) {
      state.field.view().set(spins);
      expect(value).toBeCloseTo(target.value(state), 9);
    }
  });

  test("without prior the guide proposes from the beginning", () => {
    const { learner, seen } = listening();
    const update = trained(learner, { prior: { sweeps: 0 } });
    const state = stateOf(space);
    for (let i = 0; i < 2; i++) expect(update.step(state, rng).deltaH).toBeDefined();
    expect(seen).toHaveLength(2);
  });

  test("that has finished, or was frozen, sees nothing more", () => {
    for (const [most, frozen] of [
      [2, 0],
      [Number.POSITIVE_INFINITY, 5],
    ] as const) {
      const { learner, seen, asked } = listening(most);
      const update = trained(learner, { prior: { sweeps: 0 } });
      const state = stateOf(space);
      for (let i = 1; i <= 10; i++) {
        update.tune!(update.step(state, rng));
        if (i === frozen) expect(update.freeze!()).toEqual({ weight: 1 });
      }
      expect([seen.length, asked.length]).toEqual(frozen ? [5, 3] : [4, 2]);
    }
  });

  test("of a second level learns beside the fit of the first", () => {
    const { learner, seen } = listening();
    const first = linearSpins(space, { shells: 2, temperature: 0.2 });
    const second = linearSpins(space, { shells: 3, temperature: 0.2 });
    const bench = benchOf(space, target, 1, {
      terms: [first, second],
      names: ["linear-spins", "linear-spins"],
      regression: { learner, after: 5 },
    });
    const update = build({ inner, prior: { sweeps: 3 } }, bench);
    const state = stateOf(space);
    for (let i = 0; i < 10; i++) update.tune!(update.step(state, rng));
    expect(seen.length).toBeGreaterThan(15);
    expect(Object.keys(update.freeze!()!)).toEqual(expect.arrayContaining(["fit.J1", "fit.error J2", "model.weight"]));
    expect(first.parameters[0]).not.toBe(0);
  });
});

describe("a chain that learns while it runs", () => {
  const space = spinSpace(device, [4, 2]);
  const temperature = 0.1;
  const target = doubleExchange(space, { t: 1, J: 1, mu: 0, temperature, boundary: "periodic" });
  const plan = { thermalise: 20, trajectories: 10, measure: [] };
  const fitting = () => {
    const update = build({ inner, fit: { first: 5 } }, benchOf(space, target, 3));
    return new Chain(stateOf(space), update, addressedRng("resumed"), plan);
  };
  /** The fit of a linear level below a Transformer under training. */
  const training = () => {
    const first = linearSpins(space, { shells: 3, temperature });
    const start = { start: "random", seed: "trained" } as const;
    const shape = { layers: 1, neighbours: 1, head: 2, heads: 1, attention: "relu" } as const;
    const second = equivariantTransformer(space, { ...shape, temperature, start });
    const options = spinTrainingSchema.parse({ trajectories: 15, every: 4, steps: 3, batch: 8, buffer: 40 });
    const bench = benchOf(space, target, 1, {
      terms: [first, second],
      names: ["linear-spins", "equivariant-transformer"],
      regression: { learner: new SpinLearner(second, device, space.length, options), after: 5 },
    });
    return new Chain(stateOf(space), build({ inner, attempts: 2 }, bench), addressedRng("resumed"), plan);
  };
  const spins = (chain: Chain) => chain.state.field.view().slice();
  const told = (chain: Chain) => chain.kept().map(({ name, data }) => ({ name, data: Array.from(data) }));

  describe.each([
    ["a fit", fitting],
    ["a fit and a training", training],
  ])("%s", (_, chainOf) => {
    test.each([3, 12, 25])("goes on bit for bit after %d steps", (stop) => {
      const straight = chainOf();
      for (let i = 0; i < 30; i++) straight.advance(() => 0);
      const first = chainOf();
      for (let i = 0; i < stop; i++) first.advance(() => 0);
      const second = chainOf();
      second.state.field.assign(first.state.field);
      const kept = first.kept().map(({ name, data }) => ({ name, data: data.slice() }));
      second.restore(JSON.parse(JSON.stringify(first.progress())), kept);
      for (let i = stop; i < 30; i++) second.advance(() => 0);
      expect(spins(second)).toEqual(spins(straight));
      expect(second.progress()).toEqual(straight.progress());
      expect(told(second)).toEqual(told(straight));
    });
  });
});

describe("what does not go together", () => {
  const space = spinSpace(device, [4, 4]);
  const target = pairAction(space, { shells: [0.5] }, 1, "target");
  const bench = benchOf(space, target, 2);
  const refusal = (given: object, more: Partial<GuideBench> = {}) => {
    try {
      build(given, { ...bench, guide: { ...bench.guide!, ...more } });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  const plain = pairAction(space, { shells: [1] }, 1, "plain");
  const { couplings: _, ...network } = plain;

  test("is told", () => {
    expect(refusal({}, { thermalise: 0 })).toMatch(/guide\[0\]: "linear-spins" has no couplings yet/);
    expect(refusal({ fit: { first: 50 } })).toMatch(/fit.first: 50 steps .* thermalise = 40/);
    expect(refusal({ fit: { first: 37 } })).toMatch(/the last 4 run with the final couplings/);
    expect(refusal({ fit: { first: 36 } })).toBe("");
    expect(refusal({ fit: {} }, { terms: [plain] })).toMatch(/fit: is for a first level/);
    expect(refusal({ prior: {}, fit: false })).toMatch(/prior: has no effect/);
    expect(refusal({ attempts: 3 })).toMatch(/attempts: .* this guide has 0; give a second/);
    expect(refusal({ attempts: [2, 2] }, { terms: [plain, plain] })).toMatch(/this guide has 1; give as many/);
    const regression = { learner: listening().learner, after: 2 };
    expect(refusal({ fit: {} }, { regression })).toMatch(/fit: \[training\] is for the same level/);
    const linear = linearSpins(space, { shells: 1, temperature: 1 });
    const two = { terms: [linear, plain], names: ["linear-spins", "plain"], regression };
    expect(refusal({ fit: { first: 2 } }, two)).toMatch(/fit.first: beside \[training\] .* after thermalise = 2 steps/);
    expect(refusal({ fit: {} }, two)).toBe("");
    const atOnce = { ...two, thermalise: 0, regression: { ...regression, after: 0 } };
    expect(refusal({ prior: {} }, atOnce)).toMatch(/prior: has no effect .* thermalise = 0/);
    expect(refusal({ prior: { sweeps: 0 } }, atOnce)).toBe("");
    expect(refusal({ inner: { name: "heatbath" } }, { terms: [network], names: ["network"] })).toMatch(
      /inner: heatbath reads couplings .* "network" has none; put a level name = "linear-spins" in front/,
    );
    expect(() => build({}, { ...bench, guide: undefined as never })).toThrow(/add \[\[update.guide\]\]/);
  });

  test("and so is an inner chain that would make averages wrong", () => {
    const issues = (inner: unknown) => parameters.safeParse({ inner }).error?.issues.map(({ message }) => message);
    expect(issues({ name: "metropolis", order: "sequential" })?.join()).toMatch(/would not keep detailed balance/);
    expect(issues([{ name: "heatbath" }, { name: "overrelaxation", order: "sequential" }])?.join()).toMatch(
      /take order = "random"/,
    );
    expect(issues({ name: "overrelaxation" })?.join()).toMatch(/name another move beside it/);
    expect(issues([{ name: "overrelaxation" }, { name: "heatbath" }])).toBeUndefined();
  });

  test("and a target without single-spin changes has no prior", () => {
    const { local: _, ...whole } = target;
    const other = { ...bench, action: whole, terms: [whole] };
    expect(() => build({}, other)).toThrow(/give prior = \{ sweeps = 0 \}/);
    expect(() => build({ prior: { sweeps: 0 } }, other)).not.toThrow();
  });
});
