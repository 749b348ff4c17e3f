import { type BinOptions, binned, sampleVariance, tooFewBins } from "./bins.ts";
import { type Chains, countOf, meanOf } from "./chains.ts";
import type { BinnedEstimate, Estimated } from "./estimate.ts";

/**
 * Mean and error from the scatter of bin means. Right only where the bins are many tau_int long; the error comes out low
 * by a factor of about 1 - tau_int/binSize otherwise. The Gamma method is the default; this one cross-checks it.
 */
export function binning(chains: Chains, options: BinOptions): Estimated<BinnedEstimate> {
  const bins = binned([chains], options.binSize);
  const refusal = tooFewBins("binning", [chains], bins, options, meanOf(chains));
  if (refusal) return refusal;
  const values = bins.means[0]!;
  const error = Math.sqrt(sampleVariance(values) / bins.bins);
  return {
    refused: false,
    method: "binning",
    mean: meanOf([values]),
    error,
    errorOfError: error / Math.sqrt(2 * (bins.bins - 1)),
    binSize: options.binSize,
    bins: bins.bins,
    n: bins.n,
  };
}

/**
 * Binning errors for bin sizes 1, 2, 4, … as long as there are `minimumBins` bins (default 10): for a figure that shows
 * the plateau (Flyvbjerg and Petersen, J. Chem. Phys. 91 (1989) 461).
 */
export function binningCurve(chains: Chains, minimumBins = 10): BinnedEstimate[] {
  const curve: BinnedEstimate[] = [];
  for (let binSize = 1; binSize * minimumBins <= countOf(chains); binSize *= 2) {
    const estimate = binning(chains, { binSize, minimumBins });
    if (!estimate.refused) curve.push(estimate);
  }
  return curve;
}
