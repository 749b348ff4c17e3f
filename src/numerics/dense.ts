import { subtractProduct } from "./block-product.ts";
import { type Matrix, size } from "./complex-matrix.ts";

/** P A = L U: unit lower L and upper U in one matrix; row k of P A is row `rows[k]` of A. */
export interface LU {
  readonly n: number;
  readonly factors: Float64Array;
  readonly rows: Int32Array;
  /** +1 or -1: the determinant of P. */
  readonly parity: number;
}

/** det = e^logModulus e^(i phase), -pi < phase <= pi; a singular matrix has logModulus -Infinity and phase 0. */
export interface LogDeterminant {
  readonly logModulus: number;
  readonly phase: number;
}

const panel = 48;

/**
 * LU decomposition of a general complex n x n matrix (row-major, re, im interleaved) with partial pivoting, by panels:
 * right-looking, so that nearly all work is `subtractProduct` (Golub & Van Loan, Matrix Computations, section 3.2.11).
 * (8/3) n^3 operations. A singular matrix is decomposed too; U then has a zero on the diagonal. Throws a RangeError for
 * a matrix that is not square or holds numbers that are not finite.
 */
export function luDecompose(a: Matrix): LU {
  const n = size(a);
  const f = a.slice();
  for (let k = 0; k < f.length; k++)
    if (!Number.isFinite(f[k]!))
      throw new RangeError(`entry (${Math.floor(k / (2 * n))}, ${(k >> 1) % n}) of the matrix is not a finite number`);
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  let parity = 1;
  const stride = 2 * n;
  const at = (i: number, j: number) => ({ data: f, offset: i * stride + 2 * j, stride });
  for (let k = 0; k < n; k += panel) {
    const end = Math.min(n, k + panel);
    for (let j = k; j < end; j++) {
      const pivot = largestInColumn(f, n, j);
      if (pivot !== j) {
        swapRows(f, n, pivot, j);
        [rows[pivot], rows[j]] = [rows[j]!, rows[pivot]!];
        parity = -parity;
      }
      eliminateColumn(f, n, j, end);
    }
    // U of the panel's rows, then the rest of the matrix
    for (let i = k + 1; i < end; i++)
      for (let j = k; j < i; j++)
        subtractRow(f, i * stride, f, j * stride, 2 * end, stride, f[i * stride + 2 * j]!, f[i * stride + 2 * j + 1]!);
    subtractProduct(at(end, end), at(end, k), at(k, end), n - end, end - k, n - end);
  }
  return { n, factors: f, rows, parity };
}

/** ln |det A| and the phase of det A. */
export function logDeterminantOf(a: Matrix | LU): LogDeterminant {
  const { n, factors, parity } = a instanceof Float64Array ? luDecompose(a) : a;
  let logModulus = 0;
  let phase = parity > 0 ? 0 : Math.PI;
  for (let i = 0; i < n; i++) {
    const [x, y] = [factors[2 * (i * n + i)]!, factors[2 * (i * n + i) + 1]!];
    const modulus = Math.hypot(x, y);
    if (modulus === 0) return { logModulus: Number.NEGATIVE_INFINITY, phase: 0 };
    logModulus += Math.log(modulus);
    phase += Math.atan2(y, x);
  }
  return { logModulus, phase: phase - 2 * Math.PI * Math.ceil(phase / (2 * Math.PI) - 0.5) };
}

/**
 * X with A X = B for B of n rows and `columns` columns (row-major, re, im interleaved; default one column: a vector).
 * Throws a RangeError where A is singular or B has another length.
 */
export function solve(a: Matrix | LU, b: Float64Array, columns = 1): Float64Array {
  const { n, factors, rows } = a instanceof Float64Array ? luDecompose(a) : a;
  if (b.length !== 2 * n * columns)
    throw new RangeError(`right-hand side of ${b.length} numbers, expected 2 x ${n} rows x ${columns} columns`);
  const stride = 2 * columns;
  const x = new Float64Array(b.length);
  rows.forEach((from, to) => {
    x.set(b.subarray(from * stride, (from + 1) * stride), to * stride);
  });
  const lu = (i: number, j: number) => ({ data: factors, offset: 2 * (i * n + j), stride: 2 * n });
  const part = (i: number) => ({ data: x, offset: i * stride, stride });
  for (let k = 0; k < n; k += panel) {
    const end = Math.min(n, k + panel);
    for (let i = k + 1; i < end; i++) for (let j = k; j < i; j++) eliminate(x, factors, n, stride, i, j);
    subtractProduct(part(end), lu(end, k), part(k), n - end, end - k, columns);
  }
  for (let end = n; end > 0; end -= panel) {
    const k = Math.max(0, end - panel);
    for (let i = end - 1; i >= k; i--) {
      for (let j = i + 1; j < end; j++) eliminate(x, factors, n, stride, i, j);
      divideRow(x, i, stride, factors, n);
    }
    subtractProduct(part(0), lu(0, k), part(k), k, end - k, columns);
  }
  return x;
}

/** A^-1; throws a RangeError where A is singular. */
export function inverseOf(a: Matrix | LU): Matrix {
  const lu = a instanceof Float64Array ? luDecompose(a) : a;
  const one = new Float64Array(2 * lu.n * lu.n);
  for (let i = 0; i < lu.n; i++) one[2 * (i * lu.n + i)] = 1;
  return solve(lu, one, lu.n);
}

/** The row, from j on, with the largest entry in column j. */
function largestInColumn(f: Float64Array, n: number, j: number): number {
  let best = -1;
  let pivot = j;
  for (let i = j; i < n; i++) {
    const x = f[2 * (i * n + j)]!;
    const y = f[2 * (i * n + j) + 1]!;
    const square = x * x + y * y;
    if (square > best) {
      best = square;
      pivot = i;
    }
  }
  return pivot;
}

function swapRows(f: Float64Array, n: number, i: number, j: number): void {
  const row = f.slice(2 * i * n, 2 * (i + 1) * n);
  f.copyWithin(2 * i * n, 2 * j * n, 2 * (j + 1) * n);
  f.set(row, 2 * j * n);
}

/** Multipliers of column j below the diagonal, and their effect on the columns up to `end`. */
function eliminateColumn(f: Float64Array, n: number, j: number, end: number): void {
  const head = 2 * (j * n + j);
  const x = f[head]!;
  const y = f[head + 1]!;
  const square = x * x + y * y;
  if (square === 0) return;
  for (let i = j + 1; i < n; i++) {
    const at = 2 * (i * n + j);
    const u = f[at]!;
    const v = f[at + 1]!;
    const re = (u * x + v * y) / square;
    const im = (v * x - u * y) / square;
    f[at] = re;
    f[at + 1] = im;
    subtractRow(f, 2 * i * n, f, 2 * j * n, 2 * (j + 1), 2 * end, re, im);
  }
}

/** Numbers first .. last of the row at `to` -= (re + i im) times those of the row at `from`. */
function subtractRow(
  y: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  first: number,
  last: number,
  re: number,
  im: number,
): void {
  for (let k = first; k < last; k += 2) {
    const u = x[from + k]!;
    const v = x[from + k + 1]!;
    y[to + k]! -= re * u - im * v;
    y[to + k + 1]! -= re * v + im * u;
  }
}

/** Row i of x -= entry (i, j) of the factors times row j. */
function eliminate(x: Float64Array, f: Float64Array, n: number, stride: number, i: number, j: number): void {
  subtractRow(x, i * stride, x, j * stride, 0, stride, f[2 * (i * n + j)]!, f[2 * (i * n + j) + 1]!);
}

function divideRow(x: Float64Array, i: number, stride: number, f: Float64Array, n: number): void {
  const a = f[2 * (i * n + i)]!;
  const b = f[2 * (i * n + i) + 1]!;
  const square = a * a + b * b;
  if (square === 0) throw new RangeError(`matrix is singular: pivot ${i} of ${n} is zero`);
  for (let k = i * stride; k < (i + 1) * stride; k += 2) {
    const u = x[k]!;
    const v = x[k + 1]!;
    x[k] = (u * a + v * b) / square;
    x[k + 1] = (v * a - u * b) / square;
  }
}
