import { type Betas, usualBetas, withMoments } from "./adam.ts";
import type { Optimiser } from "./optimiser.ts";

/** Decay of the weights where nothing is said. */
export const usualDecay = 0.01;

/**
 * AdamW: Adam with a decay of the weights decoupled from the gradient (I. Loshchilov, F. Hutter, ICLR 2019,
 * arXiv:1711.05101, algorithm 2). Their lambda multiplies the schedule alone; here, as in most programs, it multiplies the
 * rate too: our decay = lambda / rate.
 */
export function adamw(betas: Betas = usualBetas, decay: number = usualDecay): Optimiser {
  if (!(decay >= 0)) throw new RangeError(`decay = ${decay}: decay >= 0`);
  return withMoments("adamw", betas, decay);
}
