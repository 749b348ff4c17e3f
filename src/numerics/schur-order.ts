import type { Schur } from "./general-eigen.ts";

/**
 * Orders the eigenvalues on the diagonal of a Schur form by ascending key(re, im), in place, by unitary swaps of
 * neighbours (Golub & Van Loan, Matrix Computations, section 7.6.2); equal keys keep their order. The first k columns of
 * q then span the invariant subspace of the first k eigenvalues: what a Krylov-Schur restart keeps.
 */
export function orderSchur(form: Schur, key: (re: number, im: number) => number): Schur {
  const { n, t } = form;
  const at = (i: number) => 2 * (i * n + i);
  const keys = Array.from({ length: n }, (_, i) => key(t[at(i)]!, t[at(i) + 1]!));
  for (let i = 1; i < n; i++)
    for (let k = i; k > 0 && keys[k]! < keys[k - 1]!; k--) {
      swap(form, k - 1);
      [keys[k - 1], keys[k]] = [keys[k]!, keys[k - 1]!];
    }
  return form;
}

/** Exchanges the eigenvalues k and k + 1: the first new basis vector is the eigenvector (t01, t11 - t00) of the block. */
function swap({ n, t, q }: Schur, k: number): void {
  const stride = 2 * n;
  const a = k * stride + 2 * k;
  const d = a + stride + 2;
  const [ar, ai, dr, di] = [t[a]!, t[a + 1]!, t[d]!, t[d + 1]!];
  let [xr, xi, yr, yi] = [t[a + 2]!, t[a + 3]!, dr - ar, di - ai];
  const norm = Math.hypot(xr, xi, yr, yi);
  if (norm === 0) return;
  [xr, xi, yr, yi] = [xr / norm, xi / norm, yr / norm, yi / norm];
  // rows <- (x^*, y^*; -y, x) rows
  for (let j = a; j < (k + 1) * stride; j += 2) {
    const [p, r, u, v] = [t[j]!, t[j + 1]!, t[j + stride]!, t[j + stride + 1]!];
    t[j] = xr * p + xi * r + yr * u + yi * v;
    t[j + 1] = xr * r - xi * p + yr * v - yi * u;
    t[j + stride] = xr * u - xi * v - (yr * p - yi * r);
    t[j + stride + 1] = xr * v + xi * u - (yr * r + yi * p);
  }
  mixColumns(t, stride, k, k + 2, xr, xi, yr, yi);
  mixColumns(q, stride, k, n, xr, xi, yr, yi);
  t.set([dr, di], a);
  t.set([0, 0], a + stride);
  t.set([ar, ai], d);
}

/** Columns k, k + 1 <- (k x + (k+1) y, -k y^* + (k+1) x^*), in the first `rows` rows. */
function mixColumns(
  m: Float64Array,
  stride: number,
  k: number,
  rows: number,
  xr: number,
  xi: number,
  yr: number,
  yi: number,
): void {
  for (let i = 0, j = 2 * k; i < rows; i++, j += stride) {
    const [p, r, u, v] = [m[j]!, m[j + 1]!, m[j + 2]!, m[j + 3]!];
    m[j] = p * xr - r * xi + u * yr - v * yi;
    m[j + 1] = p * xi + r * xr + u * yi + v * yr;
    m[j + 2] = u * xr + v * xi - (p * yr + r * yi);
    m[j + 3] = v * xr - u * xi - (r * yr - p * yi);
  }
}

/**
 * Eigenvectors of Q T Q^†, normalised: row k (re, im interleaved) belongs to the eigenvalue t_kk. Back substitution in T;
 * for a defective matrix the eigenvectors of a multiple eigenvalue come out (nearly) parallel, as they are.
 */
export function schurVectors({ n, t, q }: Schur): Float64Array {
  const stride = 2 * n;
  const out = new Float64Array(n * stride);
  const tiny = Number.EPSILON * t.reduce((m, x) => Math.max(m, Math.abs(x)), Number.MIN_VALUE);
  const x = new Float64Array(stride);
  for (let k = 0; k < n; k++) {
    x.fill(0);
    x[2 * k] = 1;
    const [vr, vi] = [t[k * stride + 2 * k]!, t[k * stride + 2 * k + 1]!];
    for (let j = k - 1; j >= 0; j--) {
      const row = j * stride;
      let [re, im] = [0, 0];
      for (let m = 2 * (j + 1); m <= 2 * k; m += 2) {
        re -= t[row + m]! * x[m]! - t[row + m + 1]! * x[m + 1]!;
        im -= t[row + m]! * x[m + 1]! + t[row + m + 1]! * x[m]!;
      }
      let [dr, di] = [t[row + 2 * j]! - vr, t[row + 2 * j + 1]! - vi];
      if (Math.abs(dr) + Math.abs(di) < tiny) [dr, di] = [tiny, 0];
      const square = dr * dr + di * di;
      x[2 * j] = (re * dr + im * di) / square;
      x[2 * j + 1] = (im * dr - re * di) / square;
      rescale(x, 2 * j, 2 * (k + 1));
    }
    apply(q, n, x, k, out.subarray(k * stride, (k + 1) * stride));
  }
  return out;
}

/** Keeps a growing solution from overflowing: a multiple of an eigenvector is one. */
function rescale(x: Float64Array, at: number, end: number): void {
  const modulus = Math.abs(x[at]!) + Math.abs(x[at + 1]!);
  if (modulus > 1e100) for (let k = at; k < end; k++) x[k]! /= modulus;
}

/** to = Q x / |Q x| for x with k + 1 components. */
function apply(q: Float64Array, n: number, x: Float64Array, k: number, to: Float64Array): void {
  let square = 0;
  for (let i = 0; i < n; i++) {
    let [re, im] = [0, 0];
    for (let j = 0; j <= 2 * k; j += 2) {
      const [a, b] = [q[2 * i * n + j]!, q[2 * i * n + j + 1]!];
      re += a * x[j]! - b * x[j + 1]!;
      im += a * x[j + 1]! + b * x[j]!;
    }
    to[2 * i] = re;
    to[2 * i + 1] = im;
    square += re * re + im * im;
  }
  const norm = Math.sqrt(square);
  for (let i = 0; i < 2 * n; i++) to[i]! /= norm;
}
