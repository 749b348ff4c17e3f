import type { Rng } from "../../lattice/rng.ts";
import { apart } from "../../numerics/rng.ts";
import type { SpinAction } from "../../physics/spins/spin-action.ts";
import { isSpinAction } from "../../physics/spins/spin-action.ts";
import { spinSum } from "../../physics/spins/spin-sum.ts";
import type { State, Update, UpdateBench } from "../update.ts";

/** What updates of spins read of an action: its couplings, or how it changes with one spin. */
export type SpinSource = Pick<SpinAction, "couplings" | "local" | "metropolis">;

/** What a move did. */
export interface Moved {
  /** Single spins, or clusters. */
  readonly proposals: number;
  readonly accepted: number;
  /** Force evaluations, where there were any. */
  readonly forces?: number;
}

/**
 * A move of spins that leaves exp(-S) of its source invariant. It changes `state.field` only: `state.step` addresses its
 * random numbers and stays, so that whoever makes two moves in one step sets their purposes apart himself (`inTurn` does).
 */
export interface SpinMove {
  move(state: State, rng: Rng): Moved;
  /**
   * Whether the whole move keeps detailed balance, exp(-S(x)) P(x, y) = exp(-S(y)) P(y, x), which an inner chain of
   * self-learning Monte Carlo must; a sequential sweep only leaves exp(-S) invariant.
   */
  readonly reversible: boolean;
}

/** The whole action of a run as a source. Throws a TypeError where a term is not of spins. */
export function sourceOf({ terms, names }: UpdateBench, part: string): SpinAction {
  const spins = terms.filter(isSpinAction);
  const other = terms.findIndex((term) => !isSpinAction(term));
  if (other >= 0) throw new TypeError(`${part}: the action "${names[other]}" is not one of spins`);
  return spinSum(spins, names);
}

/** The names of the terms that lack a property, for sentences. */
export const lacking = ({ terms, names }: UpdateBench, property: keyof SpinAction): string[] =>
  names.filter((_, i) => (terms[i] as SpinAction)[property] === undefined);

/**
 * Moves one after the other. With `palindrome` they follow each other there and back, A B C C B A, which keeps detailed
 * balance where each of them does; one way it does so for a single move only. Each of them, on the way back too, draws under
 * purposes of its own, "0 metropolis", "1 metropolis": moves divide a step in their own ways (trajectories take several
 * addresses), so that no choice of steps would keep two of them apart.
 */
export function inTurn(moves: readonly SpinMove[], { palindrome = false } = {}): SpinMove {
  const all = palindrome ? [...moves, ...moves.toReversed()] : moves;
  return {
    reversible: (palindrome || moves.length === 1) && moves.every(({ reversible }) => reversible),
    move(state, rng) {
      let [proposals, accepted, forces] = [0, 0, 0];
      all.forEach((one, i) => {
        const moved = one.move(state, apart(rng, `${i} `));
        proposals += moved.proposals;
        accepted += moved.accepted;
        forces += moved.forces ?? 0;
      });
      return { proposals, accepted, ...(forces > 0 ? { forces } : {}) };
    },
  };
}

/**
 * A move as the update of a chain: one move a step. Spins are put back on their spheres every few steps.
 * @param decides whether its proposals are decided on one by one, so that the fraction accepted is to be reported.
 */
export function updateOf({ move }: Pick<SpinMove, "move">, { decides = false } = {}): Update {
  return {
    step(state, rng) {
      const { proposals, accepted } = move(state, rng);
      projectSometimes(state);
      state.step += 1;
      return decides ? { acceptance: accepted / proposals } : {};
    },
  };
}

/** Steps after which spins are put back on their spheres, from which rounding leads them away. */
const PROJECT_EVERY = 64;

/** Puts the spins back on their spheres, once in so many steps. */
export function projectSometimes({ space, field, step }: State): void {
  if (step % PROJECT_EVERY === 0) space.project(field);
}
