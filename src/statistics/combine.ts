import { chiSquaredQ } from "../numerics/index.ts";

/** A number with its error. */
export interface ValueWithError {
  readonly mean: number;
  readonly error: number;
}

/** Weighted mean of independent estimates, and whether they agree. */
export interface Combined extends ValueWithError {
  readonly chiSquared: number;
  /** Probability of a larger chi-squared with (number of estimates - 1) degrees of freedom. */
  readonly q: number;
}

/** Mean of independent estimates of one number, weighted by 1/error^2. */
export function combine(estimates: readonly ValueWithError[]): Combined {
  if (estimates.length === 0) throw new RangeError("nothing to combine");
  for (const { mean, error } of estimates)
    if (!(error > 0) || !Number.isFinite(mean))
      throw new RangeError(`cannot weight ${mean} with error ${error}: expected an error above 0`);
  const weight = estimates.reduce((sum, { error }) => sum + error ** -2, 0);
  const mean = estimates.reduce((sum, e) => sum + e.mean * e.error ** -2, 0) / weight;
  const chiSquared = estimates.reduce((sum, e) => sum + ((e.mean - mean) / e.error) ** 2, 0);
  const q = estimates.length > 1 ? chiSquaredQ(chiSquared, estimates.length - 1) : 1;
  return { mean, error: weight ** -0.5, chiSquared, q };
}

/** Difference of two independent numbers in standard deviations; a number without `error` is exact. */
export function pull(a: ValueWithError, b: ValueWithError | number): number {
  const other = typeof b === "number" ? { mean: b, error: 0 } : b;
  const difference = a.mean - other.mean;
  return difference === 0 ? 0 : difference / Math.hypot(a.error, other.error);
}
