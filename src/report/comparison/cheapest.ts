import type { ValueWithError } from "../../statistics/index.ts";
import type { ComparedObservable, Comparison } from "./compare.ts";
import type { Cost } from "./cost.ts";

/** The run whose independent configurations cost least. */
export interface Cheapest {
  /** Its number in the comparison. */
  readonly run: number;
  /** The observable that decided, and the cost for it in seconds per independent configuration. */
  readonly observable: string;
  readonly seconds: ValueWithError;
  /** Runs that cost no more within two combined errors: between these and the cheapest the data do not decide. */
  readonly rivals: readonly number[];
  /** Runs whose cost is not known for an observable of which others know it. */
  readonly unknown: readonly number[];
}

type Known = Extract<Cost, { readonly refused: false }>;

/**
 * The cheapest run by the observable that costs it most, the one that decorrelates slowest; or by one observable, named
 * as in the tables ("plaquette", "Re P") or as in the run file ("polyakov-loop"). Observables of which no run has a cost
 * do not count. Throws a RangeError with a sentence for the user where the observable is unknown or no cost is known.
 */
export function cheapest(comparison: Comparison, by?: string): Cheapest {
  const asked = comparison.observables.filter(
    ({ name, observable }) => by === undefined || name === by || observable === by,
  );
  if (asked.length === 0) throw new RangeError(`no observable "${by}" was compared; there is ${listOf(comparison)}`);
  const counting = asked.filter(({ values }) => values.some((value) => value && !value.cost.refused));
  const runs = comparison.runs.map((_, run) => ({ run, most: mostExpensive(counting, run) }));
  const known = runs.flatMap(({ run, most }) => (most ? [{ run, ...most }] : []));
  const [first] = known;
  if (!first)
    throw new RangeError(
      `no run has a cost for ${by ?? "every observable that another has one for"}: its chains are too short; more trajectories, or another observable`,
    );
  const best = known.reduce((a, b) => (b.seconds.mean < a.seconds.mean ? b : a), first);
  const within = ({ seconds }: { readonly seconds: ValueWithError }) =>
    seconds.mean - best.seconds.mean <= 2 * Math.hypot(seconds.error, best.seconds.error);
  return {
    ...best,
    rivals: known.filter((one) => one !== best && within(one)).map(({ run }) => run),
    unknown: runs.flatMap(({ run, most }) => (most ? [] : [run])),
  };
}

/** The observable that costs a run most; undefined where the cost of one of them is not known. */
function mostExpensive(observables: readonly ComparedObservable[], run: number) {
  const costs = observables.map(({ name, values }) => ({ name, cost: values[run]?.cost }));
  const known = costs.flatMap(({ name, cost }) => (cost && !cost.refused ? [{ name, cost: cost as Known }] : []));
  const [first] = known;
  if (!first || known.length < costs.length) return undefined;
  const { name, cost } = known.reduce((a, b) => (b.cost.seconds.mean > a.cost.seconds.mean ? b : a), first);
  return { observable: name, seconds: cost.seconds };
}

const listOf = ({ observables }: Comparison): string =>
  [...new Set(observables.map(({ name }) => name))].slice(0, 12).join(", ");
