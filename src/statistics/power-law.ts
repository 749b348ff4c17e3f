/** y = (x0 / x)^alpha through points. */
export interface PowerLaw {
  readonly exponent: number;
  readonly scale: number;
  /** Standard errors by the scatter of the points about the line; absent with fewer than three of them. */
  readonly exponentError?: number;
  readonly scaleError?: number;
  readonly points: number;
}

/**
 * Fits ln y = alpha ln x0 - alpha ln x, all points with one weight: for points that scatter by more than their own errors
 * (trainings that end in other minima). Undefined with fewer than two different x, or where a number is not positive.
 */
export function powerLaw(points: readonly { readonly x: number; readonly y: number }[]): PowerLaw | undefined {
  if (points.some(({ x, y }) => !(x > 0 && y > 0))) return undefined;
  const [u, v] = [points.map(({ x }) => Math.log(x)), points.map(({ y }) => Math.log(y))];
  const n = points.length;
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / n;
  const [middle, level] = [mean(u), mean(v)];
  const spread = u.reduce((sum, a) => sum + (a - middle) ** 2, 0);
  if (!(spread > 0)) return undefined;
  const slope = u.reduce((sum, a, i) => sum + (a - middle) * (v[i]! - level), 0) / spread;
  const exponent = -slope;
  // at y = 1
  const lnScale = middle + level / exponent;
  const scale = Math.exp(lnScale);
  if (n < 3) return { exponent, scale, points: n };
  const left = u.reduce((sum, a, i) => sum + (v[i]! - level - slope * (a - middle)) ** 2, 0) / (n - 2);
  const exponentError = Math.sqrt(left / spread);
  // ln x0 = mean u + mean v / alpha; slope and mean of the line are independent
  const scaleError = scale * Math.hypot(Math.sqrt(left / n) / exponent, (level / exponent ** 2) * exponentError);
  return { exponent, scale, exponentError, scaleError, points: n };
}
