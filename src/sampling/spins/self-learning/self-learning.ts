import type { Rng } from "../../../lattice/rng.ts";
import type { Configuration, Space } from "../../../lattice/space.ts";
import { apart } from "../../../numerics/rng.ts";
import type { State, Step, Update } from "../../update.ts";
import { type Decision, firstLevel, nextLevel, type ReversibleChain } from "./levels.ts";
import type { Asked } from "./remembered.ts";

export interface SelfLearning {
  readonly target: Asked;
  /** The effective actions: the first drives the inner chain, each further one decides on what comes from the one before. */
  readonly levels: readonly Asked[];
  /** The chain on the first of them. */
  readonly inner: ReversibleChain;
  /** How many proposals each further level decides on before the next one is asked; of levels 2, 3, …, 1 where left out. */
  readonly attempts?: readonly number[];
  readonly label?: string;
  /** Told of every proposal, accepted or not: S of the target there, and of the last level. */
  readonly saw?: (c: Configuration, target: number, guide: number) => void;
  /** Told of every decision: of which level (the second is 2, the target the last), and how it ended. */
  readonly decided?: (level: number, decision: Decision) => void;
  readonly advice?: string;
}

/** An update along effective actions. */
export interface GuidedUpdate extends Update {
  /** To be called after an effective action changed: what was remembered of it is not true any more. */
  forget(): void;
}

/**
 * Self-learning Monte Carlo of spins (J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101; J. Liu, H. Shen, Y. Qi,
 * Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 241104): a chain of the effective action proposes S', which is accepted with
 * probability min(1, exp(-deltaH)), deltaH = (S - S_eff)(S') - (S - S_eff)(S). Exact for any effective action.
 *
 * The target is evaluated once a step, that of the present spins being remembered, and not at all where the levels
 * moved nothing: deltaH = 0, and the step counts as accepted unless that was because a level rejected.
 */
export function selfLearning(space: Space, how: SelfLearning): GuidedUpdate {
  const { target, levels, inner, attempts = [], label = "", saw, advice } = how;
  const decided = (level: number) => (decision: Decision) => how.decided?.(level, decision);
  const guides = [firstLevel(space, levels[0]!, inner)];
  levels.slice(1).forEach((action, i) => {
    const level = i + 2;
    const deciding = { attempts: attempts[i] ?? 1, purpose: `decision of level ${level}`, decided: decided(level) };
    guides.push(nextLevel(space, guides.at(-1)!, action, deciding));
  });
  const exact = nextLevel(space, guides.at(-1)!, target, {
    purpose: "decision",
    decided: decided(levels.length + 1),
    ...(saw ? { saw } : {}),
  });
  return {
    step(state: State, rng: Rng): Step {
      const { tries, accepted, forces, decision } = exact.chain.walk(state, apart(rng, `self-learning${label} `));
      state.step += 1;
      return {
        accepted: decision!.accepted,
        deltaH: decision!.deltaH,
        ...(tries > 0 ? { acceptance: accepted / tries } : {}),
        ...(forces > 0 ? { forces } : {}),
      };
    },
    forget() {
      for (const { action } of guides) action.forget();
    },
    advice: () => advice,
  };
}
