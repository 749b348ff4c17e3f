import { type Bench, spinsOf } from "../../lattice/bench.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import type { SpinAction } from "./spin-action.ts";

/** What an observable of spins is built on: the space, and the target action with its temperature. */
export interface SpinObservableBench extends Bench {
  readonly action: SpinAction;
}

/** The space and the action of the bench; throws a TypeError that names the part on anything but spins. */
export function spinBench(bench: SpinObservableBench, part: string): { space: SpinSpace; action: SpinAction } {
  return { space: spinsOf(bench, part), action: bench.action };
}
