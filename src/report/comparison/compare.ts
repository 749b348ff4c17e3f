import type { Estimated, ValueWithError } from "../../statistics/index.ts";
import type { Quantity } from "../analysis.ts";
import { refusal } from "../estimates.ts";
import type { UpdateSummary } from "../updates.ts";
import { type Agreement, agreement, type Summary, summarise } from "./agreement.ts";
import { type Caution, cautions } from "./cautions.ts";
import type { Contestant } from "./contestants.ts";
import { type Cost, costOf, quotient, type UpdateCost, updateCost } from "./cost.ts";

/** Runs beside each other: do they agree, and what does an independent configuration cost? Plain data. */
export interface Comparison {
  /** In the order in which they were given; costs are relative to the first. */
  readonly runs: readonly ComparedRun[];
  readonly observables: readonly ComparedObservable[];
  readonly agreement: Summary;
  /** What keeps the comparison from being fair, one sentence each. */
  readonly cautions: readonly Caution[];
}

export interface ComparedRun {
  readonly name: string;
  readonly directory: string;
  readonly group?: string;
  readonly lattice?: readonly number[];
  /** Labels of the chains that were merged. */
  readonly members: readonly string[];
  readonly updates: UpdateSummary;
  readonly cost: UpdateCost;
}

export interface ComparedObservable {
  readonly observable: string;
  readonly label: string;
  readonly flowTime?: number;
  /** "plaquette", "Re P", "Q (clover) at t = 1" */
  readonly name: string;
  /** One a run; undefined where the run did not measure it. */
  readonly values: readonly (ComparedValue | undefined)[];
  readonly agreement: Agreement;
}

export interface ComparedValue {
  readonly estimated: Estimated;
  /** Updates between two measurements. */
  readonly every?: number;
  readonly cost: Cost;
  /** Cost in time over that of the first run, where both are known. */
  readonly relative?: ValueWithError;
}

/**
 * Compares runs by their events alone. Whether they have one target, and so have to agree, is for the caller to know.
 * Throws a RangeError with fewer than two.
 */
export function compareRuns(contestants: readonly Contestant[]): Comparison {
  if (contestants.length < 2) throw new RangeError("a comparison needs two runs or more");
  const runs = contestants.map(
    ({ name, directory, group, lattice, point, members }): ComparedRun => ({
      name,
      directory,
      ...(group === undefined ? {} : { group }),
      ...(lattice === undefined ? {} : { lattice }),
      members: point.members,
      updates: point.updates,
      cost: updateCost(members),
    }),
  );
  const names = [...new Set(contestants.flatMap(({ point }) => point.quantities.map(({ name }) => name)))];
  const observables = names.map((name) => comparedObservable(name, contestants, runs));
  return { runs, observables, agreement: summarise(observables), cautions: cautions(contestants, runs, observables) };
}

function comparedObservable(
  name: string,
  contestants: readonly Contestant[],
  runs: readonly ComparedRun[],
): ComparedObservable {
  const found = contestants.map(({ point }) => strict(point.quantities.find((one) => one.name === name)));
  const costs = found.map((quantity, i) => quantity && costOf(quantity.estimated, quantity.every ?? 1, runs[i]!.cost));
  const first = costs[0];
  const values = found.map((quantity, i): ComparedValue | undefined => {
    const cost = costs[i];
    if (!quantity || !cost) return undefined;
    const { estimated, every } = quantity;
    const relative =
      i > 0 && first && !first.refused && !cost.refused ? quotient(cost.seconds, first.seconds) : undefined;
    return { estimated, ...(every === undefined ? {} : { every }), cost, ...(relative && { relative }) };
  });
  const { observable, label, flowTime } = found.find((quantity) => quantity !== undefined) as Quantity;
  return {
    observable,
    label,
    ...(flowTime === undefined ? {} : { flowTime }),
    name,
    values,
    agreement: agreement(found.map((quantity) => quantity?.estimated)),
  };
}

/**
 * Fewest measurements that a comparison takes an error from. With fewer, an error that came out small by accident passes the
 * Gamma method's own limit, which is in units of a tau_int that came out as small.
 */
const fewest = 50;

function strict(quantity: Quantity | undefined): Quantity | undefined {
  if (!quantity || quantity.estimated.refused || quantity.estimated.n >= fewest) return quantity;
  const { n, mean } = quantity.estimated;
  const reason = `the chain is too short: ${n} measurements, and errors are compared from ${fewest} on`;
  return { ...quantity, estimated: refusal("gamma", reason, n, mean) };
}
