import type { SpinSpace } from "../../lattice/spins/spins.ts";
import type { SpinAction } from "../../physics/spins/spin-action.ts";
import { nested } from "../integrators/integrate.ts";
import { type schemeNames, schemeOf } from "../integrators/schemes.ts";
import { hmc } from "../updates/hmc/hmc.ts";
import type { SpinMove } from "./spin-move.ts";

export interface TrajectoryOptions {
  /** Length in molecular-dynamics time. */
  readonly length: number;
  /** Integrator steps of a trajectory. */
  readonly steps: number;
  /** Default "omelyan". */
  readonly integrator?: Exclude<(typeof schemeNames)[number], "force-gradient">;
  /** Trajectories a move, each accepted or not; default 1. */
  readonly trajectories?: number;
}

/**
 * Hybrid Monte Carlo of XY or O(3) spins along the forces of an action, its own accept/reject included, as a move: every
 * trajectory keeps detailed balance. Trajectory i of a move at step s has the addresses of step s trajectories + i. Throws a TypeError for Ising spins.
 */
export function makeTrajectories(space: SpinSpace, action: SpinAction, options: TrajectoryOptions): SpinMove {
  const { length, steps, integrator = "omelyan", trajectories = 1 } = options;
  const integrate = nested([{ action, scheme: schemeOf(integrator), steps }]);
  const update = hmc(space, action, { length, integrate });
  return {
    reversible: true,
    move(state, rng) {
      const { step } = state;
      let [accepted, forces] = [0, 0];
      try {
        for (let i = 0; i < trajectories; i++) {
          state.step = step * trajectories + i;
          const report = update.step(state, rng);
          if (report.accepted) accepted += 1;
          forces += report.forces ?? 0;
        }
      } finally {
        state.step = step;
      }
      return { proposals: trajectories, accepted, forces };
    },
  };
}
