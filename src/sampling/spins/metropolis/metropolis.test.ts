import type { Update, UpdateBench } from "../../update.ts";
import { type SpinTargetName, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { metropolisDefinition } from "./index.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    metropolisDefinition.build(metropolisDefinition.parameters.parse(parameters), bench);

const everywhere = Object.keys(spinTargets) as SpinTargetName[];
const turning = everywhere.filter((key) => spinTargets[key].spins !== "Ising");

/** Every proposal is taken. */
const undecided = (bench: UpdateBench): Update => {
  const free = spinBench({ ...spinTargets.isingRing, shells: [0, 0], field: [0] }, bench.space.lattice.device);
  return build({})({ ...bench, terms: free.terms });
};

describeSpinUpdate("metropolis", {
  build: build({}),
  targets: everywhere,
  reversible: true,
  broken: { "without a decision": undecided },
});
describeSpinUpdate("metropolis on caps", {
  build: build({ width: 1.3, order: "permuted" }),
  targets: turning,
  reversible: true,
});
describeSpinUpdate("metropolis there and back", {
  build: build({ order: "palindrome", sweeps: 2 }),
  targets: ["isingRing", "heisenberg"],
  reversible: true,
});
describeSpinUpdate("metropolis one way", {
  build: build({ order: "sequential" }),
  targets: ["isingRing", "isingRingFree"],
  reversible: false,
});
