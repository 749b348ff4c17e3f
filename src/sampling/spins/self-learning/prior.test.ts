import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { LocalAction } from "../../../physics/spins/spin-action.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { sourceOf } from "../spin-move.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { localPrior } from "./prior.ts";

/** The first steps of a run that learns, with changes of S as `seen` sees them. */
const prior =
  (seen: (local: LocalAction) => LocalAction = (local) => local) =>
  (bench: UpdateBench): Update => {
    const target = sourceOf(bench, "prior");
    const how = { sweeps: 1, every: 2 };
    const step = localPrior(bench.space as SpinSpace, { ...target, local: seen(target.local!) }, how, bench.label);
    return { step: (state, rng) => step(state, rng, () => {}) };
  };

const changed = (factor: number) => (local: LocalAction) => ({
  ...local,
  change: (...all: Parameters<LocalAction["change"]>) => factor * local.change(...all),
});

describeSpinUpdate("local updates of the target before a guide is learnt", {
  build: prior(),
  targets: ["isingRing", "isingSquares", "xyRing", "heisenberg"],
  draws: 1500,
  reversible: true,
  broken: {
    "that decide on half the change of S": prior(changed(0.5)),
    "that accept everything": prior(changed(0)),
  },
});
