import { isStaggeredEven } from "../../dirac/exact/determinant.ts";
import { byModulus, type Eigenvalue, staggeredPair } from "../../dirac/exact/eigenvalues.ts";
import { dimensionOf } from "../../dirac/exact/matrix.ts";
import type { DiracOperator } from "../../dirac/operator.ts";
import { arnoldi } from "../../dirac/solvers/arnoldi.ts";
import { lanczos } from "../../dirac/solvers/lanczos.ts";

/** Lowest eigenvalues of D^dagger D on all sites, ascending; `op` on all sites, or staggered, whose even ones count twice. */
export function lowestNormalEigenvalues(op: DiracOperator, count: number, tolerance: number): Float64Array {
  const each = isStaggeredEven(op) ? 2 : 1;
  const modes = lanczos(op.normal, { count: Math.ceil(count / each), tolerance });
  modes.release();
  return Float64Array.from({ length: count }, (_, i) => modes.values[Math.floor(i / each)]!);
}

/**
 * Eigenvalues of D on all sites of smallest modulus, in the order of `byModulus`: of staggered quarks from Lanczos on the
 * Hermitian D^dagger D of the even sites, of others from Arnoldi on D^{-1}.
 */
export function lowestEigenvalues(op: DiracOperator, count: number, tolerance: number): Eigenvalue[] {
  // conjugate pairs are looked for together
  const pairs = Math.ceil(count / 2);
  if (isStaggeredEven(op)) {
    const modes = lanczos(op.normal, { count: pairs, tolerance });
    modes.release();
    return byModulus([...modes.values].flatMap((square) => staggeredPair(op.mass, square))).slice(0, count);
  }
  const modes = arnoldi(op, { count: Math.min(2 * pairs, dimensionOf(op.space, "all")), tolerance });
  modes.release();
  return byModulus(modes.values).slice(0, count);
}
