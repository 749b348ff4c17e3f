import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { spinBench, spinTargets, stateNumber } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { selfLearningDefinition } from "./index.ts";
import { chainOf, innerChain, innerSchema } from "./inner.ts";
import type { Asked } from "./remembered.ts";
import { selfLearning } from "./self-learning.ts";

const { parameters } = selfLearningDefinition;

/** Couplings of the levels, each as wrong as may be. */
type Couplings = readonly (readonly number[])[];

const levelsOn = (space: SpinSpace, couplings: Couplings) =>
  couplings.map((shells) => pairAction(space, { shells }, 1, "level"));

const build =
  (given: object, couplings: Couplings) =>
  (bench: UpdateBench): Update => {
    const terms = levelsOn(bench.space as SpinSpace, couplings);
    const names = couplings.map(() => "pair-couplings");
    const guide = { action: terms.at(-1)!, terms, names, thermalise: 0 };
    return selfLearningDefinition.build(parameters.parse(given), { ...bench, guide });
  };

const updates = (n: number) => ({ inner: { name: "metropolis", updates: n } });

/** The update with a wrong target, on the bench of the right one. */
const decidedBy = (target: (levels: readonly Asked[], bench: UpdateBench) => Asked) => (bench: UpdateBench) => {
  const space = bench.space as SpinSpace;
  const levels = levelsOn(space, [[1]]);
  const inner = chainOf(makeHeatbath(space, levels[0]!, { order: "random" }));
  return selfLearning(space, { target: target(levels, bench), levels, inner });
};

/** Steps until something was accepted, so that no configuration is counted twice. */
const withoutRecount = (bench: UpdateBench): Update => {
  const update = build(updates(2), [[0]])(bench);
  return {
    step(state, rng) {
      const { step } = state;
      let report = update.step(state, rng);
      for (let i = 1; !report.accepted; i++) {
        state.step = 1000 * (step + 1) + i;
        report = update.step(state, rng);
      }
      state.step = step + 1;
      return report;
    },
  };
};

describeSpinUpdate("self-learning by metropolis, with wrong couplings", {
  build: build(updates(6), [[0.5]]),
  targets: ["dimer", "heisenberg", "isingRing"],
  draws: 1500,
  reversible: true,
  deltaH: true,
  broken: {
    "the guide decides alone": decidedBy(([guide]) => guide!),
    "the target alone decides": decidedBy(([guide], { action }) => ({
      value: (c) => action.value(c) + guide!.value(c),
    })),
    "the difference has the wrong sign": decidedBy(([guide], { action }) => ({
      value: (c) => 2 * guide!.value(c) - action.value(c),
    })),
    "what was rejected is not counted again": withoutRecount,
  },
});

/** Four moves, A B B A. */
const palindrome = [
  { name: "overrelaxation", order: "permuted" },
  { name: "heatbath", order: "palindrome" },
];

describeSpinUpdate("self-learning by overrelaxation and heat bath there and back", {
  build: build({ inner: palindrome }, [[1.1, 0.2]]),
  targets: ["xyRing"],
  draws: 1000,
  reversible: true,
  deltaH: true,
});

describeSpinUpdate("self-learning by langevin", {
  build: build({ inner: { name: "langevin", steps: 3, stepSize: 0.6 } }, [[1.1, 0.2]]),
  targets: ["heisenberg"],
  draws: 600,
  reversible: true,
  deltaH: true,
});

describeSpinUpdate("self-learning by trajectories of two kinds there and back", {
  build: build(
    {
      inner: [
        { name: "hmc", trajectories: 2, steps: 2, length: 0.7 },
        { name: "langevin", steps: 3, stepSize: 0.6 },
      ],
    },
    [[1.1, 0.2]],
  ),
  targets: ["xyRing"],
  draws: 600,
  reversible: true,
  deltaH: true,
});

describeSpinUpdate("self-learning by clusters", {
  build: build({ inner: [{ name: "wolff" }, { name: "swendsen-wang" }] }, [[1.1]]),
  targets: ["heisenbergField"],
  draws: 1000,
  reversible: true,
  deltaH: true,
});

describeSpinUpdate("self-learning by clusters of a reach", {
  build: build({ inner: { name: "wolff", clusters: 2, reach: 1 } }, [[0.3, 0.1]]),
  targets: ["isingRing"],
  draws: 1000,
  reversible: true,
  deltaH: true,
});

describeSpinUpdate("self-learning by hmc", {
  build: build({ inner: { name: "hmc", trajectories: 2, steps: 4 } }, [[1.1, 0.2]]),
  targets: ["heisenberg"],
  draws: 1000,
  reversible: true,
  deltaH: true,
});

describeSpinUpdate("self-learning on three levels", {
  build: build({ ...updates(4), attempts: [2, 3] }, [[0.1], [-0.4], [1, 0.3]]),
  targets: ["isingRing"],
  draws: 1000,
  reversible: true,
  deltaH: true,
});

describe("Ising spins along a level without coupling", () => {
  const device = openDevice({ workers: 1 });
  afterAll(() => device.close());
  const target = { spins: "Ising", extents: [4], shells: [0.3] } as const;
  const bench = spinBench(target, device);
  const level = pairAction(bench.space, { shells: [0] }, 1, "level");
  const reachedBy = (update: Update) => {
    const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
    const rng = addressedRng("reached");
    const reached = new Set<number>();
    while (state.step < 500) {
      update.step(state, rng);
      reached.add(stateNumber(state.field.view()));
    }
    return reached.size;
  };

  test("reach every state by the inner chain that is taken where none is named", () => {
    expect(reachedBy(build({}, [[0]])(bench))).toBe(16);
    expect(reachedBy(build({ inner: { name: "swendsen-wang" } }, [[0]])(bench))).toBe(16);
  });

  test.each([
    [{ updates: 4 }, 8],
    [{ order: "permuted" }, 2],
    [{ order: "palindrome" }, 1],
  ] as const)("would not by flips that are all accepted, %j", (visits, states) => {
    const keys = innerSchema.parse({ name: "metropolis", ...visits });
    const inner = innerChain(keys, bench.space, level, "level");
    expect(reachedBy(selfLearning(bench.space, { target: bench.action, levels: [level], inner }))).toBe(states);
  });

  test("and so these are refused", () => {
    for (const inner of [{ name: "metropolis" }, { name: "wolff" }, [{ name: "metropolis" }, { name: "wolff" }]])
      expect(() => build({ inner }, [[0]])(bench)).toThrow(/never reaches some states; take inner = .*heatbath/);
    expect(() => build({ inner: { name: "metropolis" } }, [[0.1]])(bench)).not.toThrow();
    const turning = spinBench(spinTargets.xyRing, device);
    expect(() => build({ inner: { name: "metropolis" } }, [[0]])(turning)).not.toThrow();
  });
});
