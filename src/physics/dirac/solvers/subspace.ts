import type { Field } from "../../../lattice/field.ts";
import { solve } from "../../../numerics/dense.ts";
import type { NormalOperator } from "../operator.ts";

/** First guesses out of a few known vectors. */

/**
 * x <- V (V^dagger A V)^{-1} V^dagger b: of all combinations of the vectors V the one nearest to the solution of A x = b
 * in the norm of A, which leaves a residual orthogonal to V. One application of A a vector.
 * @param vectors independent ones, best orthonormal; without any, and where A v is not finite, x becomes 0. x is
 * none of them.
 * @param work a vector to work with.
 */
export function projected(a: NormalOperator, vectors: readonly Field[], x: Field, b: Field, work: Field): void {
  const { space, sites } = a;
  const k = vectors.length;
  space.zero(sites, x);
  if (k === 0) return;
  const matrix = new Float64Array(2 * k * k);
  const right = new Float64Array(2 * k);
  vectors.forEach((v, j) => {
    a.apply(work, v);
    for (let i = 0; i <= j; i++) {
      const [re, im] = space.dot(sites, vectors[i]!, work);
      matrix.set([re!, im!], 2 * (i * k + j));
      matrix.set([re!, -im!], 2 * (j * k + i));
    }
    right.set(space.dot(sites, v, b), 2 * j);
  });
  // what is wrong with the field or the operator is for the solver to say
  if (!matrix.every(Number.isFinite) || !right.every(Number.isFinite)) return;
  const c = solve(matrix, right);
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
