import type { Definition } from "../../lattice/definition.ts";

/** Updates of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinUpdates: readonly Definition[] = [];
