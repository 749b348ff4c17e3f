import { meanWindow } from "../numerics/mean-window.ts";
import type { MemberRecord, RunEvent, Tuned } from "../storage/run-directory/record.ts";

/** What the training of a guide did in one chain. */
export interface ChainTraining {
  readonly label: string;
  /** The loss of every trajectory that was learnt from, but of one that broke the training. */
  readonly losses: readonly { readonly trajectory: number; readonly loss: number }[];
  /** Running means of them, over a tenth of the training and at most 100 of them. */
  readonly means: readonly number[];
  /** What was frozen, by name; empty where it has not ended or was too much to be told. */
  readonly weights: Readonly<Record<string, number>>;
  /** Wall time of the trajectories learnt from. */
  readonly seconds: number;
}

/** In a mixture of updates the number of the update stands in front; where a level is fitted besides, the word "model". */
const lossKey = /^(\d+\.)?(model\.)?loss$/;
/** Of guides of links, and the blocks of models of spins. */
const weightKey = /^(\d+\.)?(guide-\d+\.|(model\.)?(layer-\d+\.|couplings\[|constant\[))/;

/** The loss in what an update told while it was tuned, if it has one. */
export const lossOf = (parameters: Tuned["parameters"]): number | undefined =>
  Object.entries(parameters).find(([key]) => lossKey.test(key))?.[1];

export const isWeight = (key: string): boolean => weightKey.test(key);

/** The training of every chain that had one. */
export function trainingOf(members: readonly Pick<MemberRecord, "label" | "events">[]): ChainTraining[] {
  return members.flatMap(({ label, events }) => {
    const tuned = events.filter((event) => event.type === "tuned");
    const losses = tuned.flatMap(({ parameters, trajectory }) => {
      const loss = lossOf(parameters);
      return loss === undefined || !Number.isFinite(loss) ? [] : [{ trajectory, loss }];
    });
    if (losses.length === 0) return [];
    const frozen = tuned.findLast((event) => event.frozen)?.parameters ?? {};
    return {
      label,
      losses,
      means: runningMeans(losses.map(({ loss }) => loss)),
      weights: Object.fromEntries(Object.entries(frozen).filter(([key]) => isWeight(key))),
      seconds: secondsOf(events, new Set(losses.map(({ trajectory }) => trajectory))),
    };
  });
}

const secondsOf = (events: readonly RunEvent[], learnt: ReadonlySet<number>): number =>
  events.reduce(
    (sum, event) => sum + (event.type === "stepped" && learnt.has(event.trajectory) ? event.seconds : 0),
    0,
  );

/** Means over a window of a tenth of all values, 100 at most, that reaches back; at the beginning over what there is. */
export function runningMeans(values: readonly number[]): number[] {
  const window = meanWindow(values.length);
  return values.map((_, i) => {
    // summed anew each time: what a single huge loss leaves in a running sum would stay there
    const recent = values.slice(Math.max(0, i + 1 - window), i + 1);
    return recent.reduce((sum, x) => sum + x, 0) / recent.length;
  });
}

/** "13.2 to 0.91 in 1500 trajectories": from the first tenth to the last. */
export function lossText({ means, losses }: ChainTraining): string {
  const [first, last] = [means[meanWindow(losses.length) - 1]!, means[means.length - 1]!];
  return `${short(first)} to ${short(last)} in ${losses.length} ${losses.length === 1 ? "trajectory" : "trajectories"}`;
}

const short = (x: number) => String(Number(x.toPrecision(3)));
