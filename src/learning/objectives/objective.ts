import type { Configuration } from "../../lattice/space.ts";
import type { Action } from "../../physics/action.ts";
import type { Guide } from "../guide/guide.ts";

/** The two ends of a trajectory, with the same auxiliary fields. */
export interface Sample {
  readonly start: Configuration;
  readonly end: Configuration;
}

/** What is to be small for a guide S_theta of a target S. */
export interface Objective {
  /**
   * Its loss for one sample; adds weight * dloss/dparameters to `gradient`. Undefined where it has seen too little to tell.
   */
  evaluate(sample: Sample, weight: number, gradient: Float64Array): number | undefined;
  /** Numbers it keeps between samples, for checkpoints. */
  save?(): Readonly<Record<string, number>>;
  restore?(saved: Readonly<Record<string, number>>): void;
}

/** S_theta - S, and the derivative of S_theta with respect to its parameters. */
export interface Difference {
  readonly value: number;
  readonly gradient: Float64Array;
}

export function differenceAt(guide: Guide, target: Action, c: Configuration): Difference {
  const gradient = new Float64Array(guide.parameters.length);
  guide.addGradient(c, 1, gradient);
  return { value: guide.value(c) - target.value(c), gradient };
}

/** out += factor * x */
export function addTo(out: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += factor * x[i]!;
}
