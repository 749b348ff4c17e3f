import { sampleVariance } from "./bins.ts";

/** The middle of some values; NaN without any. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Blocks whose medians are compared, where there are as many values. */
const blocks = 16;
/** Fewest values that an error is made from. */
const fewest = 10;

/**
 * Median of successive values with its error: the values are cut into 16 blocks in their order, and the error is that of
 * the mean of the medians of the blocks, so that a slow drift (of a machine that warms up) enters it. Without an error
 * below ten values.
 */
export function medianWithError(values: ArrayLike<number>): { readonly median: number; readonly error?: number } {
  const n = values.length;
  if (n < fewest) return { median: median(values) };
  const count = Math.min(blocks, n);
  const list = Array.from(values);
  const medians = Array.from({ length: count }, (_, b) =>
    median(list.slice(Math.floor((b * n) / count), Math.floor(((b + 1) * n) / count))),
  );
  return { median: median(values), error: Math.sqrt(sampleVariance(medians) / count) };
}
