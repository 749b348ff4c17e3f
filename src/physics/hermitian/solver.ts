import type { Device } from "../../kernels/device.ts";
import { hermitianEigen } from "../../numerics/hermitian.ts";
import type { HermitianSolver } from "./hermitian-solver.ts";
import { blockRows, PAIR_BYTES, packedBytes, STEP_BYTES, vectorBytes } from "./layout.ts";
import { packModule } from "./pack.ts";
import { reductionModule, UNITS } from "./reduction.ts";
import { MOST_SWEEPS, tridiagonalModule } from "./tridiagonal.ts";

/** Matrices whose largest element is outside are scaled by a power of two, so that no square over- or underflows. */
const SMALLEST = 2 ** -20;
const LARGEST = 2 ** 20;

/**
 * A solver for complex Hermitian matrices of n rows: Householder reflections to tridiagonal form, then QL. The
 * eigenvalues are exact for a matrix that differs from the given one by a few roundings of its norm.
 *
 * Both calls throw a RangeError where the lower triangle has an element that is not a finite number. Throws a
 * RangeError for n that is not a whole number from 1 to 4096.
 */
export function hermitianSolver(device: Device, n: number): HermitianSolver {
  if (!(Number.isInteger(n) && n >= 1 && n <= 4096))
    throw new RangeError(`Hermitian solver: ${n} rows; expected a whole number from 1 to 4096`);
  const { heap } = device;
  const { pack } = device.kernels<"pack">(`hermitian/pack/${n}`, () => packModule(n));
  const { reduce } = device.kernels<"reduce">(`hermitian/reduce/${n}`, () => reductionModule(n));
  const tridiagonal = device.kernels<"eigenvalues">(`hermitian/tridiagonal/${n}`, () => tridiagonalModule(n));
  const parts = {
    matrix: 16 * n * n,
    packed: packedBytes(n),
    pairs: PAIR_BYTES * blockRows(n),
    steps: STEP_BYTES * n,
    reflectors: 2 * vectorBytes(n),
    units: 8 * UNITS.length,
    values: 8 * (n + 1),
    squares: 8 * (n + 1),
    largest: 8,
    failed: 8,
  };
  const at = {} as Record<keyof typeof parts, number>;
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) at[name] = heap.allocate(parts[name]);
  heap.f64(at.units, UNITS.length).set(UNITS);

  const packTimes = (factor: number) => device.run(pack, 1, at.largest, at.packed, at.matrix, factor);
  /** Packs the matrix; returns what it was multiplied by. */
  const packScaled = (): number => {
    packTimes(1);
    const largest = heap.f64(at.largest, 1)[0]!;
    if (!Number.isFinite(largest)) throw new RangeError(notFinite(heap.f64(at.matrix, 2 * n * n), n));
    if (largest === 0 || (largest >= SMALLEST && largest <= LARGEST)) return 1;
    // not beyond 2^1023: of such numbers the smallest are lost, which is nothing beside the largest
    const factor = 2 ** Math.min(1023, -Math.floor(Math.log2(largest)));
    packTimes(factor);
    return factor;
  };

  const solver: HermitianSolver = {
    n,
    matrix: () => heap.f64(at.matrix, 2 * n * n),
    eigenvalues: () => {
      const factor = packScaled();
      heap.f64(at.pairs, parts.pairs / 8).fill(0);
      device.run(reduce, 1, at.packed, at.pairs, at.steps, at.reflectors, 1, at.units);
      device.run(tridiagonal.eigenvalues, 1, at.values, at.squares, at.steps, at.failed);
      if (heap.i32(at.failed, 1)[0] !== 0) throw new Error(notFound(n));
      const values = heap.f64(at.values, n);
      if (factor !== 1) for (let i = 0; i < n; i++) values[i]! /= factor;
      return values;
    },
    decompose: () => {
      const a = heap.f64(at.matrix, 2 * n * n).slice();
      for (let i = 0; i < n; i++)
        for (let j = 0; j < i; j++) {
          a[2 * (j * n + i)] = a[2 * (i * n + j)]!;
          a[2 * (j * n + i) + 1] = -a[2 * (i * n + j) + 1]!;
        }
      return hermitianEigen(a);
    },
    release: () => {
      for (const address of Object.values(at)) heap.release(address);
    },
  };
  return solver;
}

function notFinite(matrix: Float64Array, n: number): string {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [re, im] = [matrix[2 * (i * n + j)]!, matrix[2 * (i * n + j) + 1]!];
      if (!Number.isFinite(re) || !Number.isFinite(im))
        return `Hermitian matrix of ${n} rows: element (${i}, ${j}) is ${re} + ${im} i; all must be finite numbers`;
    }
  return `Hermitian matrix of ${n} rows: its elements must be finite numbers`;
}

const notFound = (n: number) =>
  `Hermitian matrix of ${n} rows: an eigenvalue was not found in ${MOST_SWEEPS} QL sweeps, which should not happen; please report the matrix`;
