import type { Field } from "../../lattice/field.ts";
import type { DiracOperator } from "../dirac/operator.ts";
import { ChronologicalGuess } from "../dirac/solvers/chronological.ts";
import { ConjugateGradient } from "../dirac/solvers/conjugate-gradient.ts";
import { counted } from "../dirac/solvers/work.ts";
import type { PseudofermionTerm, SolverLimits } from "./pseudofermion.ts";
import { normalSolver } from "./solver.ts";

/**
 * S = phi^dagger (D^dagger D)^{-1} phi - 2 log det (local factors): two flavours of D, four of staggered quarks on the even
 * sites (D. H. Weingarten, D. N. Petcher, Phys. Lett. B 99 (1981) 333). Heat bath phi = D^dagger xi.
 *
 * dS = -2 Re Y^dagger dD X with X = (D^dagger D)^{-1} phi, Y = D X.
 */
export function quadratic(op: DiracOperator, limits: SolverLimits): PseudofermionTerm {
  const { space, domain, range } = op;
  const solver = normalSolver(op, limits.precision);
  const guess = new ChronologicalGuess(space, domain, limits.history);
  const [x, y] = [space.field(), space.field()];
  return {
    space,
    value(u, phi) {
      op.load(u);
      space.zero(domain, x);
      solver.solve(op.normal, x, phi, limits.action);
      return space.dot(domain, phi, x)[0]! - 2 * (op.local?.logDeterminant() ?? 0);
    },
    addDerivative(u, phi, weight, delta) {
      op.load(u);
      guess.guess(op.normal, x, phi);
      solver.solve(op.normal, x, phi, limits.force);
      guess.remember(x);
      op.apply(y, x);
      op.addDerivative(delta, -2 * weight, y, x);
      op.local?.addDerivative(delta, -2 * weight);
    },
    draw(u, phi, rng, purpose, step) {
      guess.reset();
      op.load(u);
      space.draw(range, y, "gaussian", rng, purpose, step);
      op.applyDagger(phi, y);
    },
  };
}

/**
 * S = phi^dagger W (D^dagger D)^{-1} W^dagger phi, and -2 log det of the local factors of D over those of W: the ratio
 * det(D^dagger D)/det(W^dagger W) of mass splitting (M. Hasenbusch, Phys. Lett. B 519 (2001) 177), and with W the
 * Pauli-Villars operator the domain-wall action. Heat bath phi = W^{-dagger} D^dagger xi. D and W act on the same vectors.
 *
 * dS = 2 Re phi^dagger dW X - 2 Re Y^dagger dD X with X = (D^dagger D)^{-1} W^dagger phi, Y = D X.
 */
export function ratio(op: DiracOperator, w: DiracOperator, limits: SolverLimits): PseudofermionTerm {
  const { space, domain } = op;
  const solver = normalSolver(op, limits.precision);
  const heatBath = counted(new ConjugateGradient(space, domain));
  const guess = new ChronologicalGuess(space, domain, limits.history);
  const [x, y, b] = [space.field(), space.field(), space.field()];
  const load = (u: Field) => {
    op.load(u);
    w.load(u);
  };
  return {
    space,
    value(u, phi) {
      load(u);
      w.applyDagger(b, phi);
      space.zero(domain, x);
      solver.solve(op.normal, x, b, limits.action);
      const local = (op.local?.logDeterminant() ?? 0) - (w.local?.logDeterminant() ?? 0);
      return space.dot(domain, b, x)[0]! - 2 * local;
    },
    addDerivative(u, phi, weight, delta) {
      load(u);
      w.applyDagger(b, phi);
      guess.guess(op.normal, x, b);
      solver.solve(op.normal, x, b, limits.force);
      guess.remember(x);
      op.apply(y, x);
      w.addDerivative(delta, 2 * weight, phi, x);
      op.addDerivative(delta, -2 * weight, y, x);
      op.local?.addDerivative(delta, -2 * weight);
      w.local?.addDerivative(delta, 2 * weight);
    },
    draw(u, phi, rng, purpose, step) {
      guess.reset();
      load(u);
      space.draw(domain, y, "gaussian", rng, purpose, step);
      op.applyDagger(b, y);
      // W^{-dagger} b = W (W^dagger W)^{-1} b
      space.zero(domain, x);
      heatBath.solve(w.normal, x, b, limits.action);
      w.apply(phi, x);
    },
  };
}
