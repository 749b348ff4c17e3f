import { type DerivedOptions, type Estimated, gammaMethodDerived } from "../statistics/index.ts";
import { refusal } from "./estimates.ts";
import { productionValues, type Series } from "./series.ts";

/** Where spins were measured: what the formulas of fluctuations need. */
export interface SpinPoint {
  readonly extents: readonly number[];
  /** T of the action, where it has one. */
  readonly temperature?: number | undefined;
}

/** A function of several means, with its error. */
export interface DerivedQuantity {
  /** "specific-heat", "susceptibility", "binder-cumulant", "correlation-length". */
  readonly observable: string;
  /** The observable that it follows from, as it is called in the run. */
  readonly label: string;
  readonly estimated: Estimated;
  /** The first of the series that it is made of. */
  readonly series: Series;
}

/**
 * What follows from the fluctuations of spins, each with the error of the Gamma method for functions of several means
 * (U. Wolff, hep-lat/0306017), N sites:
 *
 * - specific heat per site, N (<e^2> - <e>^2)/T^2, e = E/N;
 * - susceptibility, N (<m^2> - <|m|>^2)/T, uniform and staggered;
 * - Binder's cumulant U_4 = 1 - <m^4>/(3 <m^2>^2) (K. Binder, Z. Phys. B 43 (1981) 119);
 * - second-moment correlation length, sqrt(S(Q)/S(Q + k) - 1)/(2 sin(pi/L)) with k = 2 pi/L along an axis, Q = 0 or (pi, pi, …)
 *   (F. Cooper, B. Freedman, D. Preston, Nucl. Phys. B 210 (1982) 210), where both were measured.
 */
export function spinQuantities(series: readonly Series[], point: SpinPoint): DerivedQuantity[] {
  const names = [...new Set(series.map(({ observable }) => observable))];
  return names.flatMap((name) => {
    const own = series.filter(({ observable }) => observable === name);
    switch (own[0]!.kind ?? name) {
      case "spin-energy":
        return specificHeat(own, point);
      case "magnetisation":
      case "staggered-magnetisation":
        return [...susceptibility(own, point), ...binderCumulant(own)];
      case "structure-factor":
        return correlationLengths(own, point);
      default:
        return [];
    }
  });
}

const labelled = (own: readonly Series[], ...labels: string[]): Series[] => {
  const found = labels.flatMap((label) => own.find((one) => one.label === label) ?? []);
  return found.length === labels.length ? found : [];
};

const volumeOf = ({ extents }: SpinPoint) => extents.reduce((a, b) => a * b, 1);

function specificHeat(own: readonly Series[], point: SpinPoint): DerivedQuantity[] {
  const [energy] = labelled(own, "energy");
  const { temperature } = point;
  if (!energy || temperature === undefined) return [];
  const chains = productionValues(energy);
  // from a value in the middle of them, so that nothing is lost in the difference
  const [origin = 0] = chains[0] ?? [];
  const shifted = chains.map((chain) => chain.map((e) => e - origin));
  const squares = shifted.map((chain) => chain.map((e) => e * e));
  const factor = volumeOf(point) / temperature ** 2;
  const heat = ([e, e2]: readonly number[]) => factor * (e2! - e! * e!);
  const gradient = ([e]: readonly number[]) => [-2 * factor * e!, factor];
  return derived("specific-heat", energy, [shifted, squares], heat, gradient);
}

function susceptibility(own: readonly Series[], point: SpinPoint): DerivedQuantity[] {
  const [abs, squared] = labelled(own, "abs", "squared");
  const { temperature } = point;
  if (!abs || !squared || temperature === undefined) return [];
  const factor = volumeOf(point) / temperature;
  const chi = ([m, m2]: readonly number[]) => factor * (m2! - m! * m!);
  const gradient = ([m]: readonly number[]) => [-2 * factor * m!, factor];
  return derived("susceptibility", abs, [abs, squared].map(productionValues), chi, gradient);
}

function binderCumulant(own: readonly Series[]): DerivedQuantity[] {
  const parts = labelled(own, "squared", "fourth");
  if (parts.length === 0) return [];
  const cumulant = ([m2, m4]: readonly number[]) => 1 - m4! / (3 * m2! * m2!);
  const gradient = ([m2, m4]: readonly number[]) => [(2 * m4!) / (3 * m2! ** 3), -1 / (3 * m2! * m2!)];
  return derived("binder-cumulant", parts[0]!, parts.map(productionValues), cumulant, gradient);
}

function correlationLengths(own: readonly Series[], { extents }: SpinPoint): DerivedQuantity[] {
  const bases = [extents.map(() => 0), ...(extents.every((n) => n % 2 === 0) ? [extents.map((n) => n / 2)] : [])];
  return bases.flatMap((base) =>
    extents.flatMap((n, mu) => {
      const next = base.map((m, nu) => (nu === mu ? (m + 1) % extents[nu]! : m));
      const parts = labelled(own, label(base), label(next));
      if (parts.length === 0 || n < 3) return [];
      const factor = 1 / (2 * Math.sin(Math.PI / n));
      const length = ([at, beside]: readonly number[]) => factor * Math.sqrt(at! / beside! - 1);
      const made = derived("correlation-length", parts[0]!, parts.map(productionValues), length);
      return made.map((one) => ({ ...one, label: `${one.label} ${label(next)}` }));
    }),
  );
}

/** Labels of the observable structure-factor. */
const label = (m: readonly number[]) => `m=(${m.join(",")})`;

function derived(
  observable: string,
  series: Series,
  parts: readonly (readonly number[][])[],
  f: (means: readonly number[]) => number,
  gradient?: NonNullable<DerivedOptions["gradient"]>,
): DerivedQuantity[] {
  if (parts[0]!.length === 0) return [];
  return [{ observable, label: series.observable, series, estimated: estimateDerived(parts, f, gradient) }];
}

/** As `estimate` of a mean: measurements that are not finite are a reason to refuse rather than an exception. */
function estimateDerived(
  parts: readonly (readonly number[][])[],
  f: (means: readonly number[]) => number,
  gradient?: NonNullable<DerivedOptions["gradient"]>,
): Estimated {
  try {
    return gammaMethodDerived(parts, f, gradient ? { gradient } : {});
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refusal(
      "gamma",
      error.message,
      parts[0]!.reduce((sum, chain) => sum + chain.length, 0),
    );
  }
}

/**
 * T of the action of a run, where it has one: what a scan makes of it, or what the run file says. All terms of an action
 * have one temperature.
 */
export function temperatureOf(action: unknown, scan: Readonly<Record<string, unknown>>): number | undefined {
  const scanned = Object.entries(scan).find(([key]) => /^action[.[].*\.temperature$/.test(key))?.[1];
  const declared = (Array.isArray(action) ? action : []).map(
    (term) => (term as { temperature?: unknown })?.temperature,
  );
  return [scanned, ...declared].find((t): t is number => typeof t === "number" && t > 0);
}
