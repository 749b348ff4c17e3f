import type { UpdateBench } from "../../update.ts";
import { lacking } from "../spin-move.ts";

/** Throws a TypeError that names the term which is more than a sum over pairs. */
export function requirePairs(bench: UpdateBench, part: string): void {
  const other = lacking(bench, "couplings")[0];
  if (other !== undefined)
    throw new TypeError(
      `${part}: the action "${other}" is not a sum over pairs of spins; use update name = "metropolis" or "hmc", or "self-learning" with ${part} in its inner chain`,
    );
}
