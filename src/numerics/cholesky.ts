import { type Matrix, size } from "./complex-matrix.ts";

/**
 * The lower triangular L with L L^† = A for a Hermitian positive definite matrix (row-major, re, im interleaved; only
 * the lower triangle is read). The diagonal of L is positive. Throws a RangeError where A is not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  const n = size(a);
  const l = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [p, q] = [2 * i * n, 2 * j * n];
      let re = a[p + 2 * j]!;
      let im = a[p + 2 * j + 1]!;
      for (let k = 0; k < 2 * j; k += 2) {
        const x = l[p + k]!;
        const y = l[p + k + 1]!;
        const u = l[q + k]!;
        const v = l[q + k + 1]!;
        re -= x * u + y * v;
        im -= y * u - x * v;
      }
      if (i === j) {
        if (!(re > 0)) throw new RangeError(`matrix is not positive definite: pivot ${i} of ${n} is ${re}`);
        l[p + 2 * j] = Math.sqrt(re);
      } else {
        l[p + 2 * j] = re / l[q + 2 * j]!;
        l[p + 2 * j + 1] = im / l[q + 2 * j]!;
      }
    }
  return l;
}

/** ln det A of a Hermitian positive definite matrix; throws a RangeError where it is not. */
export function logDeterminant(a: Matrix): number {
  const n = size(a);
  const l = cholesky(a);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[2 * (i * n + i)]!);
  return 2 * sum;
}

/** tr A^-1 = sum |L^-1_ij|^2 of a Hermitian positive definite matrix; throws a RangeError where it is not. */
export function traceOfInverse(a: Matrix): number {
  return inverseTriangle(cholesky(a)).reduce((sum, x) => sum + x * x, 0);
}

/** A^-1 = L^-† L^-1 of a Hermitian positive definite matrix; throws a RangeError where it is not. */
export function choleskyInverse(a: Matrix): Matrix {
  const n = size(a);
  const x = inverseTriangle(cholesky(a));
  const out = new Float64Array(2 * n * n);
  // lower triangle: sum over k of (column i of row k)^* times row k
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++)
      addScaledRow(out, 2 * i * n, x, 2 * k * n, 2 * (i + 1), x[2 * (k * n + i)]!, -x[2 * (k * n + i) + 1]!);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      out[2 * (j * n + i)] = out[2 * (i * n + j)]!;
      out[2 * (j * n + i) + 1] = -out[2 * (i * n + j) + 1]!;
    }
  return out;
}

/** L^-1, row by row: row i is (e_i - sum_(k<i) l_ik row k) / l_ii. */
function inverseTriangle(l: Matrix): Matrix {
  const n = size(l);
  const x = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++) {
    const row = 2 * i * n;
    for (let k = 0; k < i; k++) addScaledRow(x, row, x, 2 * k * n, 2 * (k + 1), -l[row + 2 * k]!, -l[row + 2 * k + 1]!);
    const pivot = l[row + 2 * i]!;
    x[row + 2 * i] = 1;
    for (let k = row; k <= row + 2 * i; k++) x[k]! /= pivot;
  }
  return x;
}

/** `length` numbers of y from `to` += (re + i im) times those of x from `from`. */
function addScaledRow(y: Matrix, to: number, x: Matrix, from: number, length: number, re: number, im: number): void {
  for (let k = 0; k < length; k += 2) {
    const u = x[from + k]!;
    const v = x[from + k + 1]!;
    y[to + k]! += re * u - im * v;
    y[to + k + 1]! += re * v + im * u;
  }
}
