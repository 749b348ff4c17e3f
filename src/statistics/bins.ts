import { type Chains, checkAligned, countOf } from "./chains.ts";
import type { MethodEstimate, Refusal } from "./estimate.ts";

/** Options of every method that works on bins. */
export interface BinOptions {
  /** Consecutive measurements in a bin; bins should be many tau_int long. */
  readonly binSize: number;
  /** Fewer bins than this are refused; default 10. */
  readonly minimumBins?: number;
}

/** Bin means of several observables: `means[k][b]`, the bins of all replicas one after the other. */
export interface Bins {
  readonly means: readonly Float64Array[];
  readonly bins: number;
  /** Measurements inside the bins: what does not fill a bin at the start of a replica is left out. */
  readonly n: number;
}

/** Cuts observables measured together into bins of `binSize`, none across two replicas. */
export function binned(observables: readonly Chains[], binSize: number): Bins {
  if (!Number.isInteger(binSize) || binSize < 1)
    throw new RangeError(`bin size ${binSize}: expected a whole number from 1`);
  checkAligned(observables);
  const means = observables.map((chains) => Float64Array.from(chains.flatMap((chain) => binMeans(chain, binSize))));
  const bins = means[0]!.length;
  return { means, bins, n: bins * binSize };
}

function binMeans(chain: ArrayLike<number>, binSize: number): number[] {
  const skipped = chain.length % binSize;
  return Array.from({ length: (chain.length - skipped) / binSize }, (_, b) => {
    const first = chain[skipped + b * binSize]!;
    let sum = 0; // relative to the first, so that constant data stay constant
    for (let i = 1; i < binSize; i++) sum += chain[skipped + b * binSize + i]! - first;
    return first + sum / binSize;
  });
}

/** A refusal where there are too few bins, otherwise undefined. */
export function tooFewBins(
  method: MethodEstimate["method"],
  observables: readonly Chains[],
  { bins }: Bins,
  { binSize, minimumBins = 10 }: BinOptions,
  mean: number,
): Refusal | undefined {
  if (bins >= minimumBins) return undefined;
  const n = countOf(observables[0]!);
  const reason = `the chain is too short: ${n} measurements make ${bins} bins of ${binSize}, an error needs at least ${minimumBins}`;
  return { refused: true, method, reason, mean, n };
}

/** Variance of the values around their mean, divided by (count - 1). */
export function sampleVariance(values: ArrayLike<number>): number {
  const first = values[0]!;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i]! - first;
  const mean = first + sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return squares / (values.length - 1);
}
