import type { Rng } from "../lattice/rng.ts";
import type { Configuration } from "../lattice/space.ts";

/** Numbers measured on one configuration: one label a value. */
export interface Measurement {
  /** The observable's name, e.g. "plaquette". */
  readonly name: string;
  readonly labels: readonly string[];
  readonly values: Float64Array;
  /** Gradient-flow time in lattice units a^2, where the configuration was flowed. */
  readonly flowTime?: number;
}

/** Something measured on a configuration, which it leaves as it was. Stochastic ones draw at (name, step). */
export interface Observable {
  readonly name: string;
  measure(c: Configuration, rng: Rng, step: number): readonly Measurement[];
}
