import type { Field } from "../lattice/field.ts";
import type { Rng } from "../lattice/rng.ts";
import type { Configuration } from "../lattice/space.ts";

/** A term of the Euclidean action S; configurations have weight exp(-S). */
export interface Action {
  /** S, float64. */
  value(c: Configuration): number;
  /** P += weight * F with F = -dS/dU in the coordinates of the momenta; accumulating, so sums need no temporaries. */
  addForce(c: Configuration, weight: number, p: Field): void;
  /** Heat bath of its auxiliary fields. */
  refresh?(c: Configuration, rng: Rng, step: number): void;
}

/** S = sum of its terms. */
export function sumOf(terms: readonly Action[]): Action {
  if (terms.length === 1) return terms[0]!;
  return {
    value: (c) => terms.reduce((sum, term) => sum + term.value(c), 0),
    addForce: (c, weight, p) => {
      for (const term of terms) term.addForce(c, weight, p);
    },
    refresh: (c, rng, step) => {
      for (const term of terms) term.refresh?.(c, rng, step);
    },
  };
}
