import { type Matrix, size } from "./complex-matrix.ts";
import { reduceToHessenberg } from "./hessenberg.ts";

/** A = Q T Q^†: Q unitary, T upper triangular with the eigenvalues on its diagonal; row-major, re, im interleaved. */
export interface Schur {
  readonly n: number;
  readonly t: Float64Array;
  readonly q: Float64Array;
}

const sweepsForOne = 60;

/**
 * All eigenvalues (re, im interleaved, in no particular order) of a general complex n x n matrix: Hessenberg form, then
 * QR sweeps with Wilkinson's shift on the part that has not split off (Golub & Van Loan, Matrix Computations, section
 * 7.5). O(n^3), about 25 n^3 operations. The matrix is not balanced first. Throws a RangeError for a matrix that is not
 * square or not finite, and where the sweeps do not converge.
 */
export function eigenvaluesOf(a: Matrix): Float64Array {
  const n = size(a);
  refuseUnlessFinite(a);
  const h = a.slice();
  reduceToHessenberg(h, n, false);
  splitOff(h, n);
  return diagonal(h, n);
}

/** The Schur form of a general complex matrix; errors as `eigenvaluesOf`. */
export function schur(a: Matrix): Schur {
  const n = size(a);
  refuseUnlessFinite(a);
  const t = a.slice();
  const q = reduceToHessenberg(t, n, true)!;
  splitOff(t, n, q);
  for (let i = 1; i < n; i++) t.fill(0, 2 * i * n, 2 * (i * n + i));
  return { n, t, q };
}

/** The eigenvalues of a Schur form in the order of its diagonal, (re, im) interleaved. */
export function schurValues({ t, n }: Schur): Float64Array {
  return diagonal(t, n);
}

function diagonal(a: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: 2 * n }, (_, k) => a[2 * ((k >> 1) * n + (k >> 1)) + (k & 1)]!);
}

function refuseUnlessFinite(a: Matrix): void {
  if (!a.every(Number.isFinite)) throw new RangeError("matrix with entries that are not finite numbers");
}

/**
 * QR sweeps until the Hessenberg matrix h is triangular. Without z only the window that has not split off is kept up, so
 * that only the diagonal of the result has a meaning; with z the whole matrix is, and z <- z Q.
 */
function splitOff(h: Float64Array, n: number, z?: Float64Array): void {
  const rotations = new Float64Array(3 * n);
  let norm = 0;
  for (const x of h) norm = Math.max(norm, Math.abs(x));
  let sweeps = 0;
  for (let high = n - 1; high >= 0; ) {
    let low = high;
    while (low > 0 && !negligible(h, n, low, norm)) low--;
    if (low > 0) h.fill(0, 2 * (low * n + low - 1), 2 * (low * n + low));
    if (low === high) {
      high--;
      sweeps = 0;
      continue;
    }
    if (++sweeps > sweepsForOne)
      throw new RangeError(`eigenvalue ${high} of ${n} not found in ${sweepsForOne} QR sweeps`);
    sweep(h, n, low, high, sweeps % 12 === 0 ? exceptional(h, n, high) : wilkinson(h, n, high), rotations, z);
  }
}

/** Whether the subdiagonal entry of row i is below the rounding of its neighbours on the diagonal. */
function negligible(h: Float64Array, n: number, i: number, norm: number): boolean {
  const modulus = (k: number) => Math.abs(h[k]!) + Math.abs(h[k + 1]!);
  const neighbours = modulus(2 * (i * n + i)) + modulus(2 * ((i - 1) * n + i - 1));
  return modulus(2 * (i * n + i - 1)) <= Number.EPSILON * (neighbours || norm);
}

/** The eigenvalue of the last 2 x 2 block that is nearer to its last entry. */
function wilkinson(h: Float64Array, n: number, high: number): [number, number] {
  const [k, l] = [2 * ((high - 1) * n + high - 1), 2 * (high * n + high - 1)];
  const [ar, ai, br, bi] = [h[k]!, h[k + 1]!, h[k + 2]!, h[k + 3]!];
  const [cr, ci, dr, di] = [h[l]!, h[l + 1]!, h[l + 2]!, h[l + 3]!];
  const [bcr, bci] = [br * cr - bi * ci, br * ci + bi * cr];
  const [pr, pi] = [(ar - dr) / 2, (ai - di) / 2];
  let [sr, si] = complexRoot(pr * pr - pi * pi + bcr, 2 * pr * pi + bci);
  if (pr * sr + pi * si < 0) [sr, si] = [-sr, -si];
  const [er, ei] = [pr + sr, pi + si];
  const square = er * er + ei * ei;
  if (!(square > 0)) return [dr, di];
  return [dr - (bcr * er + bci * ei) / square, di - (bci * er - bcr * ei) / square];
}

/** A shift off the pattern, for matrices on which Wilkinson's goes round in circles. */
function exceptional(h: Float64Array, n: number, high: number): [number, number] {
  const k = 2 * (high * n + high);
  return [h[k]! + 0.75 * (Math.abs(h[k - 2]!) + Math.abs(h[k - 1]!)), h[k + 1]!];
}

function complexRoot(x: number, y: number): [number, number] {
  const r = Math.hypot(x, y);
  const re = Math.sqrt((r + Math.abs(x)) / 2);
  if (re === 0) return [0, 0];
  return x >= 0 ? [re, y / (2 * re)] : [Math.abs(y) / (2 * re), y < 0 ? -re : re];
}

/**
 * One step H - mu = Q R, H <- R Q + mu of the rows and columns low .. high. First all rotations act on the rows, then on
 * row after row from the right: both run along rows, never down a column.
 */
function sweep(
  h: Float64Array,
  n: number,
  low: number,
  high: number,
  [mr, mi]: readonly [number, number],
  rotations: Float64Array,
  z?: Float64Array,
): void {
  const stride = 2 * n;
  shiftDiagonal(h, n, low, high, -mr, -mi);
  const right = z ? stride : 2 * (high + 1);
  for (let k = low; k < high; k++) {
    const at = k * stride + 2 * k;
    makeRotation(h, at, at + stride, rotations, 3 * k);
    rotateRows(h, at, at + stride, k * stride + right, rotations[3 * k]!, rotations[3 * k + 1]!, rotations[3 * k + 2]!);
  }
  for (let i = z ? 0 : low; i <= high; i++) rotateAlong(h, i * stride, Math.max(low, i - 1), high, rotations);
  if (z) for (let i = 0; i < n; i++) rotateAlong(z, i * stride, low, high, rotations);
  shiftDiagonal(h, n, low, high, mr, mi);
}

function shiftDiagonal(h: Float64Array, n: number, low: number, high: number, re: number, im: number): void {
  for (let i = low; i <= high; i++) {
    h[2 * (i * n + i)]! += re;
    h[2 * (i * n + i) + 1]! += im;
  }
}

/** c real, s complex with (c, s; -s^*, c) (a, b) = (r, 0), a and b the numbers at two places of h. */
function makeRotation(h: Float64Array, at: number, below: number, rotations: Float64Array, to: number): void {
  const [x, y, u, v] = [h[at]!, h[at + 1]!, h[below]!, h[below + 1]!];
  const a = Math.hypot(x, y);
  const r = Math.hypot(a, u, v);
  const [p, q] = a > 0 ? [x / a, y / a] : [1, 0];
  rotations[to] = r > 0 ? a / r : 1;
  rotations[to + 1] = r > 0 ? (p * u + q * v) / r : 0;
  rotations[to + 2] = r > 0 ? (q * u - p * v) / r : 0;
}

/** The rotation of the numbers from `a` (up to `end`) with those from `b`. */
function rotateRows(h: Float64Array, a: number, b: number, end: number, c: number, sr: number, si: number): void {
  const apart = b - a;
  for (let k = a; k < end; k += 2) {
    const x = h[k]!;
    const y = h[k + 1]!;
    const u = h[k + apart]!;
    const v = h[k + apart + 1]!;
    h[k] = c * x + sr * u - si * v;
    h[k + 1] = c * y + sr * v + si * u;
    h[k + apart] = c * u - sr * x - si * y;
    h[k + apart + 1] = c * v - sr * y + si * x;
  }
}

/** One row times the daggers of the rotations first .. high - 1, the left number of each pair carried along. */
function rotateAlong(h: Float64Array, row: number, first: number, high: number, rotations: Float64Array): void {
  let x = h[row + 2 * first]!;
  let y = h[row + 2 * first + 1]!;
  for (let k = first; k < high; k++) {
    const c = rotations[3 * k]!;
    const sr = rotations[3 * k + 1]!;
    const si = rotations[3 * k + 2]!;
    const at = row + 2 * k;
    const u = h[at + 2]!;
    const v = h[at + 3]!;
    h[at] = c * x + sr * u + si * v;
    h[at + 1] = c * y + sr * v - si * u;
    const next = c * u - sr * x + si * y;
    y = c * v - sr * y - si * x;
    x = next;
  }
  h[row + 2 * high] = x;
  h[row + 2 * high + 1] = y;
}
