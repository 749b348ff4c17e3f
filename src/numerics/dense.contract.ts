import { expect } from "vitest";
import { addressedRng } from "./addressed-random.ts";
import { type Matrix, multiplyDagger, zero } from "./complex-matrix.ts";

/** A complex Gaussian n x n matrix, the same for the same name. */
export function gaussian(n: number, name: string): Matrix {
  const stream = addressedRng(name).at("matrix", n);
  return zero(n).map(() => stream.normal());
}

/** (A + A^†)/2 of a Gaussian matrix. */
export function gaussianHermitian(n: number, name: string): Matrix {
  const a = gaussian(n, name);
  return a.map((_, k) => {
    const [i, j] = [Math.floor(k / (2 * n)), (k >> 1) % n];
    const other = a[2 * (j * n + i) + (k & 1)]!;
    return (a[k]! + (k % 2 === 0 ? other : -other)) / 2;
  });
}

/** A A^† + shift for a Gaussian A: positive definite. */
export function positive(n: number, name: string, shift: number): Matrix {
  const a = gaussian(n, name);
  const b = multiplyDagger(a, a);
  for (let i = 0; i < n; i++) b[2 * (i * n + i)]! += shift;
  return b;
}

/** Real or complex diagonal matrix from (re, im) pairs. */
export function diagonalMatrix(values: readonly (readonly [number, number])[]): Matrix {
  const n = values.length;
  const a = zero(n);
  values.forEach((z, i) => {
    a.set(z, 2 * (i * n + i));
  });
  return a;
}

/** Both lists (re, im interleaved) hold the same numbers, in any order, to `tolerance`: each wanted one takes the nearest. */
export function expectSpectrum(
  found: Float64Array,
  wanted: readonly (readonly [number, number])[],
  tolerance: number,
): void {
  expect(found.length).toBe(2 * wanted.length);
  const left = wanted.map((_, k) => [found[2 * k]!, found[2 * k + 1]!] as const);
  for (const [x, y] of wanted) {
    const distances = left.map(([u, v]) => Math.hypot(u - x, v - y));
    const nearest = distances.indexOf(Math.min(...distances));
    expect(distances[nearest]).toBeLessThan(tolerance);
    left.splice(nearest, 1);
  }
}
