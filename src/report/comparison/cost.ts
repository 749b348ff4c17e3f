import { type Estimated, meanOf, medianWithError, type ValueWithError } from "../../statistics/index.ts";
import type { MemberRecord, Started, Stepped, Tuned } from "../../storage/run-directory/record.ts";
import { lossOf } from "../training.ts";

/** Some updates of a run, and what they took. */
export interface Spent {
  readonly updates: number;
  /** Wall time, with what was learnt. */
  readonly seconds: number;
  /** Force evaluations of the updates, where these count them. */
  readonly forces?: number;
  /** Solver iterations of the updates and of what was learnt, where there are sea quarks. */
  readonly iterations?: number;
}

/** What the updates of a contestant cost, over all its replicas. */
export interface UpdateCost {
  /** Median wall time of a production update in seconds, without measurements; no error below ten updates. */
  readonly seconds: { readonly median: number; readonly error?: number };
  /** Mean over median: above 1 where some updates take far longer than others, or the machine had other work. */
  readonly meanOverMedian: number;
  /** Force evaluations of a production update, where its updates count them. */
  readonly forces?: ValueWithError;
  /** Solver iterations of a production update, where it has sea quarks. */
  readonly iterations?: ValueWithError;
  /** All of the thermalisation, with what was learnt in it. */
  readonly thermalisation: Spent;
  /** The part of the thermalisation in which something was trained; absent where nothing was. */
  readonly training?: Spent & { readonly firstLoss?: number; readonly lastLoss?: number };
  /** "Node 20.20.0 on A processor"; several where the chains ran on several. */
  readonly machines: readonly string[];
  /** Worker threads of a chain. */
  readonly workers: readonly number[];
}

/** What the events of some replicas tell about their cost. */
export function updateCost(members: readonly MemberRecord[]): UpdateCost {
  const steps = members.flatMap(({ events }) => events.filter((event) => event.type === "stepped"));
  const production = steps.filter(({ phase }) => phase === "production");
  const thermalisation = steps.filter(({ phase }) => phase === "thermalise");
  const times = production.map(({ seconds }) => seconds);
  const seconds = medianWithError(times);
  const starts = members.flatMap(({ events }) => events.filter((event): event is Started => event.type === "started"));
  const unique = <T>(values: readonly T[]) => [...new Set(values)];
  return {
    seconds,
    meanOverMedian: meanOf([times]) / seconds.median,
    ...meanCount("forces", production),
    ...meanCount("iterations", production),
    thermalisation: spent(thermalisation),
    ...trainingOf(members),
    machines: unique(starts.map(({ machine }) => `${machine.cpu}, ${machine.runtime}`)),
    workers: unique(starts.map(({ workers }) => workers)),
  };
}

const spent = (steps: readonly Stepped[]): Spent => ({
  updates: steps.length,
  seconds: sumOf(steps.map(({ seconds }) => seconds)),
  ...totalCount("forces", steps),
  ...totalCount("iterations", steps),
});

const sumOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

/** Sum of what updates count; absent where none of them counts it. */
function totalCount<Key extends "forces" | "iterations">(key: Key, steps: readonly Stepped[]): { [K in Key]?: number } {
  const counts = steps.flatMap((step) => step[key] ?? []);
  return (counts.length > 0 ? { [key]: sumOf(counts) } : {}) as { [K in Key]?: number };
}

/** Mean of what updates count; those that count nothing have none of it. */
function meanCount<Key extends "forces" | "iterations">(key: Key, production: readonly Stepped[]) {
  if (production.every((step) => step[key] === undefined)) return {};
  const counts = production.map((step) => step[key] ?? 0);
  const mean = sumOf(counts) / counts.length;
  const squares = sumOf(counts.map((x) => (x - mean) ** 2));
  return { [key]: { mean, error: Math.sqrt(squares) / counts.length } } as { [K in Key]: ValueWithError };
}

/** The last part of the thermalisation, where the run says so, and all updates after which a loss was told. */
function trainingOf(members: readonly MemberRecord[]): { training?: NonNullable<UpdateCost["training"]> } {
  const losses: number[] = [];
  const steps = members.flatMap(({ events }) => {
    const started = events.find((event): event is Started => event.type === "started");
    const told = new Set<number>();
    for (const event of events) {
      const loss = event.type === "tuned" && !event.frozen ? lossOf(event.parameters) : undefined;
      if (loss === undefined) continue;
      losses.push(loss);
      told.add((event as Tuned).trajectory);
    }
    const first = (started?.thermalise ?? Infinity) - (started?.training ?? 0);
    return events.filter(
      (event): event is Stepped =>
        event.type === "stepped" &&
        event.phase === "thermalise" &&
        (event.trajectory > first || told.has(event.trajectory)),
    );
  });
  if (steps.length === 0) return {};
  const [firstLoss] = losses;
  return { training: { ...spent(steps), ...(firstLoss !== undefined && { firstLoss, lastLoss: losses.at(-1)! }) } };
}

/**
 * What one independent configuration costs: 2 tau_int updates. Measured every n updates, tau_int counts in these, so that
 * below n updates the cost is that of the distance between two measurements.
 */
export type Cost =
  | {
      readonly refused: false;
      /** tau_int in updates. */
      readonly tauInt: ValueWithError;
      readonly seconds: ValueWithError;
      readonly forces?: ValueWithError;
      readonly iterations?: ValueWithError;
    }
  | { readonly refused: true; readonly reason: string };

/** Cost for one observable, measured every so many updates. Refused where tau_int or the time has no error. */
export function costOf(estimated: Estimated, every: number, { seconds, forces, iterations }: UpdateCost): Cost {
  if (estimated.refused) return { refused: true, reason: estimated.reason };
  if (estimated.tauIntError === 0)
    return {
      refused: true,
      reason: `no cost: all ${estimated.n} measurements are equal, so nothing is known of tau_int`,
    };
  if (seconds.error === undefined)
    return { refused: true, reason: "no cost: the time of an update needs at least ten of them for an error" };
  const tauInt = { mean: every * estimated.tauInt, error: every * estimated.tauIntError };
  const two = { mean: 2 * tauInt.mean, error: 2 * tauInt.error };
  return {
    refused: false,
    tauInt,
    seconds: product(two, { mean: seconds.median, error: seconds.error }),
    ...(forces && { forces: product(two, forces) }),
    ...(iterations && { iterations: product(two, iterations) }),
  };
}

/** Product of independent numbers. */
function product(a: ValueWithError, b: ValueWithError): ValueWithError {
  return { mean: a.mean * b.mean, error: Math.hypot(a.error * b.mean, b.error * a.mean) };
}

/** Quotient of independent numbers. */
export function quotient(a: ValueWithError, b: ValueWithError): ValueWithError {
  const mean = a.mean / b.mean;
  return { mean, error: Math.abs(mean) * Math.hypot(a.error / a.mean, b.error / b.mean) };
}
