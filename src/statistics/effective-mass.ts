import { brent } from "../numerics/index.ts";
import { type Chains, countOf, meanOf } from "./chains.ts";
import type { Estimated } from "./estimate.ts";
import { type GammaOptions, gammaMethodDerived } from "./gamma-method.ts";

/** Effective masses of a correlator between the times t and t + 1, in lattice units. */
export interface EffectiveMass {
  readonly t: number;
  /** The mass of one state on a periodic lattice, C(t) ~ cosh(m (t - T/2)). */
  readonly cosh: Estimated;
  /** ln C(t)/C(t + 1), which forgets what comes round the lattice. */
  readonly log: Estimated;
}

/** ln(now/next); NaN where there is none. */
export const logMass = (now: number, next: number): number => (now / next > 0 ? Math.log(now / next) : Number.NaN);

/**
 * The m > 0 with now/next = cosh(m (t - T/2)) / cosh(m (t + 1 - T/2)), for 0 <= t < T/2; NaN where there is none: a
 * correlator that does not fall, or has changed sign. The right side grows with m, and lies between e^m/2 and e^m, which
 * brackets the root.
 */
export function coshMass(now: number, next: number, t: number, extent: number): number {
  const ratio = now / next;
  if (!(ratio > 1 && Number.isFinite(ratio))) return Number.NaN;
  const a = extent / 2 - t;
  const excess = (m: number) => m + Math.log1p(Math.exp(-2 * a * m)) - Math.log1p(Math.exp(-2 * (a - 1) * m));
  const target = Math.log(ratio);
  // a hair more on either side, for roots that lie on a bound to rounding
  return brent((m) => excess(m) - target, target * (1 - 1e-12), target + Math.log(2) + 1e-12);
}

/**
 * Effective masses with errors by the Gamma method (the autocorrelation of both times and their correlation are in them).
 * `correlator[t]` are the chains of C(t), t = 0 … T - 1, measured together; t and T - t are averaged first, configuration
 * by configuration. One entry for each t with t + 1 <= T/2. Where there is no mass the estimate is a refusal that says so.
 */
export function effectiveMasses(correlator: readonly Chains[], options: GammaOptions = {}): EffectiveMass[] {
  const extent = correlator.length;
  const folded = Array.from({ length: Math.floor(extent / 2) + 1 }, (_, t) =>
    fold(correlator[t] ?? [], correlator[(extent - t) % extent] ?? []),
  );
  return folded.slice(0, -1).map((now, t) => {
    const pair = [now, folded[t + 1]!];
    const mass = (f: (now: number, next: number) => number): Estimated => {
      const [a, b] = pair.map(meanOf) as [number, number];
      if (Number.isFinite(f(a, b))) return gammaMethodDerived(pair, (means) => f(means[0]!, means[1]!), options);
      const reason = `no effective mass: C(${t})/C(${t + 1}) is ${(a / b).toPrecision(3)}`;
      return { refused: true, method: "gamma", reason, mean: Number.NaN, n: countOf(now) };
    };
    return {
      t,
      cosh: mass((a, b) => coshMass(a, b, t, extent)),
      log: mass(logMass),
    };
  });
}

const fold = (a: Chains, b: Chains): Float64Array[] =>
  a.map((chain, r) =>
    Float64Array.from({ length: chain.length }, (_, i) => (chain[i]! + (b[r]?.[i] ?? Number.NaN)) / 2),
  );
