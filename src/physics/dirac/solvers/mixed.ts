import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { NormalOperator, SingleOperator } from "../operator.ts";
import { ConjugateGradient, type NormalSolver } from "./conjugate-gradient.ts";
import {
  checkedNorm2,
  lost,
  notSolved,
  roundingNorm2,
  type SolveReport,
  type Stopping,
  targetNorm2,
} from "./stopping.ts";

const solver = "mixed-precision conjugate gradients";

/** The float32 residual may shrink by this factor before it is replaced by the true one. */
const DELTA = 0.05;
/** A correction counts as progress where it makes the true residual smaller by this factor. */
const PROGRESS = 0.5;
/** Part of the iterations that float32 may use up; the others are for float64 where it does not get there. */
const SHARE = 0.5;
/** |r|^2 may grow by the condition number of A on the way; what grows more is past the help of float32. */
const RUNAWAY = 1e8;

/**
 * Conjugate gradients that iterate in float32 and correct themselves in float64 (reliable updates: G. L. G. Sleijpen,
 * H. A. van der Vorst, Computing 56 (1996) 141; M. A. Clark et al., Comput. Phys. Commun. 181 (2010) 1517): whenever the
 * recursive residual has shrunk by a factor of 20, the solution is added up in float64, the residual computed from it,
 * and the search goes on in the old direction. The result is as exact as that of ConjugateGradient. Where float32 does
 * not get on (the operator is too ill-conditioned for it) a correction that made things worse is taken back and the rest
 * is done in float64, for which half of the iterations are kept.
 */
export class MixedConjugateGradient implements NormalSolver {
  private readonly space: SpinorSpace;
  private readonly sites: Sites;
  private readonly single: SingleOperator;
  private readonly full: ConjugateGradient;
  private readonly r: Field;
  private readonly ax: Field;
  /** x before the correction at hand. */
  private readonly kept: Field;
  private readonly inner: { readonly x: Field; readonly r: Field; readonly p: Field; readonly q: Field };

  /**
   * Allocates six vectors in float64 and four in float32.
   * @param single the operator that `solve` is called with, on the same field, in float32.
   */
  constructor(space: SpinorSpace, sites: Sites, single: SingleOperator) {
    this.space = space;
    this.sites = sites;
    this.single = single;
    this.full = new ConjugateGradient(space, sites);
    [this.r, this.ax, this.kept] = [space.field(), space.field(), space.field()];
    const made = () => single.normal.space.field();
    this.inner = { x: made(), r: made(), p: made(), q: made() };
  }

  /**
   * Solves A x = b on the sites of the solver.
   * @param x holds the first guess and becomes the solution; b = 0 gives x = 0.
   * @throws NotConverged, as ConjugateGradient.
   */
  solve(a: NormalOperator, x: Field, b: Field, stopping: Stopping): SolveReport {
    const { space, sites, single, inner } = this;
    const bb = checkedNorm2(solver, space.norm2(sites, b), stopping);
    const goal = targetNorm2(stopping, bb);
    if (bb === 0) {
      space.zero(sites, x);
      return { iterations: 0, residual: 0 };
    }
    const budget = Math.floor(SHARE * stopping.iterations);
    let [iterations, direction, norm] = [0, 0, 0];
    for (let rr = this.residual(a, x, b); ; ) {
      if (rr <= goal) return { iterations, residual: Math.sqrt(rr / bb) };
      if (!Number.isFinite(rr)) throw notSolved(solver, { rr, bb, iterations }, stopping, lost("the first guess or A"));
      const cycle = this.iterate(rr, direction, Math.max(0.5 * goal, DELTA ** 2 * rr), budget - iterations);
      iterations += cycle.iterations;
      space.copy(sites, this.kept, x);
      if (cycle.usable) single.promoteAdd(x, inner.x);
      const next = cycle.usable ? this.residual(a, x, b) : rr;
      if (!(next <= rr)) space.copy(sites, x, this.kept);
      norm = Math.max(norm, cycle.norm);
      const done = next <= goal;
      const useful = next <= PROGRESS ** 2 * rr && next > roundingNorm2(norm, space.norm2(sites, x), bb);
      if (!done && !useful) return this.full.solve(a, x, b, stopping, iterations);
      // the old direction stays useful with the weight that conjugate gradients give it
      direction = next / cycle.rr;
      rr = next;
    }
  }

  /** r = b - A x; returns r^dagger r. */
  private residual(a: NormalOperator, x: Field, b: Field): number {
    const { space, sites, r, ax } = this;
    a.apply(ax, x);
    space.axpby(sites, r, 1, b, -1, ax);
    return space.norm2(sites, r);
  }

  /**
   * Float32 iterations for A x = r from x = 0 until |r|^2 <= goal. `usable` is false where float32 has lost all meaning;
   * `rr` is the |r|^2 that the last direction belongs to, `norm` an upper estimate of |A|.
   * @param direction weight of the last search direction in the first one; 0 for none.
   */
  private iterate(start: number, direction: number, goal: number, limit: number) {
    const { single, inner } = this;
    const { normal } = single;
    const { space, sites } = normal;
    const { x, r, p, q } = inner;
    space.zero(sites, x);
    single.demote(r, this.r);
    if (direction > 0) space.xpay(sites, p, r, direction);
    else space.copy(sites, p, r);
    let [rr, before, iterations] = [start, start, 0];
    let [norm, left] = [0, 0];
    while (rr > goal && iterations < limit) {
      const pap = normal.apply(q, p);
      if (!(pap > 0)) return { iterations, rr: before, norm, usable: false };
      before = rr;
      const alpha = rr / pap;
      rr = space.cgStep(sites, x, r, p, q, alpha);
      iterations++;
      if (!(rr < RUNAWAY * start)) return { iterations, rr: before, norm, usable: false };
      const beta = rr / before;
      if (rr > goal) space.xpay(sites, p, r, beta);
      norm = Math.max(norm, (1 + Math.sqrt(beta)) / alpha + left);
      left = (beta + Math.sqrt(beta)) / alpha;
    }
    return { iterations, rr: before, norm, usable: iterations > 0 };
  }

  release(): void {
    this.full.release();
    for (const field of [this.r, this.ax, this.kept, ...Object.values(this.inner)]) field.release();
  }
}
