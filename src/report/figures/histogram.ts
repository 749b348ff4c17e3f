import { type Markish, rectY, ruleX } from "@observablehq/plot";
import { axisFormat, colours, type Description, figure } from "./theme.ts";

/** One bar: from x1 to x2, `y` values per unit of x and per value, so that the area is 1. */
interface Bar {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

/** A histogram normalised to area 1. */
export interface Histogram {
  readonly bars: readonly Bar[];
  /** The values in the bars, in increasing order. */
  readonly inside: Float64Array;
  /** Values that are not finite, or so far out that they would squeeze the rest into one bar. */
  readonly left: number;
}

const mostBins = 60;

/** Values beyond so many interquartile ranges from the quartiles are left out. */
const farRanges = 6;

/**
 * Bins of the width of Freedman and Diaconis, 2 IQR n^(-1/3) (Z. Wahrscheinlichkeitstheorie 57 (1981) 453); or, for
 * quantities that gather at the integers, of a whole fraction of 1, one bin being centred on 0.
 */
export function histogram(values: readonly number[], integers = false): Histogram {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const quantile = (q: number) => sorted[Math.round(q * (sorted.length - 1))] ?? 0;
  const spread = quantile(0.75) - quantile(0.25);
  const far = spread > 0 ? farRanges * spread : Infinity;
  const inside = sorted.filter((x) => x >= quantile(0.25) - far && x <= quantile(0.75) + far);
  const [begin, width, bins] = integers ? centredBins(inside) : freeBins(inside, spread);
  const counts = new Array<number>(bins).fill(0);
  for (const x of inside) counts[Math.max(0, Math.min(bins - 1, Math.floor((x - begin) / width)))]! += 1;
  const bars = counts.map((n, i) => ({
    x1: begin + i * width,
    x2: begin + (i + 1) * width,
    y: n / (width * Math.max(1, inside.length)),
  }));
  return { bars, inside, left: values.length - inside.length };
}

/** Begin, width and number of bins. */
type Bins = readonly [number, number, number];

function freeBins(sorted: Float64Array, spread: number): Bins {
  const low = sorted[0] ?? 0;
  const range = (sorted[sorted.length - 1] ?? 0) - low;
  if (range === 0) {
    const width = 0.1 * Math.abs(low) || 1;
    return [low - width / 2, width, 1];
  }
  const wanted = spread > 0 ? range / (2 * spread * sorted.length ** (-1 / 3)) : mostBins;
  const bins = Math.max(1, Math.min(mostBins, Math.ceil(wanted)));
  return [low, range / bins, bins];
}

function centredBins(sorted: Float64Array): Bins {
  const low = sorted[0] ?? 0;
  const high = sorted[sorted.length - 1] ?? 0;
  const width = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((w) => (high - low) / w < mostBins / 2) ?? 1;
  const first = Math.round(low / width);
  return [(first - 0.5) * width, width, Math.round(high / width) - first + 1];
}

/** Draws a histogram with whatever marks belong on top of it. */
export function histogramFigure(
  said: Description,
  xLabel: string,
  { bars, inside }: Histogram,
  above: readonly Markish[] = [],
): string {
  return figure(said, "half", {
    x: { label: xLabel, ...axisFormat([...inside]) },
    y: { label: "density", zero: true, ticks: 4 },
    marks: [
      rectY(bars, { x1: "x1", x2: "x2", y: "y", fill: colours.accent, fillOpacity: 0.55, inset: 0.4 }),
      ruleX([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
      ...above,
    ],
  });
}
