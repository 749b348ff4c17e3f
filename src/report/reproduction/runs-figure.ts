import { formatWithError, type PowerLaw, powerLaw } from "../../statistics/index.ts";
import type { Axis, Curve, PointSeries, PointsData, XY } from "../figures/points.ts";
import { findQuantity } from "./quantity.ts";
import type { Candidate } from "./reproduce.ts";

/** A run, and the number that it is set against where that is none of its own quantities. */
export interface Placed {
  readonly run: string;
  readonly x?: number;
}

/** A figure of a reproduction: a quantity of several runs against a number of each. Runs that are not there are left out. */
export interface RunsFigure {
  readonly title: string;
  readonly caption: string;
  /** With a quantity of the runs (see `findQuantity`) where that is what they are set against. */
  readonly x: Axis & { readonly quantity?: string };
  readonly y: Axis & { readonly quantity: string };
  readonly series: readonly { readonly label: string; readonly runs: readonly Placed[] }[];
  readonly curves?: readonly { readonly label: string; readonly at: (x: number) => number }[];
  /** A power law (x0 / x)^alpha through the points of the first series from this x on, and that of a publication. */
  readonly power?: {
    readonly from: number;
    readonly published?: { readonly scale: number; readonly exponent: number };
  };
}

/** A figure with its numbers: plain data. */
export interface Drawn {
  readonly caption: string;
  readonly data: PointsData;
  readonly power?: PowerLaw & { readonly published?: { readonly scale: number; readonly exponent: number } };
}

/** Values at which a curve is drawn. */
const steps = 60;

/** Looks the numbers of the runs up; undefined where there are none. */
export function drawn(figure: RunsFigure, runs: readonly Candidate[]): Drawn | undefined {
  const { title, caption, x, y } = figure;
  const series = figure.series.flatMap(({ label, runs: placed }) => seriesOf(label, placed, figure, runs));
  const ours = series.filter(({ hollow }) => !hollow);
  if (ours.length === 0) return undefined;
  const law = powerOf(figure, ours[0]!);
  const published = figure.power?.published;
  const along = rangeOf(series, x.logarithmic);
  const curve = (label: string, at: (x: number) => number, from = -Infinity): Curve => ({
    label,
    points: along.filter((one) => one >= from).map((one) => ({ x: one, y: at(one) })),
  });
  const power = (label: string, { scale, exponent }: { scale: number; exponent: number }) =>
    curve(label, (one) => (scale / one) ** exponent, figure.power?.from);
  const curves = [
    ...(figure.curves ?? []).map(({ label, at }) => curve(label, at)),
    ...(law ? [power("fit", law)] : []),
    ...(published ? [power("published", published)] : []),
  ];
  const axis = ({ label, logarithmic }: Axis): Axis => ({ label, ...(logarithmic ? { logarithmic } : {}) });
  return {
    caption,
    data: { title, x: axis(x), y: axis(y), series, curves },
    ...(law ? { power: { ...law, ...(published ? { published } : {}) } } : {}),
  };
}

/** The points of our runs, and hollow ones of what others found. */
function seriesOf(
  label: string,
  placed: readonly Placed[],
  { x, y }: RunsFigure,
  runs: readonly Candidate[],
): PointSeries[] {
  const found = placed.flatMap(({ run: name, x: given }) => {
    const candidate = runs.find(({ run }) => run.name === name);
    if (!candidate) return [];
    const at = x.quantity === undefined ? given : findQuantity(candidate.run.point, x.quantity).mean;
    return at === undefined || Number.isNaN(at) ? [] : [{ at, candidate }];
  });
  const ours = found.flatMap(({ at, candidate }): XY[] => {
    const { mean, error } = findQuantity(candidate.run.point, y.quantity);
    return Number.isNaN(mean) ? [] : [{ x: at, y: mean, ...(error === undefined ? {} : { error }) }];
  });
  const theirs = found.flatMap(({ at, candidate }): XY[] => {
    const { published, independent } = candidate.expected.find(({ quantity }) => quantity === y.quantity) ?? {};
    return [published, independent].flatMap((one) =>
      one ? [{ x: at, y: one.mean, ...(one.error === undefined ? {} : { error: one.error }) }] : [],
    );
  });
  return [
    ...(ours.length > 0 ? [{ label, points: ours }] : []),
    ...(theirs.length > 0 && ours.length > 0 ? [{ label, points: theirs, hollow: true }] : []),
  ];
}

function powerOf({ power }: RunsFigure, { points }: PointSeries): PowerLaw | undefined {
  return power && powerLaw(points.filter(({ x }) => x >= power.from));
}

function rangeOf(series: readonly PointSeries[], logarithmic = false): number[] {
  const all = series.flatMap(({ points }) => points.map(({ x }) => x)).filter((x) => !logarithmic || x > 0);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return Array.from({ length: steps + 1 }, (_, i) =>
    logarithmic ? low * (high / low) ** (i / steps) : low + ((high - low) * i) / steps,
  );
}

/** "MSE of S_eff: (x₀/x)^α with α = 1.3(2), x₀ = 21(4) through 5 points; published α = 1.1, x₀ = 7.1" */
export function powerSentence({ data, power }: Drawn): string | undefined {
  if (!power) return undefined;
  const { exponent, scale, exponentError, scaleError, points, published } = power;
  const number = (mean: number, error = Number.NaN) => formatWithError(mean, error);
  const theirs = published ? `; published α = ${published.exponent}, x₀ = ${published.scale}` : "";
  return `${data.y.label} falls as (x₀/x)^α in x = ${data.x.label}, with α = ${number(exponent, exponentError)}, x₀ = ${number(scale, scaleError)} through ${points} points${theirs}`;
}
