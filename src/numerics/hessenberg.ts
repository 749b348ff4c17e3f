/** A = Q H Q^†, H upper Hessenberg; all matrices row-major, (re, im) interleaved. */

/**
 * Makes the n x n matrix `a` upper Hessenberg in place by Householder reflections, and returns Q where asked for
 * (Golub & Van Loan, Matrix Computations, section 7.4.3). (40/3) n^3 operations on real numbers. Both sides of a
 * reflection act in one pass over the rows, so that the matrix goes through the caches twice for every column.
 */
export function reduceToHessenberg(a: Float64Array, n: number, withQ: boolean): Float64Array | undefined {
  const stride = 2 * n;
  const v = new Float64Array(stride);
  const w = new Float64Array(stride);
  const scales = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    const scale = columnReflector(a, n, k, v);
    scales[k] = scale;
    if (scale === 0) continue;
    w.fill(0);
    for (let i = k + 1; i < n; i++) addRow(w, 0, a, i * stride, 2 * (k + 1), stride, v[2 * i]!, -v[2 * i + 1]!);
    for (let i = 0; i < n; i++) {
      const row = i * stride;
      if (i > k) addRow(a, row, w, 0, 2 * (k + 1), stride, -scale * v[2 * i]!, -scale * v[2 * i + 1]!);
      reflectRow(a, row, v, 2 * (k + 1), stride, scale);
    }
  }
  const q = withQ ? accumulate(a, n, scales) : undefined;
  // below the subdiagonal lay the vectors of the reflections
  for (let i = 2; i < n; i++) a.fill(0, i * stride, i * stride + 2 * (i - 1));
  return q;
}

/**
 * The reflection 1 - scale v v^† that clears column k below the subdiagonal. Leaves the new entry on the subdiagonal and
 * v / v_(k+1) below it (for `accumulate`), and v itself in v; returns scale, 0 where nothing is to be cleared.
 */
function columnReflector(a: Float64Array, n: number, k: number, v: Float64Array): number {
  const stride = 2 * n;
  const at = (i: number) => i * stride + 2 * k;
  let largest = 0;
  for (let i = k + 2; i < n; i++) largest = Math.max(largest, Math.abs(a[at(i)]!), Math.abs(a[at(i) + 1]!));
  if (largest === 0) return 0;
  largest = Math.max(largest, Math.abs(a[at(k + 1)]!), Math.abs(a[at(k + 1) + 1]!));
  let square = 0;
  for (let i = k + 1; i < n; i++) {
    const x = a[at(i)]! / largest;
    const y = a[at(i) + 1]! / largest;
    v[2 * i] = x;
    v[2 * i + 1] = y;
    square += x * x + y * y;
  }
  const norm = Math.sqrt(square);
  const head = 2 * (k + 1);
  const [x, y] = [v[head]!, v[head + 1]!];
  const r = Math.hypot(x, y);
  const [c, s] = r > 0 ? [x / r, y / r] : [1, 0];
  // the first component becomes one, up to its modulus r + norm
  const size = r + norm;
  v[head] = 1;
  v[head + 1] = 0;
  for (let i = k + 2; i < n; i++) {
    const [p, q] = [v[2 * i]!, v[2 * i + 1]!];
    v[2 * i] = (p * c + q * s) / size;
    v[2 * i + 1] = (q * c - p * s) / size;
    a[at(i)] = v[2 * i]!;
    a[at(i) + 1] = v[2 * i + 1]!;
  }
  a[at(k + 1)] = -c * norm * largest;
  a[at(k + 1) + 1] = -s * norm * largest;
  return size / norm;
}

/** Q = H_0 H_1 ... from the vectors below the subdiagonal, from the last to the first. */
function accumulate(a: Float64Array, n: number, scales: Float64Array): Float64Array {
  const stride = 2 * n;
  const q = new Float64Array(n * stride);
  for (let i = 0; i < n; i++) q[i * stride + 2 * i] = 1;
  const w = new Float64Array(stride);
  for (let k = n - 3; k >= 0; k--) {
    const scale = scales[k]!;
    if (scale === 0) continue;
    const entry = (i: number) => (i === k + 1 ? [1, 0] : [a[i * stride + 2 * k]!, a[i * stride + 2 * k + 1]!]);
    w.fill(0);
    for (let i = k + 1; i < n; i++) {
      const [x, y] = entry(i);
      addRow(w, 0, q, i * stride, 2 * (k + 1), stride, x!, -y!);
    }
    for (let i = k + 1; i < n; i++) {
      const [x, y] = entry(i);
      addRow(q, i * stride, w, 0, 2 * (k + 1), stride, -scale * x!, -scale * y!);
    }
  }
  return q;
}

/** Numbers first .. last of y at `to` += (re + i im) times those of x at `from`. */
function addRow(
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
    y[to + k]! += re * u - im * v;
    y[to + k + 1]! += re * v + im * u;
  }
}

/** A row times (1 - scale v v^†). */
function reflectRow(a: Float64Array, row: number, v: Float64Array, first: number, last: number, scale: number): void {
  let re = 0;
  let im = 0;
  for (let k = first; k < last; k += 2) {
    const x = a[row + k]!;
    const y = a[row + k + 1]!;
    const p = v[k]!;
    const q = v[k + 1]!;
    re += x * p - y * q;
    im += x * q + y * p;
  }
  re *= scale;
  im *= scale;
  for (let k = first; k < last; k += 2) {
    const p = v[k]!;
    const q = v[k + 1]!;
    a[row + k]! -= re * p + im * q;
    a[row + k + 1]! -= im * p - re * q;
  }
}
