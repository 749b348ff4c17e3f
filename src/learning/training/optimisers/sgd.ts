import type { Optimiser } from "./optimiser.ts";

/**
 * Stochastic gradient descent (H. Robbins, S. Monro, Ann. Math. Stat. 22 (1951) 400), theta <- theta - rate v, with v = g, or
 * v <- momentum v + g with the heavy ball of B. T. Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1, which makes the steps
 * in a steady direction 1/(1 - momentum) times as long.
 */
export function sgd(momentum = 0): Optimiser {
  if (!(momentum >= 0 && momentum < 1)) throw new RangeError(`momentum = ${momentum}: 0 <= momentum < 1`);
  if (momentum === 0)
    return {
      name: "sgd",
      remembers: [],
      step(parameters, gradient, rate, state) {
        state.steps += 1;
        for (let i = 0; i < parameters.length; i++) parameters[i]! -= rate * gradient[i]!;
      },
    };
  return {
    name: "sgd",
    remembers: ["velocity"],
    step(parameters, gradient, rate, state) {
      state.steps += 1;
      const velocity = state.arrays[0]!;
      for (let i = 0; i < parameters.length; i++) {
        velocity[i] = momentum * velocity[i]! + gradient[i]!;
        parameters[i]! -= rate * velocity[i]!;
      }
    },
  };
}
