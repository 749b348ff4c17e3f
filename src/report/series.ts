import type { Measured, MemberRecord } from "../storage/run-directory/record.ts";
import type { Point } from "./figures/decimate.ts";

/** One number followed through a run: one value of an observable, at one flow time. */
export interface Series {
  /** Name of the observable: "wilson-loop". */
  readonly observable: string;
  /** Which observable that is, where it was measured under a name of its own. */
  readonly kind?: string;
  /** Which of its values: "W(1,1)". */
  readonly label: string;
  /** Set where it was measured along the gradient flow. */
  readonly flowTime?: number;
  /** One a replica, in the order of the members. */
  readonly replicas: readonly Replica[];
}

/** What one chain measured, x being the trajectory. */
export interface Replica {
  readonly chain: number;
  readonly thermalisation: readonly Point[];
  readonly production: readonly Point[];
}

/** The values of the production phase, one array a replica, as the statistics want them. */
export const productionValues = (series: Series): number[][] =>
  series.replicas.map(({ production }) => production.map(({ y }) => y)).filter((values) => values.length > 0);

interface Growing {
  readonly chain: number;
  readonly thermalisation: Point[];
  readonly production: Point[];
}

/** The observables that [measure] gives names of their own, by these names. */
export type Kinds = Readonly<Record<string, string>>;

/** All series of the members, which are replicas of each other, in the order in which they were first measured. */
export function collectSeries(members: readonly MemberRecord[], kinds: Kinds = {}): Series[] {
  const found = new Map<string, Omit<Series, "replicas"> & { readonly replicas: Growing[] }>();
  members.forEach((member, i) => {
    for (const event of member.events) {
      if (event.type !== "measured") continue;
      event.labels.forEach((label, k) => {
        const series = found.get(seriesKey(event, label)) ?? begin(found, members, event, label, kinds[event.name]);
        const replica = series.replicas[i] as Growing;
        replica[event.phase === "production" ? "production" : "thermalisation"].push({
          x: event.trajectory,
          y: event.values[k] as number,
        });
      });
    }
  });
  return [...found.values()];
}

function begin<T>(
  found: Map<string, T>,
  members: readonly MemberRecord[],
  event: Measured,
  label: string,
  kind: string | undefined,
) {
  const series = {
    observable: event.name,
    ...(kind === undefined ? {} : { kind }),
    label,
    ...(event.flowTime === undefined ? {} : { flowTime: roundedTime(event.flowTime) }),
    replicas: members.map(({ chain }): Growing => ({ chain, thermalisation: [], production: [] })),
  };
  found.set(seriesKey(event, label), series as T);
  return series;
}

/** Flow times are sums of steps; those that differ in the last digits are the same. */
const roundedTime = (t: number) => Number(t.toPrecision(10));

const seriesKey = ({ name, flowTime }: Measured, label: string) =>
  JSON.stringify([name, flowTime === undefined ? null : roundedTime(flowTime), label]);

/** A series computed value by value from others that were measured together. */
export function combine(
  parts: readonly Series[],
  observable: string,
  label: string,
  f: (...values: number[]) => number,
): Series {
  const [first] = parts;
  if (!first) throw new RangeError(`${observable}: combined from nothing`);
  const points = (i: number, phase: "thermalisation" | "production"): Point[] =>
    (first.replicas[i]?.[phase] ?? []).map(({ x }, k) => ({
      x,
      y: f(...parts.map((part) => part.replicas[i]?.[phase][k]?.y ?? Number.NaN)),
    }));
  return {
    observable,
    label,
    ...(first.flowTime === undefined ? {} : { flowTime: first.flowTime }),
    replicas: first.replicas.map(({ chain }, i) => ({
      chain,
      thermalisation: points(i, "thermalisation"),
      production: points(i, "production"),
    })),
  };
}

/** Trajectories between two measurements (the smallest distance seen), or undefined with fewer than two. */
export function measuredEvery({ replicas }: Series): number | undefined {
  let every = Infinity;
  for (const { production } of replicas)
    for (let i = 1; i < production.length; i++)
      every = Math.min(every, (production[i] as Point).x - (production[i - 1] as Point).x);
  return every === Infinity ? undefined : every;
}
