import { gammaQ } from "./gamma-function.ts";

/** Probability that a chi-squared variable with `dof` degrees of freedom exceeds `chiSquared`. */
export function chiSquaredQ(chiSquared: number, dof: number): number {
  return gammaQ(dof / 2, chiSquared / 2);
}

/**
 * Probability that Kolmogorov's variable exceeds `lambda`: the limit of sqrt(n) times the largest distance of an
 * empirical distribution from the true one. Both theta-function forms, each where it converges at once
 * (Feller, Ann. Math. Stat. 19 (1948) 177).
 */
export function kolmogorovQ(lambda: number): number {
  if (!(lambda > 0.05)) return 1; // the complement is below 1e-200
  let sum = 0;
  if (lambda < 1.1) {
    for (let k = 9; k > 0; k -= 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * lambda * lambda));
    return 1 - (Math.sqrt(2 * Math.PI) / lambda) * sum;
  }
  for (let k = 6; k > 0; k--) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  return sum;
}
