import {
  type Acceptance,
  acceptance,
  type Estimated,
  type ExpDeltaH,
  expDeltaH,
  expectedAcceptance,
} from "../statistics/index.ts";
import type { MemberRecord, Stepped, Tuned } from "../storage/run-directory/record.ts";
import { estimate, refusal } from "./estimates.ts";
import { guideMseOf } from "./guide-error.ts";
import { isWeight, lossText, trainingOf } from "./training.ts";

/** What the updates of the production phase did, over all replicas. */
export interface UpdateSummary {
  readonly thermalisation: number;
  readonly production: number;
  /** Of updates with an accept/reject step of the whole field. */
  readonly acceptance?: Acceptance;
  /** Mean of min(1, exp(-deltaH)): the same number with less noise than the decisions. */
  readonly acceptanceProbability?: Estimated;
  /** erfc(sqrt(<deltaH>)/2), to compare with. */
  readonly expectedAcceptance?: number;
  /** Of self-learning Monte Carlo: the mean squared error of the effective action, see guide-error.ts. */
  readonly guideMse?: Estimated;
  /** Mean fraction accepted in local Metropolis sweeps. */
  readonly localAcceptance?: Estimated;
  readonly deltaH?: Estimated;
  readonly expDeltaH?: ExpDeltaH;
  /** Replicas of which every trajectory was rejected; absent where there is none. */
  readonly stuck?: number;
  /** Trajectories whose deltaH is not a finite number. */
  readonly notFinite: number;
  /** Wall time of a production update in seconds, and of all updates. */
  readonly secondsPerUpdate: number;
  readonly seconds: number;
  readonly forcesPerUpdate?: number;
  /** Iterations of the solvers of sea quarks. */
  readonly iterationsPerUpdate?: number;
  /** The parameters that tuning froze; the weights of a guide are told apart. */
  readonly tuned?: Readonly<Record<string, number>>;
  /** Loss at the beginning and end of the training of a guide, in words, chain by chain. */
  readonly training?: readonly string[];
}

/**
 * Everything the "stepped" events of some replicas tell.
 * @param update [update] of the run file.
 */
export function summariseUpdates(members: readonly MemberRecord[], update?: unknown): UpdateSummary {
  const steps = members.map(({ events }) => events.filter((event) => event.type === "stepped"));
  const production = steps.map((list) => list.filter(({ phase }) => phase === "production"));
  const flat = production.flat();
  const all = steps.flat();
  const forces = flat.flatMap((step) => step.forces ?? []);
  const iterations = flat.flatMap((step) => step.iterations ?? []);
  const frozen = members.flatMap(({ events }) => events.filter((event): event is Tuned => event.type === "tuned"));
  const tuned = withoutWeights(frozen.findLast((event) => event.frozen)?.parameters);
  const trained = trainingOf(members).map(lossText);
  const local = column(production, ({ acceptance }) => acceptance);
  return {
    thermalisation: all.length - flat.length,
    production: flat.length,
    ...acceptReject(production),
    ...(isEffective(update) ? mseOf(production) : {}),
    ...stuckOf(production),
    ...(local.length > 0 && { localAcceptance: estimate(local) }),
    notFinite: flat.filter(({ deltaH }) => deltaH !== undefined && !Number.isFinite(deltaH)).length,
    secondsPerUpdate: total(flat) / flat.length,
    seconds: total(all),
    ...(forces.length > 0 && { forcesPerUpdate: forces.reduce((a, b) => a + b, 0) / forces.length }),
    ...(iterations.length > 0 && { iterationsPerUpdate: iterations.reduce((a, b) => a + b, 0) / iterations.length }),
    ...(tuned && { tuned }),
    ...(trained.length > 0 && { training: trained }),
  };
}

function withoutWeights(parameters: Tuned["parameters"] | undefined): UpdateSummary["tuned"] {
  const kept = Object.entries(parameters ?? {}).filter(([key]) => !isWeight(key));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** The energy violations of the production phase, one array a replica. */
export const deltaHOf = (members: readonly MemberRecord[]): number[][] =>
  column(
    members.map(({ events }) => events.filter((event) => event.type === "stepped" && event.phase === "production")),
    (step) => (step as Stepped).deltaH,
  );

/** Fewest rejections that are no accident. */
const fewest = 5;

function stuckOf(production: readonly (readonly Stepped[])[]) {
  const decisions = column(production, ({ accepted }) => (accepted === undefined ? undefined : Number(accepted)));
  const stuck = decisions.filter((list) => list.length >= fewest && list.every((accepted) => accepted === 0)).length;
  return stuck > 0 ? { stuck } : {};
}

function acceptReject(production: readonly (readonly Stepped[])[]) {
  const accepted = column(production, (step) => (step.accepted === undefined ? undefined : Number(step.accepted)));
  const violations = column(production, ({ deltaH }) => deltaH);
  if (accepted.length === 0) return {};
  const decided = { acceptance: acceptance(accepted) };
  if (violations.length === 0) return decided;
  // A trajectory that blew up has no finite deltaH; it was rejected, as with exp(-deltaH) = 0.
  const weights = violations.map((chain) => chain.map((x) => (Number.isNaN(x) ? Infinity : x)));
  const deltaH = meanDeltaH(violations);
  return {
    ...decided,
    deltaH,
    acceptanceProbability: estimate(weights.map((chain) => chain.map((x) => Math.min(1, Math.exp(-x))))),
    expDeltaH: exponentials(weights),
    ...(Number.isFinite(deltaH.mean) && { expectedAcceptance: expectedAcceptance(deltaH.mean) }),
  };
}

/** Whether every deltaH is a difference of S and an effective action, and nothing else moves the chain. */
function isEffective(update: unknown): boolean {
  const [only, ...others] = [update].flat() as ({ readonly name?: unknown; readonly repeat?: unknown } | undefined)[];
  return others.length === 0 && only?.name === "self-learning" && (only.repeat ?? 1) === 1;
}

function mseOf(production: readonly (readonly Stepped[])[]) {
  const guideMse = guideMseOf(production);
  return guideMse ? { guideMse } : {};
}

/** A violation so negative that exp(-deltaH) overflows leaves no mean to give an error to. */
function exponentials(violations: readonly (readonly number[])[]): ExpDeltaH {
  const values = violations.flat();
  const overflows = values.filter((x) => Math.exp(-x) === Number.POSITIVE_INFINITY).length;
  const reason = `exp(-deltaH) is beyond all numbers in ${overflows} of ${values.length} trajectories: thermalise longer`;
  return overflows > 0 ? { estimate: refusal("gamma", reason, values.length) } : expDeltaH(violations);
}

function meanDeltaH(violations: readonly (readonly number[])[]): Estimated {
  const values = violations.flat();
  const bad = values.filter((x) => !Number.isFinite(x)).length;
  return bad > 0
    ? refusal(
        "gamma",
        `${bad} of ${values.length} trajectories have no finite deltaH: the step size is too large`,
        values.length,
      )
    : estimate(violations);
}

/** One number of every step that has it, by replica; replicas without any are left out. */
function column<T>(replicas: readonly (readonly T[])[], f: (step: T) => number | undefined): number[][] {
  return replicas.map((steps) => steps.flatMap((step) => f(step) ?? [])).filter((values) => values.length > 0);
}

const total = (steps: readonly Stepped[]) => steps.reduce((sum, { seconds }) => sum + seconds, 0);
