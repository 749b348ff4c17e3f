import type { Field } from "../../../lattice/field.ts";
import type { Rng } from "../../../lattice/rng.ts";
import type { Space } from "../../../lattice/space.ts";
import type { Action } from "../../../physics/action.ts";
import type { Integrator } from "../../integrators/integrate.ts";
import { BrokenTrajectory, isNotConverged, type State, type Step, type Update } from "../../update.ts";

export interface Trajectory {
  /** Trajectory length in MD time units. */
  readonly length: number;
  /** Integrates Hamilton's equations of the guide. */
  readonly integrate: Integrator;
  /** What helps where every trajectory is rejected, for one that follows a guide. */
  readonly advice?: string;
}

const usualAdvice = "more steps, on levels or in one, or a shorter trajectory (length)";

/**
 * Hybrid Monte Carlo (S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth, Phys. Lett. B 195 (1987) 216): momenta from
 * their Gaussian, a reversible area-preserving trajectory, accepted with probability min(1, exp(-deltaH)) where H has
 * the target action. The trajectory may follow any other (guide) action: the answer stays exact.
 *
 * Throws BrokenTrajectory when deltaH is not a number or a solver does not converge; the field is then the one the
 * trajectory began with.
 */
export function hmc(space: Space, target: Action, trajectory: Trajectory, label = ""): Update {
  const start: Field = space.field();
  const p: Field = space.momenta();
  return {
    step(state: State, rng: Rng): Step {
      start.assign(state.field);
      space.drawMomenta(p, rng, state.step);
      const { deltaH, forces } = orBack(state, start, () => {
        target.refresh?.(state, rng, state.step);
        const h0 = space.kinetic(p) + target.value(state);
        const forces = trajectory.integrate(state, p, trajectory.length);
        return { deltaH: space.kinetic(p) + target.value(state) - h0, forces };
      });
      const accepted = rng.at(`accept${label}`, state.step).uniform() < Math.exp(-deltaH);
      if (accepted) space.project(state.field);
      else state.field.assign(start);
      state.step += 1;
      return { accepted, deltaH, forces };
    },
    advice: () => trajectory.advice ?? usualAdvice,
  };
}

/** The trajectory, or BrokenTrajectory with the field as it was where it left the numbers or a solver gave up. */
function orBack<T extends { deltaH: number }>(state: State, start: Field, run: () => T): T {
  let broken: BrokenTrajectory;
  try {
    const done = run();
    // minus infinity would be accepted for certain
    if (done.deltaH > Number.NEGATIVE_INFINITY) return done;
    broken = new BrokenTrajectory(
      `deltaH is not a number in step ${state.step}: the trajectory ran away; use more steps (a smaller step size) or a shorter length`,
    );
  } catch (error) {
    state.field.assign(start);
    if (!isNotConverged(error)) throw error;
    broken = new BrokenTrajectory(`step ${state.step}: ${error.message}`, { cause: error });
  }
  state.field.assign(start);
  throw broken;
}
