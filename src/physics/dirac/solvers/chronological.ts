import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { NormalOperator } from "../operator.ts";
import { orthonormalised, projected } from "./subspace.ts";

/**
 * First guesses out of the last solutions along a trajectory (R. C. Brower, T. Ivanenko, A. R. Levi, K. N. Orginos,
 * Nucl. Phys. B 484 (1997) 353): the combination that is nearest to the new solution in the norm of A.
 *
 * A guess from the past makes the force depend on where the trajectory came from, at the level of the stopping limit: so
 * `reset` at the start of every trajectory and of every evaluation of the action, and stop tightly (|r|/|b| of 1e-10 or
 * less), or the dynamics is not reversible.
 */
export class ChronologicalGuess {
  private readonly space: SpinorSpace;
  private readonly sites: Sites;
  private readonly depth: number;
  /** Newest first. */
  private readonly past: Field[] = [];
  private readonly basis: Field[] = [];
  private readonly work: Field;

  /** @param depth solutions kept, each of which costs two vectors and one application of A a guess; 0 always guesses 0. */
  constructor(space: SpinorSpace, sites: Sites, depth: number) {
    if (!Number.isInteger(depth) || depth < 0)
      throw new RangeError(`a chronological guess keeps a whole number of solutions, not ${depth}`);
    this.space = space;
    this.sites = sites;
    this.depth = depth;
    this.work = space.field();
  }

  /** Solutions known at present. */
  get length(): number {
    return this.past.length;
  }

  /** Forgets all solutions. */
  reset(): void {
    for (const field of [...this.past, ...this.basis]) field.release();
    this.past.length = 0;
    this.basis.length = 0;
  }

  /** x <- first guess for A x = b; 0 where nothing is known. */
  guess(a: NormalOperator, x: Field, b: Field): void {
    const { space, sites, past, basis, work } = this;
    past.forEach((solution, i) => space.copy(sites, basis[i]!, solution));
    projected(a, orthonormalised(a, basis), x, b, work);
  }

  /** Keeps a copy of a solution, and forgets the oldest where there are too many. */
  remember(x: Field): void {
    const { space, sites, past, basis, depth } = this;
    if (depth === 0) return;
    if (past.length < depth) {
      past.unshift(space.field());
      basis.push(space.field());
    } else past.unshift(past.pop()!);
    space.copy(sites, past[0]!, x);
  }

  release(): void {
    this.reset();
    this.work.release();
  }
}
