import { type Matrix, size } from "./complex-matrix.ts";
import { tridiagonalEigen } from "./tridiagonal.ts";

/** Eigenvalues in ascending order, and orthonormal eigenvectors. */
export interface HermitianEigen {
  readonly values: Float64Array;
  /** Row k, numbers 2 n k .. 2 n (k + 1) as (re, im), is the eigenvector of values[k]. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a Hermitian n x n matrix (row-major, re, im interleaved; only the lower triangle is
 * read): Householder reflections to a real tridiagonal matrix, then implicit QL (Golub & Van Loan, Matrix Computations,
 * section 8.3). O(n^3). Throws a RangeError for a matrix that is not square or not Hermitian.
 */
export function hermitianEigen(a: Matrix): HermitianEigen {
  const n = size(a);
  const { v, scales, diagonal, offDiagonal, phases } = tridiagonalise(a, n);
  const { values, vectors } = tridiagonalEigen(diagonal, offDiagonal, true);
  return { values, vectors: transformBack(vectors!, v, scales, phases, n) };
}

/** Eigenvalues alone, in ascending order. */
export function hermitianEigenvalues(a: Matrix): Float64Array {
  const { diagonal, offDiagonal } = tridiagonalise(a, size(a));
  return tridiagonalEigen(diagonal, offDiagonal).values;
}

function refuseUnlessHermitian(a: Matrix, n: number): void {
  let largest = 0;
  for (const x of a) largest = Math.max(largest, Math.abs(x));
  if (!Number.isFinite(largest)) throw new RangeError("matrix with entries that are not finite numbers");
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [p, q] = [2 * (i * n + j), 2 * (j * n + i)];
      const defect = Math.max(Math.abs(a[p]! - a[q]!), Math.abs(a[p + 1]! + a[q + 1]!));
      if (!(defect <= 1e-8 * largest))
        throw new RangeError(
          `entries (${i}, ${j}) and (${j}, ${i}) differ from complex conjugates by ${defect}: not Hermitian`,
        );
    }
}

interface Tridiagonal {
  /** Row i holds the Householder vector v_i (i complex numbers) of H_i = 1 - scales_i v_i v_i^†. */
  readonly v: Float64Array;
  readonly scales: Float64Array;
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
  /** A = Q D T D^† Q^†, Q = H_(n-1) ... H_1, D the diagonal of these phases, T real. */
  readonly phases: Float64Array;
}

function tridiagonalise(a: Matrix, n: number): Tridiagonal {
  refuseUnlessHermitian(a, n);
  const v = a.slice();
  const scales = new Float64Array(n);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(Math.max(0, n - 1));
  const phases = new Float64Array(2 * n);
  const corner = new Float64Array(2 * n);
  const w = new Float64Array(2 * n);
  for (let i = n - 1; i > 0; i--) {
    const s = makeReflector(v, n, i, scales);
    corner.set(s, 2 * i);
    diagonal[i] = v[2 * (i * n + i)]!;
    if (scales[i] !== 0) reflectLeading(v, n, i, scales[i]!, w);
  }
  diagonal[0] = v[0]!;
  phases[0] = 1;
  for (let i = 1; i < n; i++) {
    // t_(i-1, i) = s; d_i = d_(i-1) s^* / |s| makes it |s|
    const [x, y] = [corner[2 * i]!, corner[2 * i + 1]!];
    const r = Math.hypot(x, y);
    const [c, d] = r > 0 ? [x / r, -y / r] : [1, 0];
    const [p, q] = [phases[2 * i - 2]!, phases[2 * i - 1]!];
    offDiagonal[i - 1] = r;
    phases.set([p * c - q * d, p * d + q * c], 2 * i);
  }
  return { v, scales, diagonal, offDiagonal, phases };
}

/**
 * Replaces row i (left of the diagonal) by the vector v with (1 - scale v v^†) x = s e_(i-1), x the column above the
 * diagonal; returns s.
 */
function makeReflector(v: Float64Array, n: number, i: number, scales: Float64Array): [number, number] {
  const row = 2 * i * n;
  let largest = 0;
  for (let k = row; k < row + 2 * i; k++) largest = Math.max(largest, Math.abs(v[k]!));
  if (largest === 0) return [0, 0];
  let square = 0;
  for (let k = row; k < row + 2 * i; k += 2) {
    v[k]! /= largest;
    v[k + 1]! /= -largest;
    square += v[k]! * v[k]! + v[k + 1]! * v[k + 1]!;
  }
  const norm = Math.sqrt(square);
  const last = row + 2 * i - 2;
  const [x, y] = [v[last]!, v[last + 1]!];
  const r = Math.hypot(x, y);
  const [c, d] = r > 0 ? [x / r, y / r] : [1, 0];
  v[last] = x + c * norm;
  v[last + 1] = y + d * norm;
  scales[i] = 1 / (norm * (norm + r));
  return [-c * norm * largest, -d * norm * largest];
}

/** B <- H B H = B - v w^† - w v^† on the lower triangle of the leading i x i block. */
function reflectLeading(a: Float64Array, n: number, i: number, scale: number, w: Float64Array): void {
  const v = a.subarray(2 * i * n, 2 * i * n + 2 * i);
  timesLower(a, n, i, v, w);
  let vw = 0;
  for (let k = 0; k < 2 * i; k++) vw += v[k]! * (w[k]! *= scale);
  const half = (scale / 2) * vw;
  for (let k = 0; k < 2 * i; k++) w[k]! -= half * v[k]!;
  for (let r = 0; r < i; r++) {
    const [vx, vy, wx, wy] = [v[2 * r]!, v[2 * r + 1]!, w[2 * r]!, w[2 * r + 1]!];
    const row = 2 * r * n;
    for (let k = 0; k <= 2 * r; k += 2) {
      const px = v[k]!;
      const py = v[k + 1]!;
      const qx = w[k]!;
      const qy = w[k + 1]!;
      a[row + k]! -= vx * qx + vy * qy + wx * px + wy * py;
      a[row + k + 1]! -= vy * qx - vx * qy + wy * px - wx * py;
    }
  }
}

/** w = B v with the Hermitian leading i x i block whose lower triangle is stored. */
function timesLower(a: Float64Array, n: number, i: number, v: Float64Array, w: Float64Array): void {
  w.fill(0, 0, 2 * i);
  for (let r = 0; r < i; r++) {
    const row = 2 * r * n;
    const [vx, vy] = [v[2 * r]!, v[2 * r + 1]!];
    let sx = a[row + 2 * r]! * vx;
    let sy = a[row + 2 * r]! * vy;
    for (let k = 0; k < 2 * r; k += 2) {
      const x = a[row + k]!;
      const y = a[row + k + 1]!;
      const px = v[k]!;
      const py = v[k + 1]!;
      sx += x * px - y * py;
      sy += x * py + y * px;
      w[k]! += x * vx + y * vy;
      w[k + 1]! += x * vy - y * vx;
    }
    w[2 * r]! += sx;
    w[2 * r + 1]! += sy;
  }
}

/** Rows Q D z for the rows z: a few at a time, so that they stay in the cache while the reflectors pass. */
function transformBack(
  z: Float64Array,
  v: Float64Array,
  scales: Float64Array,
  phases: Float64Array,
  n: number,
): Float64Array {
  const out = new Float64Array(2 * n * n);
  for (let k = 0; k < n * n; k++) {
    const i = k % n;
    out[2 * k] = z[k]! * phases[2 * i]!;
    out[2 * k + 1] = z[k]! * phases[2 * i + 1]!;
  }
  const block = 8;
  for (let first = 0; first < n; first += block)
    for (let i = 1; i < n; i++) {
      if (scales[i] === 0) continue;
      for (let k = first; k < Math.min(n, first + block); k++) reflect(out, 2 * n * k, v, 2 * n * i, 2 * i, scales[i]!);
    }
  return out;
}

/** x <- x - scale v (v^† x) */
function reflect(x: Float64Array, at: number, v: Float64Array, from: number, length: number, scale: number): void {
  let re = 0;
  let im = 0;
  for (let k = 0; k < length; k += 2) {
    const vx = v[from + k]!;
    const vy = v[from + k + 1]!;
    const x0 = x[at + k]!;
    const x1 = x[at + k + 1]!;
    re += vx * x0 + vy * x1;
    im += vx * x1 - vy * x0;
  }
  re *= scale;
  im *= scale;
  for (let k = 0; k < length; k += 2) {
    const vx = v[from + k]!;
    const vy = v[from + k + 1]!;
    x[at + k]! -= vx * re - vy * im;
    x[at + k + 1]! -= vx * im + vy * re;
  }
}
