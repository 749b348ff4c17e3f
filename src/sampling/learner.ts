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
