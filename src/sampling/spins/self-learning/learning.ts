import type { Rng } from "../../../lattice/rng.ts";
import type { Configuration } from "../../../lattice/space.ts";
import type { ActionLearner } from "../../learner.ts";
import type { State, Step, Update } from "../../update.ts";
import type { GuidedUpdate } from "./self-learning.ts";

export interface Learning {
  readonly learner: ActionLearner;
  /** Thermalising steps before the learner is asked for the first time. */
  readonly after: number;
  /** The step of the first `after` steps; the guide as it is where left out. */
  readonly prior?: (state: State, rng: Rng, saw: (c: Configuration, value: number) => void) => Step;
}

/** Told of every proposal and its exact S. */
export type Saw = (c: Configuration, value: number) => void;

/**
 * Self-learning Monte Carlo while it learns: every configuration whose exact S was paid for is given to the learner, accepted or
 * not, because acceptance needs a guide that is right both where the target lives and where its own chain leads. Each
 * step is exact, but one that follows what was learnt from the chain itself is none of a Markov chain: averages are taken
 * after `freeze`, which ends the learning for good. Whatever is random has the addresses of the step, so that resuming
 * changes no bit.
 */
export function whileLearning(guided: (saw: Saw) => GuidedUpdate, { learner, after, prior }: Learning): Update {
  /** Thermalising steps done. */
  let seen = 0;
  let frozen = false;
  let last: { readonly rng: Rng; readonly step: number } | undefined;
  const learns = () => !frozen && !learner.finished;
  const see: Saw = (c, value) => {
    if (learns()) learner.see(c, value);
  };
  const along = guided(see);
  return {
    step(state, rng): Step {
      last = { rng, step: state.step };
      return prior && !frozen && seen < after ? prior(state, rng, see) : along.step(state, rng);
    },
    tune() {
      seen += 1;
      if (!last || !learns() || seen < after) return undefined;
      const told = learner.learn(last.rng, last.step);
      along.forget();
      return toldOrNothing(told);
    },
    freeze() {
      frozen = true;
      const told = learner.freeze();
      along.forget();
      return toldOrNothing(told);
    },
    tuned: () => ({ ...learner.save(), seen, frozen: frozen ? 1 : 0 }),
    restore(saved) {
      learner.restore(saved);
      seen = saved.seen ?? 0;
      frozen = saved.frozen === 1;
      along.forget();
    },
    kept: () => learner.arrays(),
    recall(arrays) {
      learner.recall(arrays);
      along.forget();
    },
    advice: () => along.advice?.(),
  };
}

const toldOrNothing = (told: Readonly<Record<string, number>> | undefined) =>
  told && Object.keys(told).length > 0 ? told : undefined;
