import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { NormalOperator } from "../operator.ts";
import {
  checkedNorm2,
  lost,
  notSolved,
  roundingNorm2,
  type SolveReport,
  type Stopping,
  targetNorm2,
} from "./stopping.ts";

const solver = "conjugate gradients";

/** How often the true residual may turn out larger than the recursion said before the solver gives up. */
const MAX_RESTARTS = 5;

/** Solves with a Hermitian positive operator. */
export interface NormalSolver {
  solve(a: NormalOperator, x: Field, b: Field, stopping: Stopping): SolveReport;
  release(): void;
}

/**
 * Conjugate gradients (M. R. Hestenes, E. Stiefel, J. Res. Natl. Bur. Stand. 49 (1952) 409) for a Hermitian positive
 * operator. The residual is computed anew from the solution at the end; where rounding has made the recursion too
 * optimistic, the solver goes on from there.
 */
export class ConjugateGradient implements NormalSolver {
  private readonly space: SpinorSpace;
  private readonly sites: Sites;
  private readonly r: Field;
  private readonly p: Field;
  private readonly q: Field;

  /** Allocates three vectors. */
  constructor(space: SpinorSpace, sites: Sites) {
    this.space = space;
    this.sites = sites;
    [this.r, this.p, this.q] = [space.field(), space.field(), space.field()];
  }

  /**
   * Solves A x = b on the sites of the solver.
   * @param x holds the first guess and becomes the solution; b = 0 gives x = 0.
   * @param done iterations that the guess has cost: the report counts them, and so does the limit.
   * @throws NotConverged where the iterations run out, where A is not positive, and where numbers are lost; x is then the
   * last iterate.
   */
  solve(a: NormalOperator, x: Field, b: Field, stopping: Stopping, done = 0): SolveReport {
    const { space, sites } = this;
    const bb = checkedNorm2(solver, space.norm2(sites, b), stopping);
    const goal = targetNorm2(stopping, bb);
    if (bb === 0) {
      space.zero(sites, x);
      return { iterations: done, residual: 0 };
    }
    let iterations = done;
    let norm = 0;
    for (let starts = 0; ; starts++) {
      const rr = this.residual(a, x, b, bb);
      const reached = { rr, bb, iterations };
      if (rr <= goal || (starts > 0 && rr <= roundingNorm2(norm, space.norm2(sites, x), bb)))
        return { iterations, residual: Math.sqrt(rr / bb) };
      if (!Number.isFinite(rr)) throw notSolved(solver, reached, stopping, lost("the first guess or A"));
      if (iterations >= stopping.iterations) throw notSolved(solver, reached, stopping);
      if (starts > MAX_RESTARTS) throw notSolved(solver, reached, stopping, optimistic);
      const cycle = this.iterate(a, x, { rr, bb, goal, iterations }, stopping);
      iterations = cycle.iterations;
      norm = Math.max(norm, cycle.norm);
    }
  }

  /** r = b - A x; returns r^dagger r. */
  private residual(a: NormalOperator, x: Field, b: Field, bb: number): number {
    const { space, sites, r, q } = this;
    if (space.norm2(sites, x) === 0) {
      space.copy(sites, r, b);
      return bb;
    }
    a.apply(q, x);
    space.axpby(sites, r, 1, b, -1, q);
    return space.norm2(sites, r);
  }

  /** Iterates from the residual in r until the recursive one is at most `goal`. Returns also an upper estimate of |A|. */
  private iterate(
    a: NormalOperator,
    x: Field,
    start: { rr: number; bb: number; goal: number; iterations: number },
    stopping: Stopping,
  ): { iterations: number; norm: number } {
    const { space, sites, r, p, q } = this;
    const { bb, goal } = start;
    let { rr, iterations } = start;
    let [norm, before] = [0, 0];
    space.copy(sites, p, r);
    while (rr > goal && iterations < stopping.iterations) {
      const pap = a.apply(q, p);
      if (!(pap > 0)) throw notSolved(solver, { rr, bb, iterations }, stopping, notPositive(pap));
      const alpha = rr / pap;
      const next = space.cgStep(sites, x, r, p, q, alpha);
      iterations++;
      if (!Number.isFinite(next)) throw notSolved(solver, { rr: next, bb, iterations }, stopping, lost("r"));
      const beta = next / rr;
      rr = next;
      if (rr > goal) space.xpay(sites, p, r, beta);
      // Gershgorin on the tridiagonal matrix of the Lanczos process that conjugate gradients are
      norm = Math.max(norm, (1 + Math.sqrt(beta)) / alpha + before);
      before = (beta + Math.sqrt(beta)) / alpha;
    }
    return { iterations, norm };
  }

  release(): void {
    for (const field of [this.r, this.p, this.q]) field.release();
  }
}

const optimistic =
  "The recursion says it has converged and b - A x says it has not, again and again: is A Hermitian and the same at every call?";

/** Why conjugate gradients cannot go on with p^dagger A p = pap. */
export const notPositive = (pap: number): string =>
  Number.isFinite(pap)
    ? `p^dagger A p = ${pap.toPrecision(3)}: conjugate gradients need a Hermitian positive operator.`
    : lost("A p");
