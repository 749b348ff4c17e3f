import type { Rng } from "../../lattice/rng.ts";
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
}

/**
 * A move of spins that leaves exp(-S) of its source invariant. It changes `state.field` only: `state.step` addresses its
 * random numbers and stays, so that whoever makes two moves in one step sets it apart himself (`inTurn` does).
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
 * balance where each of them does; one way it does so for a single move only. Each gets steps of its own as the
 * address of its numbers, so the label of one may be that of another.
 */
export function inTurn(moves: readonly SpinMove[], { palindrome = false } = {}): SpinMove {
  const all = palindrome ? [...moves, ...moves.toReversed()] : moves;
  return {
    reversible: (palindrome || moves.length === 1) && moves.every(({ reversible }) => reversible),
    move(state, rng) {
      const { step } = state;
      let [proposals, accepted] = [0, 0];
      all.forEach((one, i) => {
        state.step = step * all.length + i;
        const moved = one.move(state, rng);
        proposals += moved.proposals;
        accepted += moved.accepted;
      });
      state.step = step;
      return { proposals, accepted };
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
      if (state.step % PROJECT_EVERY === 0) state.space.project(state.field);
      state.step += 1;
      return decides ? { acceptance: accepted / proposals } : {};
    },
  };
}

const PROJECT_EVERY = 64;
