import type { Bench } from "../lattice/bench.ts";
import type { Rng } from "../lattice/rng.ts";
import type { Configuration } from "../lattice/space.ts";
import type { Action } from "../physics/action.ts";
import type { RunEvent } from "./events.ts";
import type { ActionLearner, KeptArray, Learner } from "./learner.ts";

/** What a chain walks over. All that outlives a step is here. */
export interface State extends Configuration {
  /** Counts steps of the chain from 0; addresses the randomness of the next one. */
  step: number;
}

/** What happened in one step. */
export interface Step {
  /** Accept/reject of the whole field, where there is one. */
  readonly accepted?: boolean;
  /** Fraction accepted of local proposals. */
  readonly acceptance?: number;
  readonly deltaH?: number;
  /** Force evaluations. */
  readonly forces?: number;
  /** Iterations of solvers, filled in by the chain. */
  readonly iterations?: number;
}

/** One exact Markov step: it leaves exp(-S) invariant and adds 1 to `state.step`. */
export interface Update {
  step(state: State, rng: Rng): Step;
  /** Adjusts itself to a report, during thermalisation only; returns the changed parameters, if any. */
  tune?(report: Step): Readonly<Record<string, number>> | undefined;
  /** Ends the tuning; returns the parameters used from now on, if it was tuned. */
  freeze?(): Readonly<Record<string, number>> | undefined;
  /** All numbers the tuning knows, for checkpoints: `restore(tuned())` changes nothing, bit for bit. */
  readonly tuned?: () => Readonly<Record<string, number>>;
  readonly restore?: (tuned: Readonly<Record<string, number>>) => void;
  /** What does not fit among the few numbers of `tuned`: other fields (replicas), what was learnt from. For checkpoints, too. */
  readonly kept?: () => readonly KeptArray[];
  /** The inverse of `kept`; gets the arrays it gave, and no others. */
  readonly recall?: (arrays: readonly KeptArray[]) => void;
  /** What helps where all that its last steps proposed was rejected: "more steps, or a shorter trajectory". */
  readonly advice?: () => string | undefined;
}

/** What an update is built on: the space, the whole action and its terms, and which of the mixture's updates it is. */
export interface UpdateBench extends Bench {
  readonly action: Action;
  readonly terms: readonly Action[];
  /** The run file's names of the terms, for updates that single some of them out. */
  readonly names: readonly string[];
  /** The guide of the run file, for updates that follow one. */
  readonly guide?: GuideBench;
  /** Appended to the purposes of its random numbers, so that two updates of a mixture never share an address. */
  readonly label: string;
}

/** A guide action, as molecular dynamics takes it, and what trains it. */
export interface GuideBench {
  readonly action: Action;
  readonly terms: readonly Action[];
  /** The run file's names of the terms. */
  readonly names: readonly string[];
  /** Updates before production. */
  readonly thermalise: number;
  readonly training?: {
    readonly learner: Learner;
    /** Thermalising steps before the learner is asked for the first time. */
    readonly after: number;
  };
  /** For spins: what learns the target from its exact values, and the steps before it is asked for the first time. */
  readonly regression?: {
    readonly learner: ActionLearner;
    readonly after: number;
  };
}

/**
 * An update left the real numbers or the manifold, or a solver in it did not converge (then that is the cause). The chain
 * stands where the update began.
 */
export class BrokenTrajectory extends Error {
  override readonly name = "BrokenTrajectory";
}

/**
 * An observable could not be measured, because a solver did not converge (the cause). The update before it stands, and
 * `events` are what it and the other observables had to tell.
 */
export class BrokenMeasurement extends Error {
  override readonly name = "BrokenMeasurement";
  readonly events: readonly RunEvent[];

  constructor(message: string, events: readonly RunEvent[], cause: Error) {
    super(message, { cause });
    this.events = events;
  }
}

/** A solver that did not reach its tolerance says so by the name of its error. */
export const isNotConverged = (error: unknown): error is Error =>
  error instanceof Error && error.name === "NotConverged";
