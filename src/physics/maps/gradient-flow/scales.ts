/** Scales that a flow curve defines, in lattice units; absent where the curve does not reach them. */
export interface FlowScales {
  /** Flow time where t^2 <E> = 0.3 (M. Lüscher, JHEP 08 (2010) 071). */
  readonly t0?: number;
  /** sqrt of the flow time where t d/dt t^2 <E> = 0.3 (BMW, S. Borsányi et al., JHEP 09 (2012) 010). */
  readonly w0?: number;
}

/** The reference value of both. */
export const FLOW_REFERENCE = 0.3;

/**
 * t0 and w0 from the energy density at increasing flow times. Throws a RangeError where the lists do not fit together.
 */
export function scaleFromFlow(times: readonly number[], energies: readonly number[]): FlowScales {
  if (times.length !== energies.length || times.some((t, i) => i > 0 && t <= times[i - 1]!))
    throw new RangeError("scaleFromFlow: expected one energy density at each of increasing flow times");
  const curve = times.map((t, i) => t * t * energies[i]!);
  const slopes = derivative(times, curve);
  const t0 = crossing(times, curve, FLOW_REFERENCE);
  const w2 = crossing(
    times,
    times.map((t, i) => t * slopes[i]!),
    FLOW_REFERENCE,
  );
  return { ...(t0 === undefined ? {} : { t0 }), ...(w2 === undefined ? {} : { w0: Math.sqrt(w2) }) };
}

/** Derivative of the curve through the points, at every one of them, by local cubics. */
export const derivative = (times: readonly number[], values: readonly number[]): number[] =>
  times.map((t, i) => localPolynomial(times, values, Math.min(i, times.length - 2)).slope(t));

/** The first time at which the curve through the points rises through `level`; undefined where it never does. */
export function crossing(times: readonly number[], values: readonly number[], level: number): number | undefined {
  const i = values.findIndex((value, k) => value < level && (values[k + 1] ?? Number.NEGATIVE_INFINITY) >= level);
  if (i < 0) return undefined;
  const { value } = localPolynomial(times, values, i);
  let [low, high] = [times[i]!, times[i + 1]!];
  for (let half = (low + high) / 2; half > low && half < high; half = (low + high) / 2) {
    if (value(half) < level) low = half;
    else high = half;
  }
  return high;
}

/** The cubic (or less, where there are fewer points) through the four points nearest to [times[i], times[i + 1]]. */
function localPolynomial(times: readonly number[], values: readonly number[], i: number) {
  const begin = Math.max(0, Math.min(i - 1, times.length - 4));
  const t = times.slice(begin, begin + 4);
  const c = values.slice(begin, begin + 4);
  // Newton's divided differences, then Horner's scheme for the value and its derivative
  for (let order = 1; order < t.length; order++)
    for (let k = t.length - 1; k >= order; k--) c[k] = (c[k]! - c[k - 1]!) / (t[k]! - t[k - order]!);
  const value = (x: number) => c.reduceRight((sum, coefficient, k) => sum * (x - t[k]!) + coefficient, 0);
  const slope = (x: number) =>
    c.reduceRight(
      ([sum, rate], coefficient, k) => [sum! * (x - t[k]!) + coefficient, rate! * (x - t[k]!) + sum!],
      [0, 0],
    )[1]!;
  return { value, slope };
}
