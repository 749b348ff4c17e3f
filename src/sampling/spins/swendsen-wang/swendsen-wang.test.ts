import type { Update, UpdateBench } from "../../update.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { type SpinTarget, type SpinTargetName, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { swendsenWangDefinition } from "./index.ts";
import { makeSwendsenWang } from "./swendsen-wang.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    swendsenWangDefinition.build(swendsenWangDefinition.parameters.parse(parameters), bench);

const pairs = (Object.keys(spinTargets) as SpinTargetName[]).filter((key) => key !== "isingSquares");

/** The update of another target. */
const forTarget =
  (target: SpinTarget) =>
  (bench: UpdateBench): Update => {
    const other = spinBench(target, bench.space.lattice.device);
    return updateOf(makeSwendsenWang(other.space, sourceOf(other, "test")));
  };

const { isingRing } = spinTargets;

describeSpinUpdate("swendsen-wang", {
  build: build({}),
  targets: pairs,
  reversible: true,
  broken: {
    "bonds with 1 - exp(-K)": forTarget({ ...isingRing, shells: isingRing.shells.map((k) => k / 2) }),
    "clusters that do not feel the field": forTarget({ ...isingRing, field: [0] }),
  },
});
describeSpinUpdate("swendsen-wang, two sweeps", { build: build({ sweeps: 2 }), targets: ["isingPlane", "heisenberg"] });
