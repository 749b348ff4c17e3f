import type { Field } from "../../lattice/field.ts";
import type { Rng } from "../../lattice/rng.ts";
import { iterationsSoFar } from "../../physics/dirac/solvers/work.ts";
import type { Observable } from "../../physics/observable.ts";
import type { Measured, RunEvent, Tuned } from "../events.ts";
import type { KeptArray } from "../learner.ts";
import { BrokenMeasurement, BrokenTrajectory, isNotConverged, type State, type Step, type Update } from "../update.ts";

/** Rounding stays far below; what is above is broken. */
const OFF_MANIFOLD = 1e-6;

/** Rejections in a row that are no accident, at the end of thermalisation, and fewest of a production of nothing else. */
const STUCK = { thermalise: 20, production: 5 };

export interface Plan {
  /** Updates before production: tuning happens here, and only here. */
  readonly thermalise: number;
  /** Production updates. */
  readonly trajectories: number;
  readonly measure: readonly { readonly observable: Observable; readonly every: number }[];
}

/** What a checkpoint has to keep besides the field. */
export interface Progress {
  /** Updates done. */
  readonly trajectory: number;
  /** Markov steps done; addresses the random numbers. */
  readonly step: number;
  readonly tuned: Readonly<Record<string, number>>;
  /** Trajectories rejected in a row up to now. */
  readonly rejected?: number;
}

/**
 * The loop of one chain, an update at a time: thermalise and tune, freeze, produce, measure. It tells what happened as
 * events and touches neither disk nor terminal.
 *
 * During thermalisation only what is measured after every update is measured, for the history; the rest waits.
 */
export class Chain {
  readonly state: State;
  readonly plan: Plan;
  private readonly update: Update;
  private readonly rng: Rng;
  /** The state before the update under way, should it break. */
  private readonly before: Field;
  private done = 0;
  private rejected = 0;

  constructor(state: State, update: Update, rng: Rng, plan: Plan) {
    this.state = state;
    this.update = update;
    this.rng = rng;
    this.plan = plan;
    this.before = state.field.copy();
  }

  /** Updates done so far. */
  get trajectory(): number {
    return this.done;
  }
  /** Updates in all. */
  get total(): number {
    return this.plan.thermalise + this.plan.trajectories;
  }

  progress(): Progress {
    return {
      trajectory: this.done,
      step: this.state.step,
      tuned: this.update.tuned?.() ?? {},
      rejected: this.rejected,
    };
  }

  /** Large numbers of the update that a checkpoint has to keep, too: replicas, what was learnt from. */
  kept(): readonly KeptArray[] {
    return this.update.kept?.() ?? [];
  }

  /** Goes on where `progress` and `kept` were taken; the caller has restored the field. */
  restore(progress: Progress, kept: readonly KeptArray[] = []): void {
    this.done = progress.trajectory;
    this.state.step = progress.step;
    this.rejected = progress.rejected ?? 0;
    this.update.restore?.(progress.tuned);
    this.update.recall?.(kept);
  }

  /**
   * One step of the update. Where it breaks (or leaves the manifold, which updates without a deltaH do not notice
   * themselves) the state is that of its beginning.
   */
  private step(): Step {
    const { state, before } = this;
    const { step } = state;
    before.assign(state.field);
    try {
      const report = this.update.step(state, this.rng);
      if (report.deltaH === undefined && !(state.space.defect(state.field) < OFF_MANIFOLD))
        throw new BrokenTrajectory(`update ${this.done + 1} left the group or the real numbers: check the couplings`);
      return report;
    } catch (error) {
      state.field.assign(before);
      state.step = step;
      throw error;
    }
  }

  /**
   * One update and the measurements due after it. Throws BrokenTrajectory where the update breaks, which is then not done,
   * and BrokenMeasurement where the update is done and a measurement is not.
   */
  advance(clock: () => number): RunEvent[] {
    const stamp = { chain: this.rng.chain, time: Math.round(clock()) };
    const events: RunEvent[] = [];
    const phase = this.done < this.plan.thermalise ? "thermalise" : "production";
    const begin = { seconds: clock(), iterations: iterationsSoFar() };
    const report = this.step();
    this.done += 1;
    if (report.accepted !== undefined) this.rejected = report.accepted ? 0 : this.rejected + 1;
    const trajectory = this.done;
    const tuned = phase === "thermalise" ? this.tune(report, stamp) : [];
    const seconds = (clock() - begin.seconds) / 1000;
    const work = iterationsSince(begin.iterations);
    events.push({ ...stamp, type: "stepped", trajectory, phase, ...described(report), ...work, seconds }, ...tuned);
    if (this.isStuck())
      events.push({ ...stamp, type: "warned", message: stuckSentence(this.rejected, this.update.advice?.()) });
    return this.measure(phase, stamp, events);
  }

  /** What the update has learnt from its last step, and at the end of the thermalisation what it keeps. */
  private tune(report: Step, stamp: Pick<Tuned, "chain" | "time">): Tuned[] {
    const trajectory = this.done;
    const parameters = this.update.tune?.(report);
    // with the last thermalising update, so that a checkpoint after it knows the frozen parameters
    const frozen = trajectory === this.plan.thermalise ? this.update.freeze?.() : undefined;
    return [
      ...(parameters ? [{ ...stamp, type: "tuned", trajectory, frozen: false, parameters } as const] : []),
      ...(frozen ? [{ ...stamp, type: "tuned", trajectory, frozen: true, parameters: frozen } as const] : []),
    ];
  }

  /** True once: after thermalisation, or at the end where production has begun to stand still. */
  private isStuck(): boolean {
    const { done, rejected, total } = this;
    const { thermalise, trajectories } = this.plan;
    if (done === thermalise) return rejected >= STUCK.thermalise;
    if (done !== total || rejected < trajectories || trajectories < STUCK.production) return false;
    return rejected - trajectories < STUCK.thermalise;
  }

  /**
   * Measures what is due and returns the events with those of the measurements. What a solver keeps from being measured
   * is told at the end, when all else has been measured.
   */
  private measure(phase: Measured["phase"], stamp: Pick<Measured, "chain" | "time">, events: RunEvent[]): RunEvent[] {
    const trajectory = this.done;
    let broken: { observable: string; error: Error } | undefined;
    for (const { observable, every } of this.plan.measure) {
      if (phase === "thermalise" ? every !== 1 : trajectory % every !== 0) continue;
      try {
        for (const { name, labels, values, flowTime } of observable.measure(this.state, this.rng, trajectory)) {
          const time = flowTime === undefined ? {} : { flowTime };
          const measured = { name, labels, values: Array.from(values), ...time };
          events.push({ ...stamp, type: "measured", trajectory, phase, ...measured });
        }
      } catch (error) {
        if (!isNotConverged(error)) throw error;
        broken ??= { observable: observable.name, error };
      }
    }
    if (!broken) return events;
    const { observable, error } = broken;
    const message = `${observable} could not be measured after update ${trajectory}: ${error.message}`;
    throw new BrokenMeasurement(message, events, error);
  }
}

/** Of the solvers, for an update and what it learnt from it; nothing where there were none. */
function iterationsSince(begin: number): Pick<Step, "iterations"> {
  const iterations = iterationsSoFar() - begin;
  return iterations > 0 ? { iterations } : {};
}

/** A chain accepts nothing, and what its update advises. */
const stuckSentence = (rejected: number, advice?: string): string =>
  `all of the last ${rejected} trajectories were rejected${advice ? `: ${advice}` : ""}`;

function described(report: Step): Step {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined));
}
