import type { Field } from "../../../lattice/field.ts";
import type { DiracOperator } from "../operator.ts";
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

const solver = "Dirac equation";

/** Corrections before the solver gives up. */
const MAX_ROUNDS = 8;

export type { NormalSolver };

/** D^{-1} on all sites, for observables and spectra. */
export interface Propagator {
  /**
   * Solves D psi = b at the field that the operator has loaded.
   * @param psi holds the first guess and becomes the solution; b is on all sites and is kept.
   * @throws NotConverged
   */
  solve(psi: Field, b: Field): SolveReport;
  release(): void;
}

/**
 * D psi = b on all sites through the normal equations of the operator, which may be preconditioned:
 * P^dagger P d = P^dagger s with s from the residual, d completed to all sites and added to psi, until |b - D psi| itself
 * is small enough. One round does as a rule; a second one makes up for what P^{-1} has magnified.
 * @param stopping limits on b - D psi; its iterations are those of all rounds together.
 * @param inner solves the normal equations; plain conjugate gradients where left out. It is released with the result.
 * @throws TypeError for an operator on part of the sites that does not say how to complete a solution.
 */
export function propagator(
  op: DiracOperator,
  stopping: Stopping,
  inner: NormalSolver = new ConjugateGradient(op.space, op.domain),
): Propagator {
  return new NormalEquations(op, stopping, inner);
}

/** One solve of D psi = b, see `propagator`. */
export function solveDirac(op: DiracOperator, psi: Field, b: Field, stopping: Stopping): SolveReport {
  const made = propagator(op, stopping);
  try {
    return made.solve(psi, b);
  } finally {
    made.release();
  }
}

class NormalEquations implements Propagator {
  private readonly op: DiracOperator;
  private readonly stopping: Stopping;
  private readonly inner: NormalSolver;
  private readonly r: Field;
  private readonly s: Field;
  private readonly c: Field;
  private readonly d: Field;

  constructor(op: DiracOperator, stopping: Stopping, inner: NormalSolver) {
    if (op.domain !== "all" && !op.evenOdd)
      throw new TypeError(
        `${op.name}: an operator on ${op.domain} sites must have evenOdd to solve D psi = b on all of them`,
      );
    this.op = op;
    this.stopping = stopping;
    this.inner = inner;
    const made = () => op.space.field();
    [this.r, this.s, this.c, this.d] = [made(), made(), made(), made()];
  }

  solve(psi: Field, b: Field): SolveReport {
    const { stopping, d } = this;
    const { space } = this.op;
    const bb = checkedNorm2(solver, space.norm2("all", b), stopping);
    const goal = targetNorm2(stopping, bb);
    if (bb === 0) {
      space.zero("all", psi);
      return { iterations: 0, residual: 0 };
    }
    let iterations = 0;
    let norm = 0;
    for (let round = 0; ; round++) {
      const rr = this.residual(psi, b);
      const reached = { rr, bb, iterations };
      if (rr <= goal || (round > 0 && rr <= roundingNorm2(norm, space.norm2("all", psi), bb)))
        return { iterations, residual: Math.sqrt(rr / bb) };
      if (!Number.isFinite(rr)) throw notSolved(solver, reached, stopping, lost("the first guess or D"));
      if (iterations >= stopping.iterations) throw notSolved(solver, reached, stopping);
      if (round === MAX_ROUNDS) throw notSolved(solver, reached, stopping, stuck);
      // a residual just above the goal would ask for next to nothing, and of P^dagger r instead of r: then for a digit
      const relative = Math.min(0.1, Math.sqrt(goal / rr));
      const correction = this.correct({ iterations: stopping.iterations - iterations, relative });
      space.axpy("all", psi, 1, d);
      iterations += correction.iterations;
      norm = Math.max(norm, correction.norm / Math.sqrt(rr));
    }
  }

  /** r = b - D psi; returns r^dagger r. */
  private residual(psi: Field, b: Field): number {
    const { op, r, s } = this;
    if (op.evenOdd) op.evenOdd.whole(s, psi);
    else op.apply(s, psi);
    op.space.axpby("all", r, 1, b, -1, s);
    return op.space.norm2("all", r);
  }

  /** d, about D^{-1} r; also returns |P^dagger s|. */
  private correct(stopping: Stopping): { iterations: number; norm: number } {
    const { op, inner, r, s, c, d } = this;
    const { space, domain, evenOdd, normal } = op;
    if (evenOdd) evenOdd.source(s, r);
    op.applyDagger(c, evenOdd ? s : r);
    space.zero("all", d);
    const { iterations } = inner.solve(normal, d, c, stopping);
    evenOdd?.reconstruct(d, r);
    return { iterations, norm: Math.sqrt(space.norm2(domain, c)) };
  }

  release(): void {
    this.inner.release();
    for (const field of [this.r, this.s, this.c, this.d]) field.release();
  }
}

const stuck =
  "Corrections no longer make the residual smaller: ask for less, the operator is nearly singular on this gauge field.";
