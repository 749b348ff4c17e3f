import type { Field } from "../../../lattice/field.ts";
import type { SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { Quark } from "../../dirac/quark.ts";
import { ConjugateGradient } from "../../dirac/solvers/conjugate-gradient.ts";
import type { Stopping } from "../../dirac/solvers/stopping.ts";
import { Staggered } from "../../dirac/staggered/staggered.ts";

/** Fills `eta` with the noise of source number k, <eta eta^dagger> = 1 on the sites asked for. */
export type DrawSource = (space: SpinorSpace, sites: "all" | "even", eta: Field, k: number) => void;

/**
 * Estimates of Tr D^{-1} at the loaded field, one a noise source, each without bias for noise with <eta eta^dagger> = 1.
 * For staggered quarks D^{-1} = (m - Dslash)(m^2 - Dslash^2)^{-1}, in which Dslash has no trace and the even and odd block
 * have the same, so Tr D^{-1} = 2 m Tr_e (m^2 - Dslash^2)^{-1}: one Hermitian solution on half of the sites each. For
 * other quarks Re eta^dagger S eta.
 */
export function traceEstimates(quark: Quark, stopping: Stopping, sources: number, draw: DrawSource): number[] {
  const { operator } = quark;
  return operator instanceof Staggered && operator.domain === "even"
    ? staggeredEstimates(operator, stopping, sources, draw)
    : generalEstimates(quark, sources, draw);
}

function staggeredEstimates(op: Staggered, stopping: Stopping, sources: number, draw: DrawSource): number[] {
  const { space, mass } = op;
  const solver = new ConjugateGradient(space, "even");
  const [eta, x] = [space.field(), space.field()];
  try {
    return Array.from({ length: sources }, (_, k) => {
      draw(space, "even", eta, k);
      space.zero("even", x);
      solver.solve(op.normal, x, eta, stopping);
      return 2 * mass * space.dot("even", eta, x)[0]!;
    });
  } finally {
    for (const made of [solver, eta, x]) made.release();
  }
}

function generalEstimates(quark: Quark, sources: number, draw: DrawSource): number[] {
  const { space } = quark;
  const [eta, psi] = [space.field(), space.field()];
  try {
    return Array.from({ length: sources }, (_, k) => {
      draw(space, "all", eta, k);
      quark.solve(psi, eta);
      return space.dot("all", eta, psi)[0]!;
    });
  } finally {
    eta.release();
    psi.release();
  }
}
