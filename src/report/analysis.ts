import type { Estimated } from "../statistics/index.ts";
import type { MemberRecord, RunRecord, ScanPoint } from "../storage/run-directory/record.ts";
import { analyseCorrelators, type CorrelatorAnalysis } from "./correlator.ts";
import { derivedSeries } from "./derived-series.ts";
import { estimate } from "./estimates.ts";
import { analyseFlow, type FlowAnalysis } from "./flow.ts";
import { quantityName, scanNames, scanValue } from "./names.ts";
import { collectSeries, type Kinds, measuredEvery, productionValues, type Series } from "./series.ts";
import { spinQuantities, temperatureOf } from "./spin-quantities.ts";
import { summariseUpdates, type UpdateSummary } from "./updates.ts";

/** One number with its error, from the production phase of all replicas. */
export interface Quantity {
  readonly observable: string;
  readonly label: string;
  readonly flowTime?: number;
  /** How it is written: "plaquette", "Re P", "Q (clover) at t = 1". */
  readonly name: string;
  readonly estimated: Estimated;
  /** Updates between two measurements; tau_int is in units of this. */
  readonly every?: number;
  /** What it comes from. */
  readonly series: Series;
  /** A function of means: `series` is not its history. */
  readonly derived?: true;
}

/** Everything at one value of a scan; a run without a scan has one. */
export interface PointAnalysis {
  readonly scan: ScanPoint;
  /** "β = 5.6"; empty without a scan. */
  readonly name: string;
  /** Labels of the replicas that were merged. */
  readonly members: readonly string[];
  readonly updates: UpdateSummary;
  /** Along the flow only those at its end; the curves are in `flow`. */
  readonly quantities: readonly Quantity[];
  readonly flow: readonly FlowAnalysis[];
  /** Correlators in time with their effective masses. */
  readonly correlators: readonly CorrelatorAnalysis[];
}

/** A run directory, evaluated. */
export interface Analysis {
  readonly title: string;
  readonly group?: string;
  /** "O(3)", "XY", "Ising" of a run of spins. */
  readonly spins?: string;
  readonly lattice?: readonly number[];
  /** Keys of the run file that were scanned, and how they are written. */
  readonly scanned: readonly { readonly key: string; readonly name: string }[];
  readonly points: readonly PointAnalysis[];
}

/** Estimates, acceptance, energy violation, cost and flow scales of a run, from its events alone. */
export function analyse(record: RunRecord): Analysis {
  const { settings } = record;
  const lattice = isNumbers(settings.lattice) ? settings.lattice : undefined;
  const keys = [...new Set(record.members.flatMap(({ scan }) => Object.keys(scan)))];
  const names = scanNames(keys);
  const kinds = kindsOf(settings.measure);
  const scanned = keys.map((key, i) => ({ key, name: names[i] as string }));
  return {
    title: runTitle(record),
    ...(typeof settings.group === "string" && { group: settings.group }),
    ...(typeof settings.spins === "string" && { spins: settings.spins }),
    ...(lattice && { lattice }),
    scanned,
    points: groupByScan(record.members).map((members) => analysePoint(members, lattice, scanned, kinds, settings)),
  };
}

/** `[measure.pion-heavy] observable = "pion-correlator"`: what is measured under names of their own. */
function kindsOf(measure: unknown): Kinds {
  if (typeof measure !== "object" || measure === null) return {};
  return Object.fromEntries(
    Object.entries(measure as Record<string, { observable?: unknown } | number>).flatMap(([name, part]) =>
      typeof part === "object" && typeof part?.observable === "string" ? [[name, part.observable]] : [],
    ),
  );
}

/** The title of the run file, or the name of the directory. */
function runTitle({ settings, directory }: RunRecord): string {
  if (typeof settings.title === "string" && settings.title.trim() !== "") return settings.title;
  return (
    directory
      .replace(/[/\\]+$/, "")
      .split(/[/\\]/)
      .pop() || directory
  );
}

/** Members with the same scanned values are replicas of each other. */
export function groupByScan(members: readonly MemberRecord[]): MemberRecord[][] {
  const groups = new Map<string, MemberRecord[]>();
  for (const member of members) {
    const key = JSON.stringify(Object.entries(member.scan).sort());
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [...groups.values()];
}

function analysePoint(
  members: readonly MemberRecord[],
  lattice: readonly number[] | undefined,
  scanned: Analysis["scanned"],
  kinds: Kinds,
  settings: RunRecord["settings"],
): PointAnalysis {
  const measured = collectSeries(members, kinds);
  const flowEnd = measured.reduce((last, { flowTime }) => Math.max(last, flowTime ?? 0), 0);
  const shown = measured.filter(({ flowTime }) => flowTime === undefined || flowTime === flowEnd);
  const scan = members[0]?.scan ?? {};
  const extents = isNumbers(scan.lattice) ? scan.lattice : lattice;
  const volume = extents?.reduce((a, b) => a * b, 1);
  const ofSpins = extents ? spinQuantities(shown, { extents, temperature: temperatureOf(settings.action, scan) }) : [];
  return {
    scan,
    name: scanned.flatMap(({ key, name }) => (key in scan ? `${name} = ${scanValue(scan[key])}` : [])).join(", "),
    members: members.map(({ label }) => label),
    updates: summariseUpdates(members, settings.update),
    quantities: [
      ...inOrder([...shown, ...derivedSeries(shown, volume)]).flatMap(quantity),
      ...ofSpins.map(
        (one): Quantity => ({
          ...one,
          name: quantityName(one.observable, one.label),
          ...everyOf(one.series),
          derived: true,
        }),
      ),
    ],
    flow: analyseFlow(measured),
    correlators: analyseCorrelators(measured),
  };
}

/** Observables in the order of their first measurement, each with its values together and those along the flow behind. */
function inOrder(series: readonly Series[]): Series[] {
  const observables = [...new Set(series.map(({ observable }) => observable))];
  const rank = ({ observable, flowTime }: Series) =>
    observables.indexOf(observable) + (flowTime === undefined ? 0 : 0.5);
  return [...series].sort((a, b) => rank(a) - rank(b));
}

function quantity(series: Series): Quantity[] {
  const chains = productionValues(series);
  if (chains.length === 0) return [];
  const { observable, label, flowTime } = series;
  return [
    {
      observable,
      label,
      ...(flowTime === undefined ? {} : { flowTime }),
      name: quantityName(observable, label, flowTime),
      estimated: estimate(chains),
      ...everyOf(series),
      series,
    },
  ];
}

function everyOf(series: Series): { every?: number } {
  const every = measuredEvery(series);
  return every === undefined ? {} : { every };
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((x) => typeof x === "number");
