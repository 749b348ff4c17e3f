import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { selfLearningDefinition } from "./index.ts";
import { chainOf } from "./inner.ts";
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
  deltaH: true,
});

describeSpinUpdate("self-learning by clusters", {
  build: build({ inner: [{ name: "wolff" }, { name: "swendsen-wang" }] }, [[1.1]]),
  targets: ["heisenbergField"],
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
  build: build({ ...updates(4), attempts: [2, 3] }, [[0], [-0.4], [1, 0.3]]),
  targets: ["isingRing"],
  draws: 1000,
  reversible: true,
  deltaH: true,
});
