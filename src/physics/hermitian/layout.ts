/**
 * How a Hermitian matrix of n rows lies in memory while it is reduced: the lower triangle in blocks of 2 x 2 complex
 * numbers, block row after block row, each block one cache line: (re, im) of its upper row as two vec of two columns,
 * then of its lower row. So a sweep over the triangle is one stream, and lanes never have to be shuffled. Odd n are
 * padded by a row of zeros. The blocks on the diagonal hold both of their triangles.
 */
export const BLOCK_BYTES = 64;

/** Block rows, and pairs of components of a vector. */
export const blockRows = (n: number): number => (n + 1) >> 1;

/** Bytes of a packed matrix of n rows. */
export const packedBytes = (n: number): number => (BLOCK_BYTES / 2) * blockRows(n) * (blockRows(n) + 1);

/** Bytes of a complex vector of n components: for every pair (re, im) as two vec. */
export const vectorBytes = (n: number): number => 32 * blockRows(n);

/**
 * The vectors of one step, pair by pair together: the reflector v and the companion w of the step before, the vector x
 * of this step, and y = A x; each (re, im) as two vec.
 */
export const V = 0;
export const W = 32;
export const X = 64;
export const Y = 96;
export const PAIR_BYTES = 128;

/** What is known of every step i of the reduction, numbers doubled into both lanes; see reduction.ts. */
export const STEP = { diagonal: 0, square: 16, cornerRe: 32, cornerIm: 48, scale: 64 } as const;
export const STEP_BYTES = 80;

/** A sweep of rotations: the integers `from` and `to`; see rotations.ts. */
export const SWEEP_BYTES = 8;

/**
 * The rotated vectors of the tridiagonal matrix lie in strips of eight components: all rows of a strip, one behind the
 * other, then the next strip. So a strip stays in the cache while all rotations pass.
 */
export const STRIP = 8;
export const strips = (n: number): number => Math.ceil(n / STRIP);
export const stripsBytes = (n: number): number => 8 * STRIP * n * strips(n);

/** As many vectors are transformed back together; their number is rounded up to whole groups. */
export const GROUP = 4;
export const groups = (n: number): number => Math.ceil(n / GROUP);
