import type { Definition } from "../../../lattice/definition.ts";
import { equivariantTransformerDefinition } from "./equivariant-transformer/definition.ts";
import { linearSpinsDefinition } from "./linear-spins/definition.ts";
import { lowEnergyElectronsDefinition } from "./low-energy-electrons/definition.ts";

/** Trainable actions of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinModels: readonly Definition[] = [
  linearSpinsDefinition,
  equivariantTransformerDefinition,
  lowEnergyElectronsDefinition,
];
