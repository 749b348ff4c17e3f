import type { Field } from "../../../lattice/field.ts";
import type { Rng } from "../../../lattice/rng.ts";
import type { Space } from "../../../lattice/space.ts";
import type { Integrator } from "../../integrators/integrate.ts";
import type { GuideBench, Step, Update } from "../../update.ts";

type Training = Pick<NonNullable<GuideBench["training"]>, "learner" | "after">;

/** The two kinds of trajectories: along the target while the guide learns, along the guide from then on. */
export interface Trajectories {
  /** `witness` has both ends of a trajectory as soon as it is integrated. */
  readonly prior: (witness: Witness) => Update;
  readonly guided: Update;
}

/**
 * Keeps the two ends of a trajectory, before it is accepted or rejected, with the pseudofermions it had: another update of
 * a mixture may draw new ones before anybody looks.
 */
export class Witness {
  readonly start: Field;
  readonly end: Field;
  readonly auxiliary = new Map<string, Field>();

  constructor(space: Space) {
    this.start = space.field();
    this.end = space.field();
  }

  /** The same integrator, with its ends seen. */
  watch(integrate: Integrator): Integrator {
    return (c, p, length) => {
      this.start.assign(c.field);
      for (const [key, phi] of c.auxiliary) {
        const kept = this.auxiliary.get(key);
        if (kept) kept.assign(phi);
        else this.auxiliary.set(key, phi.copy());
      }
      const forces = integrate(c, p, length);
      this.end.assign(c.field);
      return forces;
    };
  }
}

/**
 * Self-learning HMC while its guide is trained (Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501): ordinary HMC until
 * the guide has learnt from as many trajectories as are planned, or has ended by itself, and HMC along the guide after that.
 * Both are exact for the target. Whatever is random has the addresses of the step, so that resuming changes no bit.
 */
export function learningHmc(space: Space, trajectories: Trajectories, training: Training): Update {
  const { learner, after } = training;
  const witness = new Witness(space);
  const prior = trajectories.prior(witness);
  /** Thermalising steps seen. */
  let seen = 0;
  let frozen = false;
  /** What the last step followed. */
  let along: Update = trajectories.guided;
  let last: { rng: Rng; step: number } | undefined;
  const learns = () => !frozen && !learner.finished;
  return {
    step(state, rng): Step {
      const { step } = state;
      along = learns() ? prior : trajectories.guided;
      const report = along.step(state, rng);
      last = learns() ? { rng, step } : undefined;
      return report;
    },
    tune() {
      seen += 1;
      if (!last || seen <= after) return undefined;
      const { rng, step } = last;
      const { start, end, auxiliary } = witness;
      const told = learner.learn({ space, field: start, auxiliary }, { space, field: end, auxiliary }, rng, step);
      return toldOrNothing(told);
    },
    freeze() {
      frozen = true;
      return toldOrNothing(learner.freeze());
    },
    advice: () => along.advice?.(),
    tuned: () => ({ ...learner.save(), seen, frozen: frozen ? 1 : 0 }),
    restore(saved) {
      learner.restore(saved);
      seen = saved.seen ?? 0;
      frozen = saved.frozen === 1;
    },
  };
}

const toldOrNothing = (told: Readonly<Record<string, number>>) => (Object.keys(told).length > 0 ? told : undefined);
