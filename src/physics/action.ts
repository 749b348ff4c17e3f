import type { Field } from "../lattice/field.ts";
import type { Rng } from "../lattice/rng.ts";
import type { Configuration } from "../lattice/space.ts";

/** A term of the Euclidean action S; configurations have weight exp(-S). */
export interface Action {
  /** S, float64. */
  value(c: Configuration): number;
  /** P += weight * F with F = -dS/dU in the coordinates of the momenta; accumulating, so sums need no temporaries. */
  addForce(c: Configuration, weight: number, p: Field): void;
  /**
   * delta += weight * (derivative of S), where dS = Re sum_{n, mu} tr[delta_mu(n) dU_mu(n)] defines it; a field as the
   * links (`derivativeField`). An action that has it can be taken on smeared links, see maps/through.ts.
   */
  addDerivative?(c: Configuration, weight: number, delta: Field): void;
  /** Heat bath of its auxiliary fields. */
  refresh?(c: Configuration, rng: Rng, step: number): void;
  /**
   * Where the action is a sum whose terms deserve time scales of their own (the factors of mass splitting): those terms, with names of their own. They share the auxiliary fields, which the whole refreshes.
   */
  readonly parts?: readonly ActionPart[];
}

/** A term of an action that is a sum. */
export interface ActionPart {
  readonly name: string;
  readonly action: Action;
}

/** An action that tells its derivative with respect to the links, not only the force. */
export type DifferentiableAction = Action & Required<Pick<Action, "addDerivative">>;

export const isDifferentiable = (action: Action): action is DifferentiableAction => action.addDerivative !== undefined;

/** S = sum of its terms. It is differentiable where all of them are. */
export function sumOf(terms: readonly Action[]): Action {
  if (terms.length === 1) return terms[0]!;
  const differentiable = terms.filter(isDifferentiable);
  const addDerivative = (c: Configuration, weight: number, delta: Field) => {
    for (const term of differentiable) term.addDerivative(c, weight, delta);
  };
  return {
    ...(differentiable.length === terms.length ? { addDerivative } : {}),
    value: (c) => terms.reduce((sum, term) => sum + term.value(c), 0),
    addForce: (c, weight, p) => {
      for (const term of terms) term.addForce(c, weight, p);
    },
    refresh: (c, rng, step) => {
      for (const term of terms) term.refresh?.(c, rng, step);
    },
  };
}
