import type { Device } from "../../kernels/device.ts";
import { eigenvaluesModule } from "./eigenvalues.ts";
import type { HermitianSolver } from "./hermitian-solver.ts";
import { UNITS } from "./lanes.ts";
import {
  blockRows,
  GROUP,
  groups,
  PAIR_BYTES,
  packedBytes,
  STEP,
  STEP_BYTES,
  STRIP,
  SWEEP_BYTES,
  strips,
  stripsBytes,
  vectorBytes,
} from "./layout.ts";
import { packModule } from "./pack.ts";
import { reductionModule } from "./reduction.ts";
import { rotationsModule, STATE, STATE_BYTES } from "./rotations.ts";
import { MOST_SWEEPS } from "./tridiagonal.ts";
import { vectorsModule } from "./vectors.ts";

/** Matrices whose largest element is outside are scaled by a power of two, so that no square over- or underflows. */
const SMALLEST = 2 ** -20;
const LARGEST = 2 ** 20;
/** Sweeps whose rotations are kept before they turn the vectors. */
const KEPT_SWEEPS = 32;
const MOST_ROWS = 4096;

/**
 * A solver for complex Hermitian matrices of n rows: Householder reflections to tridiagonal form, then QL. Values and
 * vectors are exact for a matrix that differs from the given one by a few roundings of its norm.
 *
 * Both calls throw a RangeError where the lower triangle has an element that is not a finite number. Throws a
 * RangeError for n that is not a whole number from 1 to 4096.
 */
export function hermitianSolver(device: Device, n: number): HermitianSolver {
  if (!(Number.isInteger(n) && n >= 1 && n <= MOST_ROWS))
    throw new RangeError(`Hermitian solver: ${n} rows; expected a whole number from 1 to ${MOST_ROWS}`);
  const { heap } = device;
  const kernels = kernelsFor(device, n);
  const bytes = memoryFor(n);
  const at = {} as Record<keyof typeof bytes, number>;
  for (const name of Object.keys(bytes) as (keyof typeof bytes)[]) at[name] = heap.allocate(bytes[name]);
  heap.f64(at.units, UNITS.length).set(UNITS);

  const pack = (factor: number) => device.run(kernels.pack, 1, at.largest, at.packed, at.matrix, factor);
  /** The tridiagonal form of the matrix times a factor, which it returns; all reflectors are kept, or two. */
  const reduce = (keep: "all" | "two"): number => {
    pack(1);
    const factor = factorFor(heap.f64(at.largest, 1)[0]!, () => heap.f64(at.matrix, 2 * n * n));
    if (factor !== 1) pack(factor);
    heap.f64(at.pairs, bytes.pairs / 8).fill(0);
    device.run(kernels.reduce, 1, at.packed, at.pairs, at.steps, at.reflectors, keep === "all" ? -1 : 1, at.units);
    return factor;
  };
  const scaledBack = (values: Float64Array, factor: number): Float64Array => {
    if (factor !== 1) for (let i = 0; i < n; i++) values[i]! /= factor;
    return values;
  };

  return {
    n,
    matrix: () => heap.f64(at.matrix, 2 * n * n),
    eigenvalues: () => {
      const factor = reduce("two");
      device.run(kernels.eigenvalues, 1, at.values, at.offDiagonal, at.steps, at.state);
      if (heap.i32(at.state, 1)[0] !== 0) throw new Error(notFound(n));
      return scaledBack(heap.f64(at.values, n), factor);
    },
    decompose: () => {
      const factor = reduce("all");
      rotateToVectors();
      const values = sortValues();
      phases(n, heap.f64(at.steps, bytes.steps / 8), heap.f64(at.phases, bytes.phases / 8));
      const { out, vectors, rows, order, reflectors, steps, units } = at;
      device.run(kernels.back, groups(n), out, vectors, rows, order, at.phases, reflectors, steps, units);
      return { values: scaledBack(values, factor), vectors: heap.f64(out, 2 * n * n) };
    },
    release: () => {
      for (const address of Object.values(at)) heap.release(address);
    },
  };

  /** Rows of eigenvectors of the tridiagonal matrix, in the order in which QL finds them. */
  function rotateToVectors(): void {
    const rows = heap.f64(at.rows, bytes.rows / 8).fill(0);
    for (let i = 0; i < n; i++) rows[(i - (i % STRIP)) * n + i * STRIP + (i % STRIP)] = 1;
    device.run(kernels.start, 1, at.values, at.offDiagonal, at.steps, at.state);
    const state = () => heap.i32(at.state, STATE_BYTES / 4);
    const { values, offDiagonal, rotations, list } = at;
    while (state()[STATE.row / 4]! < n) {
      device.run(kernels.sweeps, 1, values, offDiagonal, rotations, list, at.state, KEPT_SWEEPS * n);
      if (state()[STATE.failed / 4] !== 0) throw new Error(notFound(n));
      device.run(kernels.rotate, strips(n), at.rows, rotations, list, state()[STATE.listed / 4]!);
    }
  }

  /** Values in ascending order; row order[k] belongs to value k. */
  function sortValues(): Float64Array {
    const found = heap.f64(at.values, n);
    const sorted = Array.from(found.keys()).sort((i, j) => found[i]! - found[j]!);
    const values = Float64Array.from(sorted, (i) => found[i]!);
    heap.i32(at.order, bytes.order / 4).set(sorted);
    found.set(values);
    return found;
  }
}

/** Compiled before the memory is taken: no later call makes the heap grow. */
const kernelsFor = (device: Device, n: number) => ({
  ...device.kernels<"pack">(`hermitian/pack/${n}`, () => packModule(n)),
  ...device.kernels<"reduce">(`hermitian/reduce/${n}`, () => reductionModule(n)),
  ...device.kernels<"eigenvalues">(`hermitian/eigenvalues/${n}`, () => eigenvaluesModule(n)),
  ...device.kernels<"start" | "sweeps">(`hermitian/rotations/${n}`, () => rotationsModule(n)),
  ...device.kernels<"rotate" | "back">(`hermitian/vectors/${n}`, () => vectorsModule(n)),
});

/** Bytes of everything that a solver holds. */
const memoryFor = (n: number) => ({
  matrix: 16 * n * n,
  packed: packedBytes(n),
  pairs: PAIR_BYTES * blockRows(n),
  steps: STEP_BYTES * n,
  reflectors: Math.max(2, n) * vectorBytes(n),
  units: 8 * UNITS.length,
  values: 8 * (n + 1),
  offDiagonal: 8 * (n + 1),
  largest: 8,
  state: STATE_BYTES,
  rows: stripsBytes(n),
  rotations: 16 * KEPT_SWEEPS * n,
  // a sweep of one rotation is the shortest
  list: SWEEP_BYTES * KEPT_SWEEPS * n,
  order: 4 * GROUP * groups(n),
  phases: vectorBytes(n),
  vectors: GROUP * groups(n) * vectorBytes(n),
  out: 16 * n * GROUP * groups(n),
});

/** What to multiply a matrix by whose largest number is `largest`. */
function factorFor(largest: number, matrix: () => Float64Array): number {
  if (!Number.isFinite(largest)) throw new RangeError(notFinite(matrix()));
  if (largest === 0 || (largest >= SMALLEST && largest <= LARGEST)) return 1;
  // not beyond 2^1023: of matrices that are smaller still nothing normal is lost
  return 2 ** Math.min(1023, -Math.floor(Math.log2(largest)));
}

/** D of T = D^† Q^† A Q D: component i, (re, im) in pairs (layout.ts), turns t_(i-1, i) real and positive. */
function phases(n: number, steps: Float64Array, out: Float64Array): void {
  let [re, im] = [1, 0];
  for (let i = 0; i < n; i++) {
    const step = (i * STEP_BYTES) / 8;
    const size = i > 0 ? Math.sqrt(steps[step + STEP.square / 8]!) : 0;
    if (size > 0) {
      // t = -(cornerRe, cornerIm); the phase before times t^* / |t|
      const [x, y] = [-steps[step + STEP.cornerRe / 8]! / size, steps[step + STEP.cornerIm / 8]! / size];
      [re, im] = [re * x - im * y, re * y + im * x];
    }
    const at = (i >> 1) * 4 + (i & 1);
    out[at] = re;
    out[at + 2] = im;
  }
}

function notFinite(matrix: Float64Array): string {
  const n = Math.sqrt(matrix.length / 2);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [re, im] = [matrix[2 * (i * n + j)]!, matrix[2 * (i * n + j) + 1]!];
      if (!Number.isFinite(re) || !Number.isFinite(im))
        return `Hermitian matrix of ${n} rows: element (${i}, ${j}) is (${re}, ${im}); all must be finite numbers`;
    }
  return `Hermitian matrix of ${n} rows: all elements must be finite numbers`;
}

const notFound = (n: number) =>
  `Hermitian matrix of ${n} rows: an eigenvalue was not found in ${MOST_SWEEPS} QL sweeps, which no finite matrix needs; please report this matrix`;
