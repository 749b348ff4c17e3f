/** Eigenvalues in ascending order, and where asked for the orthonormal eigenvectors: row k of n belongs to value k. */
export interface TridiagonalEigen {
  readonly values: Float64Array;
  readonly vectors?: Float64Array;
}

const maxSweeps = 60;

/**
 * Eigenvalues, and with `withVectors` eigenvectors, of the real symmetric tridiagonal matrix with the given diagonal (n
 * numbers) and off-diagonal (n - 1 numbers, T[i][i+1]), by the implicit QL algorithm with Wilkinson's shift (Dubrulle,
 * Martin, Wilkinson, Numer. Math. 12 (1968) 377). O(n^2), with vectors O(n^3). Throws a RangeError for lengths that do
 * not fit and where an entry is not a number.
 */
export function tridiagonalEigen(
  diagonal: ArrayLike<number>,
  offDiagonal: ArrayLike<number>,
  withVectors = false,
): TridiagonalEigen {
  const n = diagonal.length;
  if (n < 1 || offDiagonal.length !== n - 1)
    throw new RangeError(
      `tridiagonal matrix: ${n} diagonal and ${offDiagonal.length} off-diagonal entries, expected n and n - 1`,
    );
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(n);
  e.set(Float64Array.from(offDiagonal));
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(d[i]!) || !Number.isFinite(e[i]!))
      throw new RangeError(`tridiagonal matrix: entry ${i} is not finite`);
  const z = withVectors ? new Float64Array(n * n) : undefined;
  if (z) for (let i = 0; i < n; i++) z[i * n + i] = 1;
  for (let l = 0; l < n; l++) deflate(d, e, z, l);
  return sorted(d, z);
}

/** QL sweeps until e[l] is negligible: then d[l] is an eigenvalue. */
function deflate(d: Float64Array, e: Float64Array, z: Float64Array | undefined, l: number): void {
  const n = d.length;
  for (let sweep = 0; ; sweep++) {
    let m = l;
    while (m < n - 1 && !vanishes(d, e, m)) m++;
    if (m === l) return;
    if (sweep === maxSweeps) throw new RangeError(`eigenvalue ${l} of ${n} not found in ${maxSweeps} QL sweeps`);
    sweepUp(d, e, z, l, m);
  }
}

/** Whether e[m] is below the rounding of its neighbours on the diagonal. */
function vanishes(d: Float64Array, e: Float64Array, m: number): boolean {
  const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
  return size + Math.abs(e[m]!) === size;
}

/** One implicit QL sweep of the block l..m: a bulge is chased from the bottom to the top by plane rotations. */
function sweepUp(d: Float64Array, e: Float64Array, z: Float64Array | undefined, l: number, m: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.hypot(half, 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // the matrix has split below i
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    const h = d[i + 1]! - p;
    const t = (d[i]! - h) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = h + p;
    g = c * t - b;
    if (z) rotateRows(z, d.length, i, c, s);
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}

/** Rows i and i + 1 <- (c z_i - s z_(i+1), s z_i + c z_(i+1)) */
function rotateRows(z: Float64Array, n: number, i: number, c: number, s: number): void {
  const end = (i + 1) * n;
  for (let k = i * n; k < end; k++) {
    const x = z[k]!;
    const y = z[k + n]!;
    z[k] = c * x - s * y;
    z[k + n] = s * x + c * y;
  }
}

function sorted(d: Float64Array, z: Float64Array | undefined): TridiagonalEigen {
  const n = d.length;
  const order = Array.from(d.keys()).sort((i, j) => d[i]! - d[j]!);
  const values = Float64Array.from(order, (i) => d[i]!);
  if (!z) return { values };
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(z.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values, vectors };
}
