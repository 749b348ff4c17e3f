import { lossOf, runningMeans } from "../../report/training.ts";
import type { RunEvent, Started } from "../../sampling/events.ts";
import { type RunningMean, runningMean } from "../../statistics/index.ts";

/** One chain as its events tell it. */
interface ChainState {
  /** Updates done, and done before this process took it up. */
  done: number;
  before: number;
  total: number;
  phase: "thermalise" | "production";
  finished: boolean;
  decided: number;
  accepted: number;
  readonly plaquette: RunningMean;
  /** Trajectories after which a guide is trained, until production; those of the whole thermalisation where none is. */
  readonly untrained: number;
  /** The loss of every trajectory that a guide learnt from. */
  readonly losses: number[];
}

/** What there is to see of a run at one moment. */
export interface ProgressView {
  readonly done: number;
  readonly total: number;
  readonly chains: number;
  readonly finishedChains: number;
  readonly phase: "thermalise" | "training" | "production";
  /** Fraction accepted in production, before that in thermalisation; undefined for updates without accept/reject. */
  readonly acceptance?: number;
  readonly deltaH?: number;
  /** Running mean of the loss while a guide is trained, over all chains, and of a single chain how it went so far. */
  readonly loss?: { readonly mean: number; readonly curve?: readonly number[] };
  /** Mean of the plaquette in production over all chains; none in a scan, whose chains differ. */
  readonly plaquette?: { readonly mean: number; readonly error?: number };
  readonly secondsLeft?: number;
  /** What the last update took: how long the screen stands still, and an interruption waits. */
  readonly secondsPerUpdate?: number;
}

/** Follows the events of a run. `expectedChains` counts those that have not begun yet too. */
export interface Progress {
  take(event: RunEvent, label: string): void;
  view(): ProgressView;
}

export function progress(expectedChains: number): Progress {
  const chains = new Map<string, ChainState>();
  let begin: number | undefined;
  let now = 0;
  let deltaH: number | undefined;
  let seconds: number | undefined;
  return {
    take(event, label) {
      begin ??= event.time;
      now = Math.max(now, event.time);
      if (event.type === "started") chains.set(label, freshChain(event));
      const chain = chains.get(label);
      if (!chain) return;
      if (event.type === "stepped") {
        step(chain, event);
        deltaH = event.deltaH ?? deltaH;
        seconds = event.seconds;
      } else if (event.type === "tuned") {
        const loss = lossOf(event.parameters);
        if (loss !== undefined && Number.isFinite(loss)) chain.losses.push(loss);
      } else if (event.type === "measured") {
        const value = event.name === "plaquette" && event.flowTime === undefined ? event.values[0] : undefined;
        if (value !== undefined && event.phase === "production") chain.plaquette.push(value);
      } else if (event.type === "finished") chain.finished = !event.interrupted;
    },
    view: () => {
      const list = [...chains.values()];
      const elapsed = (now - (begin ?? now)) / 1000;
      const scan = [...chains.keys()].some((label) => label.startsWith("value-"));
      return {
        ...totals(list, expectedChains, elapsed),
        ...(deltaH === undefined ? {} : { deltaH }),
        ...(seconds === undefined ? {} : { secondsPerUpdate: seconds }),
        ...acceptance(list),
        ...lossSoFar(list),
        ...(scan ? {} : plaquette(list)),
      };
    },
  };
}

const freshChain = ({ trajectory, thermalise, training = 0, trajectories }: Started): ChainState => ({
  done: trajectory,
  before: trajectory,
  total: thermalise + trajectories,
  untrained: thermalise - training,
  losses: [],
  phase: "thermalise",
  finished: false,
  decided: 0,
  accepted: 0,
  plaquette: runningMean(),
});

function step(chain: ChainState, event: Extract<RunEvent, { type: "stepped" }>): void {
  chain.done = event.trajectory;
  // Acceptance before the step size is frozen says nothing about the run, so production begins counting anew.
  if (event.phase !== chain.phase) Object.assign(chain, { phase: event.phase, decided: 0, accepted: 0 });
  const share = event.accepted === undefined ? event.acceptance : Number(event.accepted);
  if (share === undefined) return;
  chain.decided += 1;
  chain.accepted += share;
}

/** Seconds before which the time left is not worth a guess: the first update compiles. */
const soonest = 1;

function totals(chains: readonly ChainState[], expectedChains: number, elapsed: number) {
  const sum = (of: (chain: ChainState) => number) => chains.reduce((total, chain) => total + of(chain), 0);
  const known = sum((chain) => chain.total);
  const waiting = Math.max(0, expectedChains - chains.length);
  const total = chains.length === 0 ? 0 : known + (waiting * known) / chains.length;
  const done = sum((chain) => chain.done);
  const fresh = sum((chain) => chain.done - chain.before);
  const phase = chains.some((chain) => chain.phase === "production")
    ? ("production" as const)
    : chains.some(isTraining)
      ? ("training" as const)
      : ("thermalise" as const);
  return {
    done,
    total,
    chains: Math.max(expectedChains, chains.length),
    finishedChains: chains.filter((chain) => chain.finished).length,
    phase,
    ...(fresh > 0 && elapsed >= soonest ? { secondsLeft: ((total - done) * elapsed) / fresh } : {}),
  };
}

const isTraining = ({ done, untrained, losses }: ChainState) => done > untrained && losses.length > 0;

function lossSoFar(chains: readonly ChainState[]): Pick<ProgressView, "loss"> {
  const learning = chains.filter((chain) => chain.phase === "thermalise" && chain.losses.length > 0);
  const [only] = learning;
  if (!only) return {};
  const curves = learning.map(({ losses }) => runningMeans(losses));
  const last = curves.map((curve) => curve[curve.length - 1]!);
  const mean = last.reduce((sum, x) => sum + x, 0) / last.length;
  return { loss: chains.length === 1 ? { mean, curve: curves[0]! } : { mean } };
}

function acceptance(chains: readonly ChainState[]): { acceptance?: number } {
  const decided = chains.reduce((sum, chain) => sum + chain.decided, 0);
  const accepted = chains.reduce((sum, chain) => sum + chain.accepted, 0);
  return decided === 0 ? {} : { acceptance: accepted / decided };
}

/** Chains are independent, so means add with their counts and errors in quadrature. */
function plaquette(chains: readonly ChainState[]): { plaquette?: { mean: number; error?: number } } {
  const estimates = chains.map((chain) => chain.plaquette.estimate()).filter(({ n }) => n > 0);
  const n = estimates.reduce((sum, estimate) => sum + estimate.n, 0);
  if (n === 0) return {};
  const mean = estimates.reduce((sum, estimate) => sum + (estimate.n / n) * estimate.mean, 0);
  if (estimates.some(({ error }) => error === undefined)) return { plaquette: { mean } };
  const variance = estimates.reduce((sum, estimate) => sum + ((estimate.n / n) * estimate.error!) ** 2, 0);
  return { plaquette: { mean, error: Math.sqrt(variance) } };
}
