/** What free electrons with levels eps_k do in a grand-canonical ensemble. */

/**
 * ln W = sum_k ln(1 + exp(-beta (eps_k - mu))), every term as max(0, x) + log1p(exp(-|x|)), which neither overflows nor
 * cancels.
 */
export function lnWeight(levels: Float64Array, beta: number, mu: number): number {
  let sum = 0;
  for (const level of levels) {
    const x = -beta * (level - mu);
    sum += Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
  }
  return sum;
}

/** Fermi's f(eps) = 1/(exp(beta (eps - mu)) + 1). */
export function fermi(level: number, beta: number, mu: number): number {
  const x = beta * (level - mu);
  if (x <= 0) return 1 / (1 + Math.exp(x));
  const small = Math.exp(-x);
  return small / (1 + small);
}

/** Electrons, sum_k f(eps_k), and their energy, sum_k eps_k f(eps_k) (mu is not in it). */
export function occupation(
  levels: Float64Array,
  beta: number,
  mu: number,
): { readonly number: number; readonly energy: number } {
  let number = 0;
  let energy = 0;
  for (const level of levels) {
    const f = fermi(level, beta, mu);
    number += f;
    energy += level * f;
  }
  return { number, energy };
}
