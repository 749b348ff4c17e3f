import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { Matrix } from "../../../numerics/complex-matrix.ts";

/** Largest matrix of dense linear algebra: 256 MiB, and some minutes. */
export const LARGEST_MATRIX = 4096;

/** Complex numbers of a vector on a set of sites. */
export const dimensionOf = (space: SpinorSpace, sites: Sites): number =>
  space.count(sites) * space.width.lanes * space.components;

/** Throws a RangeError with size and limit where the matrix of an operator on these sites is too large. */
export function checkSize(space: SpinorSpace, sites: Sites): void {
  const n = dimensionOf(space, sites);
  if (n > LARGEST_MATRIX)
    throw new RangeError(
      `the Dirac operator on ${sites} sites of [${space.lattice.extents.join(", ")}] is a matrix of ${n} rows; exact linear ` +
        `algebra is for ${LARGEST_MATRIX} at most (sources of noise and Krylov methods have no such limit)`,
    );
}

/**
 * Place of the real part of number i of a set of sites in the numbers of a field, and how far the imaginary part is behind
 * it. Numbers are counted [block][component][lane], so that sets of sites are ranges.
 */
export function placeOf(space: SpinorSpace, sites: Sites): { place: (i: number) => number; lanes: number } {
  const { lanes } = space.width;
  const start = 2 * space.first(sites) * space.components * lanes;
  return { place: (i) => start + 2 * (i - (i % lanes)) + (i % lanes), lanes };
}

/** Calls `done` for every unit vector e_k on a set of sites, which is in `x` until it returns. */
export function forUnitVectors(space: SpinorSpace, sites: Sites, x: Field, done: (k: number) => void): void {
  const { place } = placeOf(space, sites);
  const n = dimensionOf(space, sites);
  for (let k = 0; k < n; k++) {
    x.zero();
    x.view()[place(k)] = 1;
    done(k);
  }
}

/**
 * The matrix of a linear map from a set of sites to the same, row-major with re and im interleaved, column by column by
 * applying it. Rows and columns are counted as in `placeOf`, not as sites in files. Throws a RangeError where it is too large.
 */
export function matrixOf(space: SpinorSpace, sites: Sites, apply: (out: Field, x: Field) => unknown): Matrix {
  checkSize(space, sites);
  const n = dimensionOf(space, sites);
  const { place, lanes } = placeOf(space, sites);
  const matrix = new Float64Array(2 * n * n);
  const [x, y] = [space.field(), space.field()];
  forUnitVectors(space, sites, x, (column) => {
    apply(y, x);
    const values = y.view();
    for (let row = 0; row < n; row++) {
      const [from, to] = [place(row), 2 * (row * n + column)];
      matrix[to] = values[from]!;
      matrix[to + 1] = values[from + lanes]!;
    }
  });
  x.release();
  y.release();
  return matrix;
}

/** x, on a set of sites, <- the complex conjugate of a row of a matrix. */
export function loadConjugateRow(space: SpinorSpace, sites: Sites, x: Field, matrix: Matrix, row: number): void {
  const n = dimensionOf(space, sites);
  const { place, lanes } = placeOf(space, sites);
  const values = x.view();
  for (let i = 0; i < n; i++) {
    const from = 2 * (row * n + i);
    values[place(i)] = matrix[from]!;
    values[place(i) + lanes] = -matrix[from + 1]!;
  }
}
