import type { Optimiser } from "./optimiser.ts";

/** Decay rates of the running means of g and of g^2. */
export type Betas = readonly [first: number, second: number];

/** Those of the paper. */
export const usualBetas: Betas = [0.9, 0.999];

/** Keeps the step finite where all gradients were zero. */
const epsilon = 1e-8;

/**
 * Adam: steps of about `rate` in every coordinate, whatever the size of the gradient (D. P. Kingma, J. Ba, ICLR 2015,
 * arXiv:1412.6980, algorithm 1, epsilon = 1e-8).
 */
export const adam = (betas: Betas = usualBetas): Optimiser => withMoments("adam", betas, 0);

/**
 * Adam's step with a decay of the weights that does not go through the moments: theta <- theta - rate decay theta before
 * the step of Adam, with the same scheduled rate in both. `decay` 0 is Adam. Shared by adam and adamw.
 */
export function withMoments(name: string, [beta1, beta2]: Betas, decay: number): Optimiser {
  for (const beta of [beta1, beta2])
    if (!(beta >= 0 && beta < 1)) throw new RangeError(`betas = [${beta1}, ${beta2}]: 0 <= beta < 1`);
  return {
    name,
    remembers: ["mean", "square"],
    step(parameters, gradient, rate, state) {
      state.steps += 1;
      const [m, v] = state.arrays as [Float64Array, Float64Array];
      // The means begin at zero; these take the bias out.
      const unbias1 = 1 / (1 - beta1 ** state.steps);
      const unbias2 = 1 / (1 - beta2 ** state.steps);
      const kept = 1 - rate * decay;
      for (let i = 0; i < parameters.length; i++) {
        const g = gradient[i]!;
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        parameters[i] = kept * parameters[i]! - (rate * unbias1 * m[i]!) / (Math.sqrt(unbias2 * v[i]!) + epsilon);
      }
    },
  };
}
