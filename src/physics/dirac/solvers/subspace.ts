import type { Field } from "../../../lattice/field.ts";
import type { NormalOperator } from "../operator.ts";

/** First guesses out of a few known vectors. */

/**
 * x <- V (V^dagger A V)^{-1} V^dagger b: of all combinations of the vectors V the one nearest to the solution of A x = b
 * in the norm of A, which leaves a residual orthogonal to V. One application of A a vector.
 * @param vectors independent ones, best orthonormal; without any x becomes 0. x is none of them.
 * @param work a vector to work with.
 */
export function projected(a: NormalOperator, vectors: readonly Field[], x: Field, b: Field, work: Field): void {
  const { space, sites } = a;
  const k = vectors.length;
  const matrix = new Float64Array(2 * k * k);
  const right = new Float64Array(2 * k);
  vectors.forEach((v, j) => {
    a.apply(work, v);
    for (let i = 0; i <= j; i++) {
      const [re, im] = space.dot(sites, vectors[i]!, work) as unknown as [number, number];
      matrix.set([re, im], 2 * (i * k + j));
      matrix.set([re, -im], 2 * (j * k + i));
    }
    right.set(space.dot(sites, v, b), 2 * j);
  });
  const c = solvePositive(matrix, right);
  space.zero(sites, x);
  vectors.forEach((v, i) => space.complexAxpy(sites, x, c[2 * i]!, c[2 * i + 1]!, v));
}

/**
 * Makes vectors orthonormal in place (Gram-Schmidt, twice), the first as it is. Returns those that were independent of the
 * ones before to `tolerance` of their length.
 */
export function orthonormalised(a: NormalOperator, vectors: readonly Field[], tolerance = 1e-7): Field[] {
  const { space, sites } = a;
  const kept: Field[] = [];
  for (const v of vectors) {
    const before = Math.sqrt(space.norm2(sites, v));
    for (let round = 0; round < 2; round++)
      for (const w of kept) {
        const z = space.dot(sites, w, v);
        space.complexAxpy(sites, v, -z[0]!, -z[1]!, w);
      }
    const left = Math.sqrt(space.norm2(sites, v));
    if (!(left > tolerance * before)) continue;
    space.axpby(sites, v, 1 / left, v, 0, v);
    kept.push(v);
  }
  return kept;
}

/** x with m x = b for a Hermitian positive k x k matrix [row][column][re, im], by elimination; b of k complex numbers. */
function solvePositive(m: Float64Array, b: Float64Array): Float64Array {
  const k = b.length / 2;
  const at = (i: number, j: number) => 2 * (i * k + j);
  for (let p = 0; p < k; p++) {
    const pivot = m[at(p, p)]!; // real and positive, and the best pivot there is
    for (let i = p + 1; i < k; i++) {
      const [fr, fi] = [m[at(i, p)]! / pivot, m[at(i, p) + 1]! / pivot];
      for (let j = p; j < k; j++) subtractProduct(m, at(i, j), fr, fi, m[at(p, j)]!, m[at(p, j) + 1]!);
      subtractProduct(b, 2 * i, fr, fi, b[2 * p]!, b[2 * p + 1]!);
    }
  }
  for (let i = k - 1; i >= 0; i--) {
    for (let j = i + 1; j < k; j++) subtractProduct(b, 2 * i, m[at(i, j)]!, m[at(i, j) + 1]!, b[2 * j]!, b[2 * j + 1]!);
    b[2 * i]! /= m[at(i, i)]!;
    b[2 * i + 1]! /= m[at(i, i)]!;
  }
  return b;
}

/** y[at] -= a b */
function subtractProduct(y: Float64Array, at: number, ar: number, ai: number, br: number, bi: number): void {
  y[at]! -= ar * br - ai * bi;
  y[at + 1]! -= ar * bi + ai * br;
}
