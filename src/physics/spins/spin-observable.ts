import type { Bench } from "../../lattice/bench.ts";
import type { SpinAction } from "./spin-action.ts";

/** What an observable of spins is built on: the space, and the whole target action with its temperature. */
export interface SpinObservableBench extends Bench {
  readonly action: SpinAction;
}
