import { traceOfInverse as tracePositive } from "../../../numerics/cholesky.ts";
import type { Matrix } from "../../../numerics/complex-matrix.ts";
import { inverseOf } from "../../../numerics/dense.ts";
import type { DiracOperator } from "../operator.ts";
import { Wilson } from "../wilson/wilson.ts";
import { isStaggeredEven } from "./determinant.ts";
import { matrixOf } from "./matrix.ts";

/** Whether `traceOfInverse` knows Tr D^{-1} from the matrix of the operator. */
export const hasDenseTrace = (op: DiracOperator): boolean =>
  op.domain === "all" || isStaggeredEven(op) || op instanceof Wilson;

/**
 * Re Tr D^{-1} over all sites, colours and spins at the loaded field; it is real for gamma_5-hermitian operators. On even
 * sites: for staggered quarks 2 m Tr (m^2 - Dslash^2)^{-1}; for Wilson quarks 2 Tr Dhat^{-1}, because the odd block of D^{-1}
 * is 1 + kappa^2 T_oe Dhat^{-1} T_eo with the trace of Dhat^{-1}. Throws a RangeError where the matrix is too large, and a
 * TypeError for other preconditioned operators: take them on all sites.
 */
export function traceOfInverse(op: DiracOperator): number {
  const { space, domain, normal } = op;
  if (isStaggeredEven(op))
    return 2 * op.mass * tracePositive(matrixOf(space, domain, (out, x) => normal.apply(out, x)));
  if (!hasDenseTrace(op))
    throw new TypeError(`${op.name} on ${domain} sites: the trace of D^-1 is taken from the operator on all sites`);
  const trace = realTrace(inverseOf(matrixOf(space, domain, (out, x) => op.apply(out, x))));
  return domain === "all" ? trace : 2 * trace;
}

function realTrace(a: Matrix): number {
  const n = Math.sqrt(a.length / 2);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[2 * (i * n + i)]!;
  return sum;
}
