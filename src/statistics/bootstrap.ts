import { addressedRng, type Rng } from "../numerics/index.ts";
import { type BinOptions, binned, sampleVariance, tooFewBins } from "./bins.ts";
import { type Chains, meanOf } from "./chains.ts";
import type { BinnedEstimate, Estimated } from "./estimate.ts";

/** Options of the bootstrap. */
export interface BootstrapOptions extends BinOptions {
  /** The resampling is a function of this seed; default "bootstrap". */
  readonly seed?: string;
  /** Number of resamplings, default 1000: the error itself is then uncertain by another 2 %. */
  readonly samples?: number;
}

/** A bootstrap estimate also has the central 68.3 % of its samples. */
export interface BootstrapEstimate extends BinnedEstimate {
  readonly method: "bootstrap";
  readonly interval: readonly [number, number];
}

/** Mean with its bootstrap error over bins. */
export function bootstrap(chains: Chains, options: BootstrapOptions): Estimated<BootstrapEstimate> {
  return bootstrapDerived([chains], ([mean]) => mean!, options);
}

/**
 * F(<a_1>, <a_2>, …) with its bootstrap error: F is recomputed on bins drawn with replacement, the same bins for all
 * observables (Efron, Ann. Stat. 7 (1979) 1). The variance is scaled by bins/(bins - 1), exact for a plain mean.
 */
export function bootstrapDerived(
  observables: readonly Chains[],
  f: (means: readonly number[]) => number,
  options: BootstrapOptions,
): Estimated<BootstrapEstimate> {
  const { seed = "bootstrap", samples = 1000, binSize } = options;
  if (!Number.isInteger(samples) || samples < 100)
    throw new RangeError(`${samples} bootstrap samples: expected a whole number from 100`);
  const bins = binned(observables, binSize);
  const refusal = tooFewBins("bootstrap", observables, bins, options, f(observables.map(meanOf)));
  if (refusal) return refusal;
  const mean = f(bins.means.map((values) => meanOf([values])));
  const rng = addressedRng(seed, 0);
  const values = Float64Array.from({ length: samples }, (_, k) => f(resampled(bins.means, rng, k))).sort();
  const error = Math.sqrt((sampleVariance(values) * bins.bins) / (bins.bins - 1));
  const relative = Math.hypot(1 / Math.sqrt(2 * (bins.bins - 1)), 1 / Math.sqrt(2 * (samples - 1)));
  return {
    refused: false,
    method: "bootstrap",
    mean,
    error,
    errorOfError: error * relative,
    bias: meanOf([values]) - mean,
    interval: [values[Math.round(0.1587 * (samples - 1))]!, values[Math.round(0.8413 * (samples - 1))]!],
    binSize,
    bins: bins.bins,
    n: bins.n,
  };
}

/** Means of all observables over one draw of bins with replacement. */
function resampled(means: readonly Float64Array[], rng: Rng, sample: number): number[] {
  const count = means[0]!.length;
  const stream = rng.at("bootstrap", sample);
  const sums = means.map(() => 0);
  for (let i = 0; i < count; i++) {
    const b = stream.below(count);
    means.forEach((values, k) => {
      sums[k]! += values[b]!;
    });
  }
  return sums.map((sum) => sum / count);
}
