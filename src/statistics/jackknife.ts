import { type BinOptions, type Bins, binned, tooFewBins } from "./bins.ts";
import { type Chains, meanOf } from "./chains.ts";
import type { BinnedEstimate, Estimated } from "./estimate.ts";

/** Mean with its jackknife error over bins; for a plain mean this is the binning error. */
export function jackknife(chains: Chains, options: BinOptions): Estimated<BinnedEstimate> {
  return jackknifeDerived([chains], ([mean]) => mean!, options);
}

/**
 * F(<a_1>, <a_2>, …) with its jackknife error: F is recomputed with one bin left out at a time (Quenouille, Tukey; Efron,
 * The Jackknife, the Bootstrap and Other Resampling Plans, 1982). `bias` is the jackknife's estimate of the bias of F;
 * it is not subtracted.
 */
export function jackknifeDerived(
  observables: readonly Chains[],
  f: (means: readonly number[]) => number,
  options: BinOptions,
): Estimated<BinnedEstimate> {
  const bins = binned(observables, options.binSize);
  const refusal = tooFewBins("jackknife", observables, bins, options, f(observables.map(meanOf)));
  if (refusal) return refusal;
  const mean = f(bins.means.map((values) => meanOf([values])));
  const samples = jackknifeSamples(bins).map(f);
  const centre = meanOf([samples]);
  const count = bins.bins;
  const error = Math.sqrt(((count - 1) / count) * samples.reduce((sum, x) => sum + (x - centre) ** 2, 0));
  return {
    refused: false,
    method: "jackknife",
    mean,
    error,
    errorOfError: error / Math.sqrt(2 * (count - 1)),
    bias: (count - 1) * (centre - mean),
    binSize: options.binSize,
    bins: count,
    n: bins.n,
  };
}

/** The means of all observables with bin b left out, for every b. */
export function jackknifeSamples({ means, bins }: Bins): number[][] {
  const all = means.map((values) => meanOf([values]));
  return Array.from({ length: bins }, (_, b) => all.map((mean, k) => mean + (mean - means[k]![b]!) / (bins - 1)));
}
