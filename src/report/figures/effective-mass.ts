import { dot, ruleX, text } from "@observablehq/plot";
import { axisFormat, figure, seriesColour } from "./theme.ts";

export interface EffectiveMassCurve {
  /** "cosh", "log" */
  readonly label: string;
  /** Between t and t + 1, in lattice units. */
  readonly points: readonly { readonly t: number; readonly mass: number; readonly error: number }[];
}

/** Distance in t between the bars of two curves, which would lie on each other. */
const apart = 0.12;

/** Errors this much larger than the smallest do not set the scale: their bars are cut at the edge. */
const clear = 20;

/**
 * Effective masses with error bars, drawn at t + 1/2, between the two times that they come from. Times whose error is far
 * larger than the best are drawn as far as they fit.
 */
export function effectiveMassFigure(name: string, curves: readonly EffectiveMassCurve[]): string {
  const points = curves.flatMap(({ points }, i) =>
    points.map(({ t, mass, error }) => ({
      x: t + 0.5 + apart * (i - (curves.length - 1) / 2),
      mass,
      low: mass - error,
      high: mass + error,
      error,
      colour: seriesColour(i),
    })),
  );
  const [low, high] = verticalRange(points);
  const shown = points.filter(({ mass }) => mass >= low && mass <= high);
  const bars = shown.map((point) => ({ ...point, low: Math.max(point.low, low), high: Math.min(point.high, high) }));
  const last = Math.max(0, ...curves.flatMap(({ points }) => points.map(({ t }) => t)));
  return figure(
    {
      title: `Effective mass of ${name}`,
      description: `effective masses (${curves.map(({ label }) => label).join(", ")}) against time, with error bars`,
    },
    "whole",
    {
      height: 240,
      color: { type: "identity" },
      x: { label: "t", domain: [0, last + 1], ticks: Math.min(12, last + 1), tickFormat: "d" },
      y: { label: "m_eff", domain: [low, high], nice: true, ...axisFormat(points.map(({ mass }) => mass)) },
      marks: [
        ruleX(bars, { x: "x", y1: "low", y2: "high", stroke: "colour", strokeWidth: 1.5 }),
        dot(bars, { x: "x", y: "mass", r: 3, fill: "colour" }),
        ...curves.map(({ label }, i) =>
          text([label], {
            frameAnchor: "top-right",
            dx: -6,
            dy: 4 + 15 * i,
            fill: seriesColour(i),
            textAnchor: "end",
            text: (word: string) => word,
          }),
        ),
      ],
    },
  );
}

interface Bar {
  readonly low: number;
  readonly high: number;
  readonly error: number;
}

/** What the well-known masses span, with room for their bars. */
function verticalRange(points: readonly Bar[]): [number, number] {
  const best = Math.min(...points.map(({ error }) => error));
  const known = points.filter(({ error }) => error <= clear * best);
  if (known.length === 0) return [0, 1];
  const low = Math.min(...known.map((point) => point.low));
  const high = Math.max(...known.map((point) => point.high));
  const room = 0.08 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [low - room, high + room];
}
