import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { Action } from "../../../physics/action.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeOf } from "../../integrators/schemes.ts";
import type { Update } from "../../update.ts";
import { hmc } from "../../updates/hmc/hmc.ts";

/** A Langevin update whose step size may be changed between steps. */
export interface LangevinUpdate extends Update {
  stepSize: number;
}

/**
 * Metropolis-adjusted Langevin on spheres (P. J. Rossky, J. D. Doll, H. L. Friedman, J. Chem. Phys. 69 (1978) 4628; G. O.
 * Roberts, R. L. Tweedie, Bernoulli 2 (1996) 341): every spin is turned by the angles epsilon^2 F/2 + epsilon eta, F the
 * force and eta normal, and all is accepted or not. That is a trajectory of one leapfrog step of size epsilon, whose
 * decision contains the ratio of the proposal densities.
 *
 * Throws a TypeError for Ising spins.
 */
export function langevin(space: SpinSpace, action: Action, stepSize: number, label = ""): LangevinUpdate {
  const trajectory = {
    length: stepSize,
    integrate: nested([{ action, scheme: schemeOf("leapfrog"), steps: 1 }]),
    advice: "a smaller step size (stepSize), or tune",
  };
  const update = hmc(space, action, trajectory, label);
  return {
    ...update,
    get stepSize() {
      return trajectory.length;
    },
    set stepSize(size) {
      trajectory.length = size;
    },
  };
}
