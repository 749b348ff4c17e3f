import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import {
  checkedNorm2,
  lost,
  notSolved,
  roundingNorm2,
  type SolveReport,
  type Stopping,
  targetNorm2,
} from "./stopping.ts";

const solver = "BiCGStab";

/** Restarts, after a breakdown or where the recursion was too optimistic, before the solver gives up. */
const MAX_RESTARTS = 20;

/** Any linear operator from a set of sites to the same. */
export interface SquareOperator {
  readonly space: SpinorSpace;
  readonly sites: Sites;
  /** out = A x. out is not x. */
  apply(out: Field, x: Field): void;
}

/**
 * Stabilised biconjugate gradients (H. A. van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992) 631) for an operator that
 * is not Hermitian: D psi = b itself, two applications of D an iteration. Good for heavy Wilson quarks; where the
 * spectrum surrounds zero (staggered quarks, negative masses) it stagnates and the normal equations are the way.
 */
export class BiCGStab {
  private readonly space: SpinorSpace;
  private readonly sites: Sites;
  private readonly r: Field;
  private readonly shadow: Field;
  private readonly p: Field;
  private readonly v: Field;
  private readonly t: Field;

  /** Allocates five vectors. */
  constructor(space: SpinorSpace, sites: Sites) {
    this.space = space;
    this.sites = sites;
    const made = () => space.field();
    [this.r, this.shadow, this.p, this.v, this.t] = [made(), made(), made(), made(), made()];
  }

  /**
   * Solves A x = b on the sites of the solver.
   * @param x holds the first guess and becomes the solution; b = 0 gives x = 0.
   * @throws NotConverged where the iterations or restarts run out and where numbers are lost.
   */
  solve(a: SquareOperator, x: Field, b: Field, stopping: Stopping): SolveReport {
    const { space, sites } = this;
    const bb = checkedNorm2(solver, space.norm2(sites, b), stopping);
    const goal = targetNorm2(stopping, bb);
    if (bb === 0) {
      space.zero(sites, x);
      return { iterations: 0, residual: 0 };
    }
    let iterations = 0;
    let norm = 0;
    for (let starts = 0; ; starts++) {
      const rr = this.residual(a, x, b);
      const reached = { rr, bb, iterations };
      if (rr <= goal || (starts > 0 && rr <= roundingNorm2(norm, space.norm2(sites, x), bb)))
        return { iterations, residual: Math.sqrt(rr / bb) };
      if (!Number.isFinite(rr)) throw notSolved(solver, reached, stopping, lost("the solution"));
      if (iterations >= stopping.iterations) throw notSolved(solver, reached, stopping, tooSlow);
      if (starts > MAX_RESTARTS) throw notSolved(solver, reached, stopping, stagnates);
      const cycle = this.iterate(a, x, { rr, goal, iterations }, stopping.iterations);
      iterations = cycle.iterations;
      norm = Math.max(norm, cycle.norm);
    }
  }

  /** r = b - A x; returns r^dagger r. */
  private residual(a: SquareOperator, x: Field, b: Field): number {
    const { space, sites, r, t } = this;
    a.apply(t, x);
    space.axpby(sites, r, 1, b, -1, t);
    return space.norm2(sites, r);
  }

  /**
   * Iterates from the residual in r until the recursive one is at most `goal`, the method breaks down (r orthogonal to
   * the shadow residual, or A r to r) or the iterations are used up. Returns also a lower estimate of |A|.
   */
  private iterate(
    a: SquareOperator,
    x: Field,
    start: { rr: number; goal: number; iterations: number },
    limit: number,
  ): { iterations: number; norm: number } {
    const { space, sites, r, shadow, p, v, t } = this;
    let { rr, iterations } = start;
    let norm = 0;
    let rho: Complex = [rr, 0];
    space.copy(sites, shadow, r);
    space.copy(sites, p, r);
    const shadowNorm = Math.sqrt(rr);
    while (rr > start.goal && iterations < limit) {
      a.apply(v, p);
      const along = pair(space.dot(sites, shadow, v));
      const alpha = over(rho, along);
      if (!usable(alpha)) break;
      space.complexAxpy(sites, r, -alpha[0], -alpha[1], v); // s = r - alpha v
      a.apply(t, r);
      iterations++;
      const tt = space.norm2(sites, t);
      const ts = pair(space.dot(sites, t, r));
      const omega: Complex = tt > 0 ? [ts[0] / tt, ts[1] / tt] : [0, 0];
      norm = Math.max(norm, Math.sqrt(tt / space.norm2(sites, r)) || 0);
      space.complexAxpy(sites, x, alpha[0], alpha[1], p);
      space.complexAxpy(sites, x, omega[0], omega[1], r);
      space.complexAxpy(sites, r, -omega[0], -omega[1], t);
      rr = space.norm2(sites, r);
      const next = pair(space.dot(sites, shadow, r));
      if (!usable(omega) || Math.hypot(...next) < 1e-14 * shadowNorm * Math.sqrt(rr)) break;
      const beta = times(over(next, rho), over(alpha, omega));
      rho = next;
      // p <- r + beta (p - omega v)
      space.complexAxpy(sites, p, -omega[0], -omega[1], v);
      this.scaledPlus(p, beta, r);
    }
    return { iterations, norm };
  }

  /** p <- r + beta p; t is free at this point. */
  private scaledPlus(p: Field, beta: Complex, r: Field): void {
    const { space, sites, t } = this;
    space.copy(sites, t, p);
    space.xpay(sites, p, r, beta[0]);
    if (beta[1] !== 0) space.complexAxpy(sites, p, 0, beta[1], t);
  }

  release(): void {
    for (const field of [this.r, this.shadow, this.p, this.v, this.t]) field.release();
  }
}

type Complex = readonly [number, number];
const pair = (z: Float64Array): Complex => [z[0]!, z[1]!];
const times = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
function over(a: Complex, b: Complex): Complex {
  const size = b[0] ** 2 + b[1] ** 2;
  return [(a[0] * b[0] + a[1] * b[1]) / size, (a[1] * b[0] - a[0] * b[1]) / size];
}
const usable = (z: Complex) => Number.isFinite(z[0]) && Number.isFinite(z[1]) && (z[0] !== 0 || z[1] !== 0);

const tooSlow = "Allow more iterations, ask for less, or solve the normal equations by conjugate gradients.";
const stagnates =
  "BiCGStab does not get on: the spectrum surrounds zero or nearly touches it. Solve the normal equations by conjugate gradients.";
