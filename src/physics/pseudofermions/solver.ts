import type { DiracOperator } from "../dirac/operator.ts";
import { ConjugateGradient, type NormalSolver } from "../dirac/solvers/conjugate-gradient.ts";
import { MixedConjugateGradient } from "../dirac/solvers/mixed.ts";
import { counted } from "../dirac/solvers/work.ts";
import type { SolverLimits } from "./pseudofermion.ts";

/**
 * A solver for D^dagger D of this operator (and, with "mixed", of no other). Throws a RangeError for "mixed" where the
 * operator or the lattice has no float32 form.
 */
export function normalSolver(op: DiracOperator, precision: SolverLimits["precision"] = "double"): NormalSolver {
  const { space, domain } = op;
  if (precision === "double") return counted(new ConjugateGradient(space, domain));
  const single = op.single?.();
  if (single) return counted(new MixedConjugateGradient(space, domain, single));
  throw new RangeError(
    op.single
      ? `precision: "mixed" needs a lattice whose sites fall into fours, and [${space.lattice.extents.join(", ")}] is none; write "double"`
      : `precision: "mixed" is for staggered and Wilson quarks, and ${op.name} has no float32 form; write "double"`,
  );
}
