import { dot, lineY, ruleX, text } from "@observablehq/plot";
import { axisFormat, colours, figure, seriesColour } from "./theme.ts";

/** A number against another. */
export interface XY {
  readonly x: number;
  readonly y: number;
  /** One standard deviation of y. */
  readonly error?: number;
}

export interface PointSeries {
  readonly label: string;
  readonly points: readonly XY[];
  /** Numbers of somebody else: hollow. */
  readonly hollow?: boolean;
}

/** A function to compare with. */
export interface Curve {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Axis {
  readonly label: string;
  readonly logarithmic?: boolean;
}

export interface PointsData {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly PointSeries[];
  readonly curves?: readonly Curve[];
}

/** Quantities of several runs against a number of each, with error bars, beside those of others and beside curves. */
export function pointsFigure({ title, x, y, series, curves = [] }: PointsData): string {
  const positive = (axis: Axis, value: number) => Number.isFinite(value) && (!axis.logarithmic || value > 0);
  const shown = series.map((one) => ({
    ...one,
    points: one.points.filter((p) => positive(x, p.x) && positive(y, p.y)),
  }));
  const all = shown.flatMap(({ points }) => points);
  const low = (p: XY) => (y.logarithmic ? Math.max(p.y - (p.error ?? 0), p.y / 3) : p.y - (p.error ?? 0));
  const high = (p: XY) => p.y + (p.error ?? 0);
  const axis = (of: Axis, values: readonly number[]) => ({
    label: of.label,
    inset: 10,
    ...(of.logarithmic ? { type: "log" as const, tickFormat: "~g" } : (wholeTicks(values) ?? axisFormat(values))),
  });
  // one colour for a series of ours and that of somebody else under the same label
  const labels = [...new Set(shown.map(({ label }) => label))];
  const colourOf = (label: string) => seriesColour(labels.indexOf(label));
  // those that end beside each other are written above and below
  const ends = curves.flatMap(({ label, points }, i) =>
    points.length > 0 ? [{ label, ...points.at(-1)!, dy: i % 2 === 0 ? -5 : 5 }] : [],
  );
  return figure(
    { title, description: `${all.length} points of ${series.length} series and ${curves.length} curves` },
    "most",
    {
      marginRight: 90,
      x: axis(
        x,
        all.map((p) => p.x),
      ),
      y: {
        ...axis(
          y,
          all.map((p) => p.y),
        ),
        nice: !y.logarithmic,
      },
      marks: [
        ...curves.map(({ points }) =>
          lineY(points, { x: "x", y: "y", stroke: colours.quiet, strokeWidth: 1.2, strokeDasharray: "4 3" }),
        ),
        ...ends.map((end) =>
          text([end], { x: "x", y: "y", text: "label", fill: colours.quiet, textAnchor: "start", dx: 6, dy: end.dy }),
        ),
        ...shown.flatMap(({ label, points, hollow }) => {
          const bars = points.map((p) => ({ x: p.x, y: p.y, low: low(p), high: high(p) }));
          const stroke = colourOf(label);
          return [
            hollow ? null : lineY(bars, { x: "x", y: "y", stroke, strokeWidth: 1, strokeOpacity: 0.5 }),
            ruleX(bars, { x: "x", y1: "low", y2: "high", stroke, strokeWidth: 1.5 }),
            dot(bars, { x: "x", y: "y", r: hollow ? 4 : 3, stroke, ...(hollow ? {} : { fill: stroke }) }),
          ];
        }),
        ...shown.map(({ label, points, hollow }, i) =>
          hollow || shown.length === 1
            ? null
            : text(points.slice(-1), {
                x: "x",
                y: "y",
                text: () => label,
                fill: colourOf(label),
                textAnchor: "start",
                dx: 8,
                dy: i % 2 === 0 ? -5 : 5,
              }),
        ),
      ],
    },
  );
}

/** Most ticks that are set one by one. */
const few = 12;

/** A tick a number, where all are whole and few: layers, not halves of them. */
function wholeTicks(values: readonly number[]) {
  const different = [...new Set(values)].sort((a, b) => a - b);
  const whole = different.length > 0 && different.length <= few && different.every(Number.isInteger);
  return whole ? { ticks: different, tickFormat: "d" } : undefined;
}
