import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { type LocalOptions, makeLocal } from "../local/local.ts";
import type { SpinMove, SpinSource } from "../spin-move.ts";
import { heatbathRule } from "./rules.ts";

/**
 * Single-spin heat bath: every spin visited is drawn anew from exp(h_i.S_i), h_i the field of all others. Throws a
 * TypeError where the source does not tell its couplings.
 */
export function makeHeatbath(space: SpinSpace, source: SpinSource, options: LocalOptions): SpinMove {
  if (!source.couplings)
    throw new TypeError("heatbath: the action is not linear in each spin (it has no couplings); use metropolis");
  return makeLocal(space, "heatbath", () => source.couplings!, heatbathRule(space.spins), options);
}
