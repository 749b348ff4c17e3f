import type { Update, UpdateBench } from "../../update.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { type SpinTarget, type SpinTargetName, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { wolffDefinition } from "./index.ts";
import { makeWolff } from "./wolff.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    wolffDefinition.build(wolffDefinition.parameters.parse(parameters), bench);

const pairs = (Object.keys(spinTargets) as SpinTargetName[]).filter((key) => key !== "isingSquares");

/** Clusters of couplings that are stronger than those of the target. */
const scaled =
  (target: SpinTarget, factor: number) =>
  (bench: UpdateBench): Update => {
    const shells = target.shells.map((k) => k * factor);
    const other = spinBench({ ...target, shells }, bench.space.lattice.device);
    return updateOf(makeWolff(other.space, sourceOf(other, "wolff")));
  };

describeSpinUpdate("wolff", {
  build: build({}),
  targets: pairs,
  reversible: true,
  broken: { "bonds with 1 - exp(-K)": scaled(spinTargets.isingRing, 0.5) },
});
