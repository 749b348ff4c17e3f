import { type FlatRecord, numberIn, putArray, takeArray } from "../flat-record.ts";

/** What an optimiser remembers from step to step. */
export interface OptimiserState {
  /** Steps done. */
  steps: number;
  /** In the order of `Optimiser.remembers`, each as long as the parameters; zero at the start. */
  readonly arrays: readonly Float64Array[];
}

/**
 * A rule that turns gradients into steps. It is fixed data: all that changes is in the parameters and in the state, so the
 * same state and gradients give the same bits.
 */
export interface Optimiser {
  /** The word of a run file. */
  readonly name: string;
  /** Names of the arrays of its state. */
  readonly remembers: readonly string[];
  /** One step downhill, in place, which also counts in `state.steps`. All arrays have the length of the parameters. */
  step(parameters: Float64Array, gradient: Float64Array, rate: number, state: OptimiserState): void;
}

/** The state before the first step. */
export const freshState = ({ remembers }: Optimiser, size: number): OptimiserState => ({
  steps: 0,
  arrays: remembers.map(() => new Float64Array(size)),
});

/** The state as numbers under names: optimiser.steps, optimiser.mean.0, … */
export function saveState({ remembers }: Optimiser, state: OptimiserState): Record<string, number> {
  const record: Record<string, number> = { "optimiser.steps": state.steps };
  remembers.forEach((name, k) => putArray(record, `optimiser.${name}`, state.arrays[k]!));
  return record;
}

/** The inverse of `saveState`. Throws an Error where the numbers are those of another optimiser or another network. */
export function restoreState({ remembers }: Optimiser, state: OptimiserState, saved: FlatRecord): void {
  state.steps = numberIn(saved, "optimiser.steps");
  remembers.forEach((name, k) => takeArray(saved, `optimiser.${name}`, state.arrays[k]!));
}
