import type { Definition } from "../../../lattice/definition.ts";

/** Actions of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinActions: readonly Definition[] = [];
