import { line } from "@observablehq/plot";
import { type Histogram, histogram, histogramFigure } from "./histogram.ts";
import { colours } from "./theme.ts";

/**
 * The histogram of the energy violation, over the Gaussian that detailed balance wants: of mean sigma^2/2 and variance
 * sigma^2, so that <exp(-deltaH)> = 1 (M. Creutz, Phys. Rev. D 38 (1988) 1228).
 */
export function deltaHFigure(deltaH: readonly number[]): string {
  const said = {
    title: "Histogram of ΔH",
    description: "energy violation of the trajectories of the production phase",
  };
  const shown = histogram(deltaH);
  const curve = gaussian(shown);
  const marks = curve.length > 0 ? [line(curve, { stroke: colours.second, strokeWidth: 1.4 })] : [];
  return histogramFigure(said, "ΔH", shown, marks);
}

/** Points of the Gaussian with the variance of the values shown; none where they do not vary. */
function gaussian({ bars, inside }: Histogram): [number, number][] {
  const mean = inside.reduce((sum, x) => sum + x, 0) / Math.max(1, inside.length);
  const variance = inside.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, inside.length - 1);
  const low = bars[0]?.x1;
  const high = bars[bars.length - 1]?.x2;
  if (!(variance > 0) || low === undefined || high === undefined) return [];
  return Array.from({ length: 101 }, (_, i) => {
    const x = low + ((high - low) * i) / 100;
    return [x, Math.exp(-((x - variance / 2) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)];
  });
}
