import { dot, lineY, ruleX } from "@observablehq/plot";
import { axisFormat, colours, figure } from "./theme.ts";

export interface ScanData {
  /** The scanned key, as it is to be read: "β". */
  readonly xLabel: string;
  readonly name: string;
  readonly points: readonly { readonly x: number | string; readonly mean: number; readonly error: number }[];
  /** All scanned values, so that the figures of one scan have one axis, also where points are missing. */
  readonly values?: readonly (number | string)[];
}

/** An observable against the scanned value, with error bars; words on the axis where the values are words. */
export function scanFigure({ xLabel, name, points, values = points.map(({ x }) => x) }: ScanData): string {
  const bars = points.map(({ x, mean, error }) => ({ x, mean, low: mean - error, high: mean + error }));
  const numeric = values.every((x) => typeof x === "number");
  if (numeric) bars.sort((a, b) => Number(a.x) - Number(b.x));
  const range = numeric ? [Math.min(...values.map(Number)), Math.max(...values.map(Number))] : [];
  return figure(
    { title: `${name} against ${xLabel}`, description: `${points.length} values with error bars` },
    "half",
    {
      x: numeric
        ? { label: xLabel, inset: 8, ...(range[0]! < range[1]! ? { domain: range } : { ticks: range.slice(0, 1) }) }
        : { label: xLabel, type: "point", domain: [...values] },
      y: { label: name, nice: true, inset: 4, ...axisFormat(points.map(({ mean }) => mean)) },
      marks: [
        numeric ? lineY(bars, { x: "x", y: "mean", stroke: colours.quiet, strokeWidth: 1, strokeOpacity: 0.7 }) : null,
        ruleX(bars, { x: "x", y1: "low", y2: "high", stroke: colours.accent, strokeWidth: 1.5 }),
        dot(bars, { x: "x", y: "mean", r: 2.5, fill: colours.accent }),
      ],
    },
  );
}
