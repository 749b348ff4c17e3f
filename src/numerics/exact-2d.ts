import { besselIScaledOrders } from "./bessel.ts";

/**
 * Exact mean plaquettes <Re tr P>/N of two-dimensional pure gauge theory with the plaquette action
 * S = -(beta/N) sum_P Re tr P. Without boundary the plaquettes are independent, so the infinite volume is a one-link
 * integral; on a torus the character expansion is a sum over representations (Gross and Witten, PRD 21 (1980) 446;
 * Migdal 1975). Checked against gauge.md 9.2.
 */

/** U(1), infinite volume: I_1(beta)/I_0(beta). */
export function u1Plaquette2d(beta: number): number {
  const [i0 = 1, i1 = 0] = besselIScaledOrders(1, beta);
  return i1 / i0;
}

/** U(1) on a periodic lattice of `volume` sites: (1/V) d ln Z/d beta, Z = sum over whole n of I_n(beta)^V. */
export function u1TorusPlaquette2d(beta: number, volume: number): number {
  const orders = besselIScaledOrders(torusOrders(beta), beta);
  const i = (n: number): number => orders[Math.abs(n)] ?? 0;
  let sum = 0;
  let weights = 0;
  for (let n = 0; n < orders.length - 1; n++) {
    const weight = (n === 0 ? 1 : 2) * (i(n) / i(0)) ** volume;
    if (weight === 0) break;
    weights += weight;
    sum += (weight * (i(n - 1) + i(n + 1))) / (2 * i(n)); // I_n' = (I_{n-1} + I_{n+1})/2
  }
  return sum / weights;
}

/** SU(2), infinite volume: I_2(beta)/I_1(beta). */
export function su2Plaquette2d(beta: number): number {
  if (beta === 0) return 0;
  const [, i1 = 1, i2 = 0] = besselIScaledOrders(2, beta);
  return i2 / i1;
}

/** SU(2) on a periodic lattice of `volume` sites: Z = sum_{n >= 1} (2 I_n(beta)/beta)^V. */
export function su2TorusPlaquette2d(beta: number, volume: number): number {
  if (beta === 0) return 0;
  const i = besselIScaledOrders(torusOrders(beta), beta);
  let sum = 0;
  let weights = 0;
  for (let n = 1; n < i.length - 1; n++) {
    const here = i[n] ?? 0;
    const weight = (here / (i[1] ?? 1)) ** volume;
    if (weight === 0) break;
    weights += weight;
    sum += weight * ((i[n + 1] ?? 0) / here + (n - 1) / beta); // d ln(I_n/beta)/d beta
  }
  return sum / weights;
}

/** Representations up to here: I_n/I_0 is below exp(-n^2/2x) for large x, and falls faster for small x. */
function torusOrders(beta: number): number {
  return Math.ceil(20 + 10 * Math.sqrt(Math.abs(beta)));
}

/**
 * SU(N), infinite volume: d ln Z_1/d beta with the one-link integral
 * Z_1 = sum over whole l of det_{i,j = 1..N} I_{l+i-j}(beta/N) (Bars and Green, PRD 20 (1979) 3311).
 * The derivative of a determinant is the sum of the determinants with one row differentiated.
 *
 * The determinants cancel more and more for large beta/N; throws a RangeError where fewer than 9 digits would remain.
 */
export function suNPlaquette2d(n: number, beta: number): number {
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`SU(${n}): expected a whole N >= 2`);
  const x = beta / n;
  const largest = 2 * n + Math.ceil(20 + 10 * Math.sqrt(Math.abs(x)));
  const orders = besselIScaledOrders(largest + n + 1, x);
  const i = (k: number): number => orders[Math.abs(k)] ?? 0;
  const slope = (k: number): number => (i(k - 1) + i(k + 1)) / 2;
  let z = 0;
  let derivative = 0;
  let size = 0; // sum of the sizes of what cancels
  for (let l = -largest; l <= largest; l++) {
    const rows = Array.from({ length: n }, (_, a) => Array.from({ length: n }, (_, b) => i(l + a - b)));
    z += determinant(rows);
    size += rows.reduce((product, row) => product * Math.hypot(...row), 1); // Hadamard's bound
    for (let a = 0; a < n; a++) {
      const differentiated = Array.from({ length: n }, (_, b) => slope(l + a - b));
      derivative += determinant(rows.with(a, differentiated));
    }
  }
  if (!(z > 1e-7 * size))
    throw new RangeError(
      `exact 2D plaquette of SU(${n}) at beta = ${beta}: the determinants cancel to fewer than 9 digits`,
    );
  return derivative / z / n;
}

/** Determinant by elimination with partial pivoting. */
function determinant(rows: readonly (readonly number[])[]): number {
  const m = rows.map((row) => [...row]);
  let product = 1;
  for (let k = 0; k < m.length; k++) {
    let pivot = k;
    for (let r = k + 1; r < m.length; r++) if (Math.abs(m[r]![k]!) > Math.abs(m[pivot]![k]!)) pivot = r;
    if (pivot !== k) {
      [m[k], m[pivot]] = [m[pivot]!, m[k]!];
      product = -product;
    }
    const head = m[k]![k]!;
    if (head === 0) return 0;
    product *= head;
    for (let r = k + 1; r < m.length; r++) {
      const factor = m[r]![k]! / head;
      for (let c = k; c < m.length; c++) m[r]![c]! -= factor * m[k]![c]!;
    }
  }
  return product;
}
