import type { Configuration } from "../../../lattice/space.ts";
import type { SpinAction } from "../../../physics/spins/spin-action.ts";

/** An effective action S = -sum_n (J_n/T) C_n + E_0/T whose couplings can be set, C_n = sum_<ij>_n S_i.S_j. */
export interface LinearAction extends SpinAction {
  /** J_1, J_2, …, and last E_0; energies. */
  readonly parameters: Float64Array;
  /** To be called after `parameters` were written to. */
  assign(): void;
  /** C_1, C_2, … of a configuration. */
  pairSums(c: Configuration): Float64Array;
}

export const isLinear = (action: SpinAction): action is LinearAction =>
  "pairSums" in action && "parameters" in action && "assign" in action;
