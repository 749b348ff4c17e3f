import type { Rng } from "../lattice/rng.ts";
import type { Configuration } from "../lattice/space.ts";

/**
 * Something that learns from trajectories while a chain thermalises; an update asks it, and knows nothing else of it. Its
 * numbers change in `learn` and `freeze` only, so that an update which stops calling them is a fixed Markov step.
 */
export interface Learner {
  /**
   * Takes in a trajectory by its two ends, which carry the same auxiliary fields. `rng` and `step` address whatever is
   * drawn. Returns what is to be told ("loss", …).
   */
  learn(start: Configuration, end: Configuration, rng: Rng, step: number): Readonly<Record<string, number>>;
  /** Nothing more is to be learnt: it stopped early, or broke and went back to the last good numbers. */
  readonly finished: boolean;
  /** Ends the learning, and returns what is used from now on. */
  freeze(): Readonly<Record<string, number>>;
  /** All it knows, for checkpoints: `restore(save())` changes nothing, bit for bit. */
  save(): Readonly<Record<string, number>>;
  restore(saved: Readonly<Record<string, number>>): void;
}

/**
 * Something that learns an action from configurations on which it was evaluated exactly, accepted or not. As of a `Learner`,
 * its numbers change in `learn` and `freeze` only.
 */
export interface ActionLearner {
  /** Takes in a configuration and the exact action S there. The field is copied. */
  see(c: Configuration, value: number): void;
  /** Trains, where it is time for that, on what was seen. Returns what is to be told ("loss", …), if anything. */
  learn(rng: Rng, step: number): Readonly<Record<string, number>> | undefined;
  readonly finished: boolean;
  /** Ends the learning, and returns what is used from now on. */
  freeze(): Readonly<Record<string, number>>;
  /** Small numbers for checkpoints; with `arrays`, all it knows. */
  save(): Readonly<Record<string, number>>;
  restore(saved: Readonly<Record<string, number>>): void;
  /** Large numbers for checkpoints: what was seen, the weights, the state of the optimiser. */
  arrays(): readonly KeptArray[];
  recall(arrays: readonly KeptArray[]): void;
}

/** Numbers under a name in a checkpoint. */
export interface KeptArray {
  readonly name: string;
  readonly data: Float64Array;
}
