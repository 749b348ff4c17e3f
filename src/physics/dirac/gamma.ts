/**
 * Gamma matrices as phased permutations: (gamma psi)_i = i^phase[i] psi_{column[i]}.
 *
 * Four dimensions: Hermitian and chiral, gamma_5 = gamma_1 gamma_2 gamma_3 gamma_4 = diag(-1, -1, 1, 1), as in
 * LatticeQCD.jl (docs/conventions.md). Two dimensions: Pauli matrices sigma_1, sigma_2 and gamma_5 = -i sigma_1 sigma_2 = sigma_3.
 */
export interface Gamma {
  readonly column: readonly number[];
  /** Powers of i. */
  readonly phase: readonly (0 | 1 | 2 | 3)[];
}

const gamma = (column: readonly number[], phase: readonly (0 | 1 | 2 | 3)[]): Gamma => ({ column, phase });

const four = [
  gamma([3, 2, 1, 0], [3, 3, 1, 1]),
  gamma([3, 2, 1, 0], [2, 0, 0, 2]),
  gamma([2, 3, 0, 1], [3, 1, 1, 3]),
  gamma([2, 3, 0, 1], [2, 2, 2, 2]),
];
const two = [gamma([1, 0], [0, 0]), gamma([1, 0], [3, 1])];

/** gamma_1 … gamma_d. Throws a RangeError in one and three dimensions. */
export function gammas(dimension: number): readonly Gamma[] {
  if (dimension === 4) return four;
  if (dimension === 2) return two;
  throw new RangeError(`Wilson quarks live in 2 or 4 dimensions; this lattice has ${dimension}`);
}

/** Diagonal of gamma_5: -1 for the first half of the spin components and +1 for the second (the other way in two dimensions). */
export const gamma5 = (dimension: number): readonly number[] => (dimension === 4 ? [-1, -1, 1, 1] : [1, -1]);

/** Spin components in d dimensions. */
export const spins = (dimension: number): number => gammas(dimension)[0]!.column.length;
