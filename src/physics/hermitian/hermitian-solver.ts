/**
 * Eigenvalues of complex Hermitian matrices of one size, in the heap of a device; the memory is made once.
 * The matrix is dense, row-major, (re, im) interleaved; only its lower triangle (column <= row) is read,
 * and the diagonal as real. Both calls throw a RangeError where an element of it is not a finite number.
 */
export interface HermitianSolver {
  readonly n: number;
  /** The matrix to be solved, 2 n^2 numbers; write it here anew before every call (both calls destroy it). */
  matrix(): Float64Array;
  /** The eigenvalues in ascending order; the array is used again. */
  eigenvalues(): Float64Array;
  /** Eigenvalues, and the orthonormal eigenvectors: component i of vector k at [2 (n k + i)], (re, im). */
  decompose(): { readonly values: Float64Array; readonly vectors: Float64Array };
  release(): void;
}
