import type { Stream } from "./rng.ts";

/**
 * Small dense complex N x N matrices as flat arrays: row-major, (re, im) interleaved, length 2 N^2. Plain and
 * allocating: the truth that fast kernels are compared with.
 */
export type Matrix = Float64Array;

/** N of a matrix; throws a RangeError where the length is not 2 N^2. */
export function size(a: Matrix): number {
  const n = Math.round(Math.sqrt(a.length / 2));
  if (n < 1 || 2 * n * n !== a.length)
    throw new RangeError(`${a.length} numbers are no complex N x N matrix: expected 2 N^2`);
  return n;
}

export function zero(n: number): Matrix {
  return new Float64Array(2 * n * n);
}

export function identity(n: number): Matrix {
  return fromEntries(n, (i, j) => [i === j ? 1 : 0, 0]);
}

/** The matrix with entry(i, j) = [re, im] in row i, column j (from 0). */
export function fromEntries(n: number, entry: (i: number, j: number) => readonly [number, number]): Matrix {
  const a = zero(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.set(entry(i, j), 2 * (i * n + j));
  return a;
}

/** Entry [re, im] in row i, column j. */
export function entry(a: Matrix, i: number, j: number): [number, number] {
  const k = 2 * (i * size(a) + j);
  return [a[k]!, a[k + 1]!];
}

/** a b */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const n = size(a);
  if (b.length !== a.length) throw new RangeError(`a ${n} x ${n} matrix times a ${size(b)} x ${size(b)} one`);
  const c = zero(n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const [x, y] = [a[2 * (i * n + k)]!, a[2 * (i * n + k) + 1]!];
      for (let j = 0; j < n; j++) {
        const [u, v] = [b[2 * (k * n + j)]!, b[2 * (k * n + j) + 1]!];
        c[2 * (i * n + j)]! += x * u - y * v;
        c[2 * (i * n + j) + 1]! += x * v + y * u;
      }
    }
  return c;
}

/** a b^† */
export function multiplyDagger(a: Matrix, b: Matrix): Matrix {
  return multiply(a, dagger(b));
}

/** a^† b */
export function daggerMultiply(a: Matrix, b: Matrix): Matrix {
  return multiply(dagger(a), b);
}

/** a^† b^† */
export function daggerMultiplyDagger(a: Matrix, b: Matrix): Matrix {
  return dagger(multiply(b, a));
}

/** The Hermitian conjugate. */
export function dagger(a: Matrix): Matrix {
  return fromEntries(size(a), (i, j) => {
    const [re, im] = entry(a, j, i);
    return [re, -im];
  });
}

export function add(a: Matrix, b: Matrix): Matrix {
  return a.map((x, k) => x + b[k]!);
}

export function subtract(a: Matrix, b: Matrix): Matrix {
  return a.map((x, k) => x - b[k]!);
}

/** (re + i im) a */
export function scale(a: Matrix, re: number, im = 0): Matrix {
  return fromEntries(size(a), (i, j) => {
    const [x, y] = entry(a, i, j);
    return [re * x - im * y, re * y + im * x];
  });
}

/** [Re tr a, Im tr a] */
export function trace(a: Matrix): [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < size(a); i++) {
    const [x, y] = entry(a, i, i);
    re += x;
    im += y;
  }
  return [re, im];
}

/** [Re det a, Im det a], by elimination with partial pivoting. */
export function determinant(a: Matrix): [number, number] {
  const n = size(a);
  const rows = Array.from({ length: n }, (_, i) => a.slice(2 * i * n, 2 * (i + 1) * n));
  const modulus = (row: Matrix, k: number) => Math.hypot(row[2 * k]!, row[2 * k + 1]!);
  let [re, im] = [1, 0];
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let r = k + 1; r < n; r++) if (modulus(rows[r]!, k) > modulus(rows[pivot]!, k)) pivot = r;
    if (pivot !== k) {
      [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
      [re, im] = [-re, -im];
    }
    const head = rows[k]!;
    const [x, y] = [head[2 * k]!, head[2 * k + 1]!];
    [re, im] = [re * x - im * y, re * y + im * x];
    const square = x * x + y * y;
    if (square === 0) return [0, 0];
    for (const row of rows.slice(k + 1)) {
      const [u, v] = [row[2 * k]!, row[2 * k + 1]!];
      const [p, q] = [(u * x + v * y) / square, (v * x - u * y) / square];
      for (let c = 2 * k; c < 2 * n; c += 2) {
        const [s, t] = [head[c]!, head[c + 1]!];
        row[c]! -= p * s - q * t;
        row[c + 1]! -= p * t + q * s;
      }
    }
  }
  return [re, im];
}

/** Largest difference of any real or imaginary part. */
export function distance(a: Matrix, b: Matrix): number {
  return a.reduce((largest, x, k) => Math.max(largest, Math.abs(x - b[k]!)), 0);
}

/** How far from unitary: the largest entry of a^† a - 1; with `special` also |det a - 1|. */
export function unitarityDefect(a: Matrix, special = false): number {
  const defect = distance(daggerMultiply(a, a), identity(size(a)));
  if (!special) return defect;
  const [re, im] = determinant(a);
  return Math.max(defect, Math.hypot(re - 1, im));
}

/** exp(a) to rounding, for any a: a Taylor series of a / 2^s with norm below 1/4, squared s times. */
export function exponential(a: Matrix): Matrix {
  const n = size(a);
  const norm = Math.hypot(...a);
  if (!Number.isFinite(norm)) throw new RangeError("exponential of a matrix that is not finite");
  const squarings = Math.max(0, Math.ceil(Math.log2(norm)) + 2);
  const small = scale(a, 2 ** -squarings);
  let result = identity(n);
  // Horner form of the series; (1/4)^15 / 15! is below 1e-21
  for (let k = 15; k > 0; k--) result = add(identity(n), scale(multiply(small, result), 1 / k));
  for (let k = 0; k < squarings; k++) result = multiply(result, result);
  return result;
}

/**
 * A Haar-random element of SU(N), or of U(N) where `special` is false (N = 1 gives U(1)). Columns of a complex
 * Gaussian matrix made orthonormal by Gram and Schmidt: the QR decomposition whose R has a positive diagonal, which
 * makes Q Haar-distributed (Mezzadri, Notices AMS 54 (2007) 592). For SU(N) the last column then takes away the phase
 * of the determinant. Draws 2 N^2 normals: column by column, re then im.
 */
export function haarRandom(n: number, special: boolean, stream: Stream): Matrix {
  const a = zero(n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) a.set([stream.normal(), stream.normal()], 2 * (i * n + j));
    // the second pass removes what rounding left of the first
    for (let pass = 0; pass < 2; pass++) for (let k = 0; k < j; k++) removeColumn(a, n, j, k);
    normaliseColumn(a, n, j);
  }
  if (special) {
    const [re, im] = determinant(a);
    for (let i = 0; i < n; i++) {
      const [x, y] = entry(a, i, n - 1);
      a.set([x * re + y * im, y * re - x * im], 2 * (i * n + n - 1));
    }
    normaliseColumn(a, n, n - 1);
  }
  return a;
}

/** Column j minus its projection on the unit column k. */
function removeColumn(a: Matrix, n: number, j: number, k: number): void {
  let [re, im] = [0, 0];
  for (let i = 0; i < n; i++) {
    const [[x, y], [u, v]] = [entry(a, i, k), entry(a, i, j)];
    re += x * u + y * v;
    im += x * v - y * u;
  }
  for (let i = 0; i < n; i++) {
    const [[x, y], [u, v]] = [entry(a, i, k), entry(a, i, j)];
    a.set([u - (re * x - im * y), v - (re * y + im * x)], 2 * (i * n + j));
  }
}

function normaliseColumn(a: Matrix, n: number, j: number): void {
  let square = 0;
  for (let i = 0; i < n; i++) square += Math.hypot(...entry(a, i, j)) ** 2;
  for (let i = 0; i < n; i++) {
    const [x, y] = entry(a, i, j);
    a.set([x / Math.sqrt(square), y / Math.sqrt(square)], 2 * (i * n + j));
  }
}
