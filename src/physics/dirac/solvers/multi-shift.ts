import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { NormalOperator } from "../operator.ts";
import { ConjugateGradient, notPositive } from "./conjugate-gradient.ts";
import { checkedNorm2, lost, notSolved, type SolveReport, type Stopping, targetNorm2 } from "./stopping.ts";

const solver = "multi-shift conjugate gradients";

/** One shifted system while it is being iterated. */
interface Shift {
  readonly x: Field;
  readonly p: Field;
  /** Distance from the smallest shift. */
  readonly delta: number;
  /** Its residual is zeta times that of the smallest shift. */
  zeta: number;
  /** zeta over the zeta before. */
  ratio: number;
  /** |r|^2 at which it was left, by the recursion; undefined while it goes on. */
  done?: number;
}

/**
 * Multi-shift conjugate gradients (A. Frommer, B. Nöckel, S. Güsken, T. Lippert, K. Schilling, Int. J. Mod. Phys. C6
 * (1995) 627; B. Jegerlehner, hep-lat/9612014): (A + sigma_i) x_i = b for all shifts in the iterations of the smallest.
 *
 * The recursion runs on ratios of successive zeta, which stay in (0, 1]; the zeta themselves can only underflow, long
 * after the shift they belong to has converged and is left alone.
 */
export class MultiShift {
  private readonly space: SpinorSpace;
  private readonly sites: Sites;
  private readonly r: Field;
  private readonly q: Field;
  private readonly directions: Field[] = [];
  private polish?: ConjugateGradient;

  /** Allocates two vectors; the search directions, one a shift, come with the first solve. */
  constructor(space: SpinorSpace, sites: Sites) {
    this.space = space;
    this.sites = sites;
    [this.r, this.q] = [space.field(), space.field()];
  }

  /**
   * Solves (A + sigma_i) x_i = b for every shift; the limits of `stopping` hold for each of the systems.
   * @param shifts in any order; A + sigma must be positive for all.
   * @param x one vector a shift, which becomes the solution (a first guess is not used).
   * @returns iterations of the smallest shift and, as residual, |sum_i (b - (A + sigma_i) x_i)| / |b|, computed from the
   * solutions with one application of A. The residuals are positive multiples of one vector, so it bounds each of them.
   * @throws NotConverged, RangeError where shifts and vectors do not match.
   */
  solve(a: NormalOperator, shifts: readonly number[], x: readonly Field[], b: Field, stopping: Stopping): SolveReport {
    const { space, sites } = this;
    if (shifts.length === 0 || shifts.length !== x.length)
      throw new RangeError(`multi-shift: ${shifts.length} shifts and ${x.length} vectors; give one vector a shift`);
    const bb = checkedNorm2(solver, space.norm2(sites, b), stopping);
    const goal = targetNorm2(stopping, bb);
    for (const field of x) space.zero(sites, field);
    if (bb === 0) return { iterations: 0, residual: 0 };

    const base = Math.min(...shifts);
    const systems = this.start(shifts, x, b, base);
    const iterations = this.iterate(a, systems, base, { bb, goal }, stopping);
    const allowed = systems.reduce((sum, system) => sum + Math.sqrt(system.done!), 0);
    const rr = this.residual(a, shifts, x, b);
    if (Math.sqrt(rr) <= 1.1 * allowed) return { iterations, residual: Math.sqrt(rr / bb) };
    return this.repair(a, shifts, x, b, iterations, stopping);
  }

  private start(shifts: readonly number[], x: readonly Field[], b: Field, base: number): Shift[] {
    const { space, sites, directions } = this;
    while (directions.length < shifts.length) directions.push(space.field());
    space.copy(sites, this.r, b);
    const systems = shifts.map((sigma, i) => {
      space.copy(sites, directions[i]!, b);
      return { x: x[i]!, p: directions[i]!, delta: sigma - base, zeta: 1, ratio: 1 };
    });
    // the smallest first: it is the one whose conjugate gradients are run
    return systems.sort((s, t) => s.delta - t.delta);
  }

  /** Iterates until every system has converged; returns the iterations. */
  private iterate(
    a: NormalOperator,
    systems: readonly Shift[],
    base: number,
    { bb, goal }: { bb: number; goal: number },
    stopping: Stopping,
  ): number {
    const { space, sites, r, q } = this;
    const [first, ...others] = systems as [Shift, ...Shift[]];
    let [rr, pp, iterations] = [bb, bb, 0];
    let before = { alpha: 1, beta: 0 };
    const fail = (why?: string) => notSolved(solver, { rr, bb, iterations }, stopping, why);
    while (rr > goal) {
      if (iterations >= stopping.iterations) throw fail();
      let pap = a.apply(q, first.p);
      if (base !== 0) {
        space.axpy(sites, q, base, first.p);
        pap += base * pp;
      }
      if (!(pap > 0)) throw fail(notPositive(pap));
      const alpha = rr / pap;
      const next = space.cgStep(sites, first.x, r, first.p, q, alpha);
      const beta = next / rr;
      rr = next;
      iterations++;
      if (!Number.isFinite(rr)) throw fail(lost("r"));
      for (const system of others) if (system.done === undefined) this.step(system, alpha, beta, before, rr, goal);
      space.xpay(sites, first.p, r, beta);
      pp = rr + beta * beta * pp; // r is orthogonal to the old p
      before = { alpha, beta };
    }
    for (const system of systems) system.done ??= system.zeta ** 2 * rr;
    return iterations;
  }

  /** x += alpha ratio p and p <- zeta r + beta ratio^2 p, with ratio = zeta / (zeta before). */
  private step(
    system: Shift,
    alpha: number,
    beta: number,
    before: { alpha: number; beta: number },
    rr: number,
    goal: number,
  ): void {
    const { space, sites, r } = this;
    const carried = ((alpha * before.beta) / before.alpha) * (1 - system.ratio);
    system.ratio = 1 / (1 + alpha * system.delta + carried);
    system.zeta *= system.ratio;
    space.shiftStep(sites, system.x, system.p, alpha * system.ratio, system.zeta, r, beta * system.ratio ** 2);
    const norm2 = system.zeta ** 2 * rr;
    if (norm2 <= goal) system.done = norm2;
  }

  /** |sum_i (b - (A + sigma_i) x_i)|^2, with one application of A. */
  private residual(a: NormalOperator, shifts: readonly number[], x: readonly Field[], b: Field): number {
    const { space, sites, r, q } = this;
    const [sum] = this.directions as [Field];
    space.copy(sites, sum, x[0]!);
    for (const field of x.slice(1)) space.axpy(sites, sum, 1, field);
    a.apply(q, sum);
    space.axpby(sites, r, shifts.length, b, -1, q);
    shifts.forEach((sigma, i) => sigma !== 0 && space.axpy(sites, r, -sigma, x[i]!));
    return space.norm2(sites, r);
  }

  /** Where rounding has spoilt the recursion: conjugate gradients for each system from where it is. */
  private repair(
    a: NormalOperator,
    shifts: readonly number[],
    x: readonly Field[],
    b: Field,
    done: number,
    stopping: Stopping,
  ): SolveReport {
    const { space, sites } = this;
    this.polish ??= new ConjugateGradient(space, sites);
    let iterations = done;
    let residual = 0;
    for (const [i, sigma] of shifts.entries()) {
      const report = this.polish.solve(shifted(a, sigma), x[i]!, b, stopping);
      iterations += report.iterations;
      residual = Math.max(residual, report.residual);
    }
    return { iterations, residual };
  }

  release(): void {
    for (const field of [this.r, this.q, ...this.directions]) field.release();
    this.polish?.release();
  }
}

/** A + sigma */
export const shifted = (a: NormalOperator, sigma: number): NormalOperator => ({
  space: a.space,
  sites: a.sites,
  apply(out, x) {
    const xax = a.apply(out, x);
    if (sigma === 0) return xax;
    a.space.axpy(a.sites, out, sigma, x);
    return xax + sigma * a.space.norm2(a.sites, x);
  },
});
