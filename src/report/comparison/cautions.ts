import type { MemberRecord, Started } from "../../storage/run-directory/record.ts";
import { observableTitle } from "../names.ts";
import { stateOf } from "../page/provenance.ts";
import { stuckNote } from "../summary.ts";
import type { ComparedObservable, ComparedRun } from "./compare.ts";
import type { Contestant } from "./contestants.ts";

/** Something a reader must know before believing a comparison. */
export interface Caution {
  readonly kind:
    | "statistics"
    | "machine"
    | "workers"
    | "concurrent"
    | "uneven"
    | "seed"
    | "unfinished"
    | "stuck"
    | "distance";
  readonly sentence: string;
}

/** Everything about some runs that is not alike and should be, or not as it should be. */
export function cautions(
  contestants: readonly Contestant[],
  runs: readonly ComparedRun[],
  observables: readonly ComparedObservable[],
): Caution[] {
  const found: (Caution | undefined)[] = [
    ...contestants.flatMap((one) => [unfinished(one), stuck(one)]),
    differing(runs, "statistics", "statistics", ({ updates }) => `${updates.production} production updates`),
    differing(runs, "machine", "machines, so that their times cannot be compared", ({ cost }) =>
      cost.machines.join(" and "),
    ),
    differing(runs, "workers", "numbers of worker threads", ({ cost }) => cost.workers.join(" and ")),
    uneven(runs),
    concurrent(contestants),
    ...sharedSeeds(contestants),
    ...distances(observables, runs),
  ];
  return found.filter((one) => one !== undefined);
}

function unfinished({ name, members }: Contestant): Caution | undefined {
  const states = [...new Set(members.map(({ events }) => stateOf(events)).filter((state) => state !== "finished"))];
  return states.length === 0
    ? undefined
    : { kind: "unfinished", sentence: `${name} is ${states.join(" and ")}: it is compared as far as it went` };
}

function stuck({ name, point, members }: Contestant): Caution | undefined {
  const note = stuckNote(point.updates, members.length);
  return note === undefined ? undefined : { kind: "stuck", sentence: `${name}: ${note}` };
}

/** Mean times this far above the median are no accident. */
const unevenRatio = 1.5;

function uneven(runs: readonly ComparedRun[]): Caution | undefined {
  const found = runs.filter(({ cost }) => cost.meanOverMedian > unevenRatio);
  if (found.length === 0) return undefined;
  const list = found.map(({ name, cost }) => `${name}: ${cost.meanOverMedian.toFixed(1)} times`).join("; ");
  return {
    kind: "uneven",
    sentence: `the mean time of an update is far above the median, by which costs are counted (${list}); the machine had other work, or some updates take much longer than others`,
  };
}

function differing(
  runs: readonly ComparedRun[],
  kind: Caution["kind"],
  what: string,
  pick: (run: ComparedRun) => string,
): Caution | undefined {
  const values = runs.map(pick);
  if (new Set(values).size === 1) return undefined;
  const list = runs.map(({ name }, i) => `${name}: ${values[i] || "unknown"}`).join("; ");
  return { kind, sentence: `the runs have different ${what} (${list})` };
}

/** Seconds by which two chains may overlap by the rounding of their clocks. */
const sameMoment = 0.5;

/** Chains that ran at the same time have shared the machine, and their times say little. */
function concurrent(contestants: readonly Contestant[]): Caution | undefined {
  const spans = contestants
    .flatMap(({ name, members }) => members.flatMap((member) => spansOf(member).map((span) => ({ name, ...span }))))
    .sort((a, b) => a.begin - b.begin);
  const names = new Set<string>();
  let last = spans[0];
  for (const span of spans.slice(1)) {
    if (last && span.begin < last.end - 1000 * sameMoment) names.add(last.name).add(span.name);
    if (!last || span.end > last.end) last = span;
  }
  if (names.size === 0) return undefined;
  const list = [...names].join(", ");
  return {
    kind: "concurrent",
    sentence: `chains ran at the same time on one machine, which makes them slower: ${list}`,
  };
}

/** From every start or resumption of a chain to its last event before the next, in milliseconds. */
function spansOf({ events }: MemberRecord): { begin: number; end: number }[] {
  const spans: { begin: number; end: number }[] = [];
  for (const { type, time } of events)
    if (type === "started") spans.push({ begin: time, end: time });
    else if (spans.length > 0) spans.at(-1)!.end = time;
  return spans;
}

/** Chains with one seed and one number draw the same random numbers, and are not independent. */
function sharedSeeds(contestants: readonly Contestant[]): Caution[] {
  const owners = new Map<string, string[]>();
  for (const { name, members } of contestants)
    for (const { chain, events } of members) {
      const seed = events.find((event): event is Started => event.type === "started")?.seed;
      if (seed === undefined) continue;
      const key = JSON.stringify([seed, chain]);
      owners.set(key, [...(owners.get(key) ?? []), name]);
    }
  const shared = new Set([...owners.values()].filter((names) => names.length > 1).map((names) => names.join(" and ")));
  return [...shared].map((names) => ({
    kind: "seed",
    sentence: `${names} have the same seed and draw the same random numbers: they are not independent, and differ less than their errors say`,
  }));
}

/** One sentence an observable; its values are measured together. */
function distances(observables: readonly ComparedObservable[], runs: readonly ComparedRun[]): Caution[] {
  const names = [...new Set(observables.map(({ observable }) => observable))];
  return names.flatMap((name): Caution[] => {
    const { values } = observables.find(({ observable }) => observable === name)!;
    const known = values.flatMap((value, i) =>
      value?.every === undefined ? [] : [{ every: value.every, run: runs[i]!.name }],
    );
    if (new Set(known.map(({ every }) => every)).size < 2) return [];
    const list = known.map(({ every, run }) => `${run}: every ${every}`).join("; ");
    const title = observableTitle(name);
    const sentence = `${title} was measured at different distances (${list} updates), and a cost cannot be seen below that of one distance`;
    return [{ kind: "distance", sentence }];
  });
}
