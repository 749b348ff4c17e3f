import type { Definition } from "../../../lattice/definition.ts";

/** Observables of spins: the list that the run file, `plaquette list` and the wizard read. */
export const spinObservables: readonly Definition[] = [];
