import { combine, type Estimated, pull } from "../../statistics/index.ts";

/** Pulls beyond this are told of. */
export const significant = 3;

/** How one observable of two runs differs. */
export interface Pull {
  /** Numbers of the runs in the comparison. */
  readonly a: number;
  readonly b: number;
  /** (b - a) over the combined error. */
  readonly pull: number;
}

/** Do the runs agree on one observable? */
export interface Agreement {
  /** Every pair of runs with errors. */
  readonly pulls: readonly Pull[];
  /** The pairs beyond three standard deviations. */
  readonly disagree: readonly Pull[];
  /** Of all runs with their weighted mean; absent with fewer than two errors above 0. */
  readonly test?: { readonly chiSquared: number; readonly dof: number; readonly pValue: number };
}

/**
 * Compares estimates of one observable from independent runs (undefined where it was not measured). An error of 0 is
 * that of a constant: it agrees with nothing but itself up to rounding, and takes no part in the chi-squared; so is one
 * that is no more than rounding (the filling of a half-filled band).
 */
export function agreement(estimates: readonly (Estimated | undefined)[]): Agreement {
  const known = estimates.flatMap((one, run) =>
    one && !one.refused ? [{ run, mean: one.mean, error: one.error }] : [],
  );
  const pulls = known.flatMap((a, i) =>
    known.slice(i + 1).map((b): Pull => ({ a: a.run, b: b.run, pull: isRounding(a, b) ? 0 : pull(b, a) })),
  );
  const disagree = pulls.filter((one) => Math.abs(one.pull) > significant);
  const weighted = known.filter(({ mean, error }) => error > ROUNDING * Math.abs(mean));
  if (weighted.length < 2) return { pulls, disagree };
  const { chiSquared, q } = combine(weighted);
  return { pulls, disagree, test: { chiSquared, dof: weighted.length - 1, pValue: q } };
}

/** Relative size of what sums of many terms lose. */
const ROUNDING = 1e-13;

/** Two constants whose difference is no more than rounding. */
function isRounding(a: Known, b: Known): boolean {
  const least = ROUNDING * Math.max(Math.abs(a.mean), Math.abs(b.mean));
  return a.error <= least && b.error <= least && Math.abs(a.mean - b.mean) <= least;
}

interface Known {
  readonly mean: number;
  readonly error: number;
}

/** All observables together. */
export interface Summary {
  /** Observables that could be tested. */
  readonly tested: number;
  /** The one with the smallest probability. */
  readonly worst?: { readonly name: string; readonly pValue: number };
  /**
   * Probability that the worst of so many observables is as bad as this: at most this, also where observables fluctuate
   * together (Bonferroni). Suspicious below 0.01.
   */
  readonly pValue?: number;
}

/** The verdict on all observables of a comparison. */
export function summarise(observables: readonly { readonly name: string; readonly agreement: Agreement }[]): Summary {
  const tests = observables.flatMap(({ name, agreement: { test } }) => (test ? [{ name, pValue: test.pValue }] : []));
  const [first] = tests;
  if (!first) return { tested: 0 };
  const worst = tests.reduce((a, b) => (b.pValue < a.pValue ? b : a), first);
  return { tested: tests.length, worst, pValue: Math.min(1, tests.length * worst.pValue) };
}
