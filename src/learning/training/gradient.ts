/**
 * Euclidean norm of a gradient; not finite where an entry is not, or where its square overflows: a gradient of 1e155 is as
 * lost as an infinite one.
 */
export function normOf(gradient: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!;
  return Math.sqrt(sum);
}

/**
 * Writes the gradient into `out`, shortened to the norm `limit` where it is longer (R. Pascanu, T. Mikolov, Y. Bengio, ICML
 * 2013, arXiv:1211.5063, algorithm 1); `norm` is its norm, a limit of 0 is none. Returns whether it was shortened.
 */
export function clip(gradient: Float64Array, norm: number, limit: number, out: Float64Array): boolean {
  out.set(gradient);
  if (limit === 0 || norm <= limit) return false;
  const factor = limit / norm;
  for (let i = 0; i < out.length; i++) out[i]! *= factor;
  return true;
}
