import type { Field } from "../../lattice/field.ts";
import type { PartialFractions } from "../../numerics/remez/rational-function.ts";
import type { DiracOperator } from "../dirac/operator.ts";
import { ChronologicalGuess } from "../dirac/solvers/chronological.ts";
import { MultiShift } from "../dirac/solvers/multi-shift.ts";
import type { Stopping } from "../dirac/solvers/stopping.ts";
import { count } from "../dirac/solvers/work.ts";
import type { PseudofermionTerm, SolverLimits } from "./pseudofermion.ts";
import { normalSolver } from "./solver.ts";

/** Rational functions of M = D^dagger D that stand for its powers on the whole spectrum. */
export interface RationalPowers {
  /** M^{p/2}, for the heat bath. */
  readonly draw: PartialFractions;
  /** M^{-p/2}, for the action. */
  readonly action: PartialFractions;
  /** M^{-p}, for forces; may be coarser, the Metropolis test is made with `action`. */
  readonly force: PartialFractions;
}

/**
 * S = |M^{-p/2} phi|^2 for M = D^dagger D, any power p: rational hybrid Monte Carlo (A. D. Kennedy, I. Horvath, S. Sint,
 * Nucl. Phys. B (Proc. Suppl.) 73 (1999) 834; M. A. Clark, A. D. Kennedy, Phys. Rev. Lett. 98 (2007) 051601).
 *
 * dS = -2 sum_k a_k Re Y_k^dagger dD X_k with X_k = (M + b_k)^{-1} phi, Y_k = D X_k, for M^{-p} ~ c + sum_k a_k/(M + b_k).
 */
export function rational(op: DiracOperator, powers: RationalPowers, limits: SolverLimits): PseudofermionTerm {
  if (limits.precision === "mixed")
    throw new RangeError('precision: the shifts of a rational approximation are solved in float64; write "double"');
  const { space, domain } = op;
  const solver = new MultiShift(space, domain);
  const most = Math.max(...[powers.draw, powers.action, powers.force].map(({ poles }) => poles.length));
  const solutions = Array.from({ length: most }, () => space.field());
  const y = space.field();
  const solve = ({ poles }: PartialFractions, b: Field, stopping: Stopping): readonly Field[] => {
    const x = solutions.slice(0, poles.length);
    count(solver.solve(op.normal, poles, x, b, stopping));
    return x;
  };
  /** out = r(M) b; out is not b. */
  const apply = (r: PartialFractions, out: Field, b: Field, stopping: Stopping) => {
    const x = solve(r, b, stopping);
    space.axpby(domain, out, r.constant, b, 0, b);
    r.residues.forEach((a, k) => space.axpy(domain, out, a, x[k]!));
  };
  return {
    space,
    value(u, phi) {
      op.load(u);
      apply(powers.action, y, phi, limits.action);
      return space.norm2(domain, y);
    },
    addDerivative(u, phi, weight, delta) {
      op.load(u);
      const x = solve(powers.force, phi, limits.force);
      powers.force.residues.forEach((a, k) => {
        op.apply(y, x[k]!);
        op.addDerivative(delta, -2 * weight * a, y, x[k]!);
      });
    },
    draw(u, phi, rng, purpose, step) {
      op.load(u);
      space.draw(domain, y, "gaussian", rng, purpose, step);
      apply(powers.draw, phi, y, limits.action);
    },
  };
}

/**
 * S = phi^dagger (M + d)/M phi for M = D^dagger D: the ratio det M / det(M + d) of mass splitting for an operator whose D
 * is not square (staggered quarks on even sites, d the difference of the squared masses). Heat bath
 * phi = (M/(M + d))^{1/2} xi with a rational approximation `draw` of that root.
 *
 * dS = -2 d Re Y^dagger dD X with X = M^{-1} phi, Y = D X.
 */
export function shifted(op: DiracOperator, d: number, draw: PartialFractions, limits: SolverLimits): PseudofermionTerm {
  const { space, domain } = op;
  const inverse = normalSolver(op, limits.precision);
  const guess = new ChronologicalGuess(space, domain, limits.history);
  const heatBath = rational(op, { draw, action: draw, force: draw }, { ...limits, precision: "double" });
  const [x, y] = [space.field(), space.field()];
  return {
    space,
    value(u, phi) {
      op.load(u);
      space.zero(domain, x);
      inverse.solve(op.normal, x, phi, limits.action);
      return space.norm2(domain, phi) + d * space.dot(domain, phi, x)[0]!;
    },
    addDerivative(u, phi, weight, delta) {
      op.load(u);
      guess.guess(op.normal, x, phi);
      inverse.solve(op.normal, x, phi, limits.force);
      guess.remember(x);
      op.apply(y, x);
      op.addDerivative(delta, -2 * weight * d, y, x);
    },
    draw(...where) {
      guess.reset();
      heatBath.draw(...where);
    },
  };
}
