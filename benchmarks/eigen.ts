import type { Device } from "../src/kernels/device.ts";
import { addressedRng } from "../src/numerics/addressed-random.ts";
import { hermitianEigen, hermitianEigenvalues } from "../src/numerics/hermitian.ts";
import { hermitianSolver } from "../src/physics/hermitian/solver.ts";
import { time } from "./timing.ts";

/** Rows of the matrices of double exchange on 6 x 6 and 8 x 8 sites. */
export const EIGEN_ROWS = [72, 128] as const;

/** Operations of the reduction to tridiagonal form; all that is O(n^2) beside it counts nothing. */
export const eigenFlops = (n: number): number => (16 / 3) * n ** 3;

/** Seconds for one dense Hermitian matrix; the kernels' include writing it into the heap. */
export interface EigenTimes {
  readonly values: number;
  readonly decompose: number;
  /** The same in plain TypeScript (numerics/hermitian.ts). */
  readonly plainValues: number;
  readonly plainDecompose: number;
}

export function eigenTimes(device: Device, n: number): EigenTimes {
  const a = gaussianHermitian(n);
  const solver = hermitianSolver(device, n);
  const values = time(() => {
    solver.matrix().set(a);
    solver.eigenvalues();
  }).minimum;
  const decompose = time(() => {
    solver.matrix().set(a);
    solver.decompose();
  }).minimum;
  solver.release();
  const plainValues = time(() => hermitianEigenvalues(a)).minimum;
  const plainDecompose = time(() => hermitianEigen(a)).minimum;
  return { values, decompose, plainValues, plainDecompose };
}

function gaussianHermitian(n: number): Float64Array {
  const stream = addressedRng("eigen").at("matrix", n);
  const a = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [re, im] = [stream.normal(), i === j ? 0 : stream.normal()];
      a.set([re, im], 2 * (i * n + j));
      a.set([re, -im], 2 * (j * n + i));
    }
  return a;
}
