import { logDeterminant as logPositive } from "../../../numerics/cholesky.ts";
import { type LogDeterminant, logDeterminantOf } from "../../../numerics/dense.ts";
import type { DiracOperator } from "../operator.ts";
import { Staggered } from "../staggered/staggered.ts";
import { matrixOf } from "./matrix.ts";

/**
 * det D on all sites, whatever set of sites the operator acts on, at its loaded field: by LU decomposition of the matrix of a
 * square operator, to which a preconditioned one adds the factors it left out (`local`); for staggered quarks on even sites
 * det D = det(m^2 + H H^dagger), H = Dslash_eo, by Cholesky. The phase is that of the operator's own matrix, 0 or pi for
 * gamma_5-hermitian ones. Throws a RangeError where the matrix is too large.
 */
export function logDeterminant(op: DiracOperator): LogDeterminant {
  const { space, domain, normal } = op;
  if (isStaggeredEven(op))
    return { logModulus: logPositive(matrixOf(space, domain, (out, x) => normal.apply(out, x))), phase: 0 };
  const { logModulus, phase } = logDeterminantOf(matrixOf(space, domain, (out, x) => op.apply(out, x)));
  return { logModulus: logModulus + (op.local?.logDeterminant() ?? 0), phase };
}

/** Staggered quarks on even sites are no square operator: D goes from the even sites to all. */
export const isStaggeredEven = (op: DiracOperator): op is Staggered => op instanceof Staggered && op.domain === "even";
