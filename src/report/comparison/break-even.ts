import type { ValueWithError } from "../../statistics/index.ts";
import type { Comparison } from "./compare.ts";

/** When a training has paid for itself. */
export interface BreakEven {
  /** The observable that costs the first run most among those that both have a cost for. */
  readonly observable: string;
  /** Independent configurations of it after which training and production together are cheaper than the first run. */
  readonly configurations: ValueWithError;
}

/**
 * When the training of a run has paid for itself against the first run of the comparison, its seconds over the seconds saved
 * an independent configuration; undefined for a run without a training, and where it is not cheaper by two errors.
 */
export function breakEven({ runs, observables }: Comparison, run: number): BreakEven | undefined {
  const training = runs[run]?.cost.training;
  if (!training || run === 0) return undefined;
  const both = observables.flatMap(({ name, values }) => {
    const [ours, theirs] = [values[run]?.cost, values[0]?.cost];
    return ours && theirs && !ours.refused && !theirs.refused
      ? [{ name, ours: ours.seconds, theirs: theirs.seconds }]
      : [];
  });
  const [first] = both;
  if (!first) return undefined;
  const { name, ours, theirs } = both.reduce((a, b) => (b.theirs.mean > a.theirs.mean ? b : a), first);
  const saved = { mean: theirs.mean - ours.mean, error: Math.hypot(theirs.error, ours.error) };
  if (saved.mean < 2 * saved.error) return undefined;
  const mean = training.seconds / saved.mean;
  return { observable: name, configurations: { mean, error: mean * (saved.error / saved.mean) } };
}
