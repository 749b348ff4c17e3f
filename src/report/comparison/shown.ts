import type { ComparedObservable, Comparison } from "./compare.ts";

/** Values of one observable that are shown; there are too many Wilson loops and times of correlators. */
const shownOfOne = 4;

/** Those that are shown: a few of every observable, and every one on which the runs disagree. */
export function shownObservables({ observables }: Comparison): ComparedObservable[] {
  const seen = new Map<string, number>();
  return observables.filter(({ observable, flowTime, values, agreement }) => {
    if (agreement.disagree.length > 0) return true;
    if (values.every((value) => !value || (!value.estimated.refused && value.estimated.error === 0))) return false;
    const family = `${observable} ${flowTime === undefined}`;
    const count = (seen.get(family) ?? 0) + 1;
    seen.set(family, count);
    return count <= shownOfOne;
  });
}
