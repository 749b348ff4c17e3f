/**
 * Jacobi's elliptic functions by the arithmetic-geometric mean (Abramowitz and Stegun, 17.6 and 16.4). They take the
 * complementary parameter m1 = 1 - k^2, so that nothing cancels for k near 1.
 */

/** K(k), the complete elliptic integral of the first kind, for 0 < m1 <= 1. */
export function ellipticK(m1: number): number {
  let [a, b] = [1, Math.sqrt(m1)];
  while (Math.abs(a - b) > 1e-15 * a) [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  return Math.PI / (2 * a);
}

/** sn(u, k) for real u and 0 < m1 <= 1. */
export function jacobiSn(u: number, m1: number): number {
  let [a, b] = [1, Math.sqrt(m1)];
  const ratios: number[] = []; // c_n / a_n
  while (Math.abs(a - b) > 1e-15 * a) {
    const c = (a - b) / 2;
    [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
    ratios.push(c / a);
  }
  let phi = 2 ** ratios.length * a * u;
  for (const ratio of ratios.reverse()) phi = (phi + Math.asin(ratio * Math.sin(phi))) / 2;
  return Math.sin(phi);
}
