import { hermitianEigen, hermitianEigenvalues } from "../../../../numerics/hermitian.ts";
import type { HermitianSolver } from "../../../hermitian/hermitian-solver.ts";

/** The solver of numerics behind the interface of kernels. */
export function plainSolver(n: number): HermitianSolver {
  const matrix = new Float64Array(2 * n * n);
  return {
    n,
    matrix: () => matrix,
    eigenvalues: () => hermitianEigenvalues(matrix),
    decompose: () => hermitianEigen(matrix),
    release() {},
  };
}
