/**
 * Matrices in the fifth direction. All that a domain wall operator needs are functions of one matrix F, which shifts the
 * two chiralities against each other, and F knows its own power: F^L5 = -mass. So p + q F has a closed inverse and a closed
 * determinant for each chirality.
 */
export interface FifthMatrix {
  readonly p: number;
  readonly q: number;
}

/** What is fixed when an operator is made. */
export interface FifthDirection {
  readonly L5: number;
  readonly mass: number;
  /** M5 = 1 - F + (d + M) B: all of D5 that does not hop. */
  readonly diagonal: FifthMatrix;
  /** B = (b + c)/2 + ((b - c)/2) F, which stands to the right of the hopping term; 1 for b = c = 1. */
  readonly right: FifthMatrix;
}

/**
 * The matrices of D5 = 1 - F + D_W B in d dimensions, D_W = (d + M) - T/2.
 * Throws a RangeError for numbers that make no operator.
 */
export function fifthDirection(
  dimension: number,
  { L5, M, mass, b, c }: { L5: number; M: number; mass: number; b: number; c: number },
): FifthDirection {
  if (!Number.isInteger(L5) || L5 < 1)
    throw new RangeError(`domain wall: L5 = ${L5}; the fifth direction needs a whole number of slices, 1 or more`);
  for (const [name, value] of Object.entries({ M, mass, b, c }))
    if (!Number.isFinite(value)) throw new RangeError(`domain wall: ${name} = ${value} is not a number`);
  const right = { p: (b + c) / 2, q: (b - c) / 2 };
  const diagonal = { p: 1 + (dimension + M) * right.p, q: (dimension + M) * right.q - 1 };
  return { L5, mass, diagonal, right };
}

/** How (p + q F)^{-1} = (1/p) sum_k ratio^k F^k / norm is applied: see `solveFifth` of fifth.ts. */
export interface FifthInverse {
  /** 1/p */
  readonly scale: number;
  /** -q/p */
  readonly ratio: number;
  /** -mass ratio / (p (1 + mass ratio^L5)): how the far wall feeds back to the first slice of the sweep. */
  readonly wrap: number;
}

/** Throws a RangeError where p + q F is singular. */
export function fifthInverse({ p, q }: FifthMatrix, L5: number, mass: number): FifthInverse {
  const ratio = -q / p;
  const norm = 1 + mass * ratio ** L5;
  if (!Number.isFinite(ratio) || norm === 0)
    throw new RangeError(
      `domain wall: the part of D5 within a site is singular (${p} + ${q} F with F^${L5} = ${-mass}), so it cannot be even-odd preconditioned; take domain "all" or another M`,
    );
  return { scale: 1 / p, ratio, wrap: (-mass * ratio) / (p * norm) };
}

/**
 * log |det (p + q F)| for one spin component and colour of a site: p^L5 + mass (-q)^L5, the eigenvalues of F being the L5
 * roots of -mass. The larger of p and q is taken out of the power.
 */
export function logDeterminantFifth({ p, q }: FifthMatrix, L5: number, mass: number): number {
  if (Math.abs(p) >= Math.abs(q)) return L5 * Math.log(Math.abs(p)) + Math.log(Math.abs(1 + mass * (-q / p) ** L5));
  return L5 * Math.log(Math.abs(q)) + Math.log(Math.abs((p / -q) ** L5 + mass));
}
