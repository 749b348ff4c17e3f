import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { hermitianEigen } from "../../../../numerics/hermitian.ts";
import { type Couplings, hamiltonianOf } from "../../../../physics/spins/actions/double-exchange/hamiltonian.ts";

/** States of electrons that hop and feel no spins. */
export interface Orbitals {
  readonly count: number;
  readonly energies: Float64Array;
  /** phi_a(i), (re, im) at [2 (sites a + i)], orthonormal. */
  readonly states: Float64Array;
}

/** Levels this near to the edge of the window are in it, so that none of those that are equal is left out. */
const EDGE = 1e-9;

/**
 * The orbitals of the hopping whose levels lie within `window` of mu, whole degenerate levels always.
 * Throws a RangeError where there is none.
 */
export function orbitalsNear(
  space: SpinSpace,
  { t, boundary }: Pick<Couplings, "t" | "boundary">,
  mu: number,
  window: number,
): Orbitals {
  const { volume } = space.lattice;
  const { values, vectors } = hermitianEigen(hoppingOf(space, { t, boundary }));
  const near = [...values.keys()].filter((a) => Math.abs(values[a]! - mu) <= window + EDGE);
  if (near.length === 0) {
    const nearest = Math.min(...values.map((level) => Math.abs(level - mu)));
    throw new RangeError(
      `low-energy-electrons: window = ${window}: no level of the hopping lies so near to mu = ${mu}; the nearest is ${nearest.toPrecision(4)} away, so make it that large`,
    );
  }
  const states = new Float64Array(2 * volume * near.length);
  near.forEach((a, at) => states.set(vectors.subarray(2 * volume * a, 2 * volume * (a + 1)), 2 * volume * at));
  return { count: near.length, energies: Float64Array.from(near, (a) => values[a]!), states };
}

/** The hopping of the electrons of one spin, N x N. */
function hoppingOf(space: SpinSpace, couplings: Pick<Couplings, "t" | "boundary">): Float64Array {
  const { volume } = space.lattice;
  const { n, write } = hamiltonianOf(space, { ...couplings, J: 0 });
  const both = new Float64Array(2 * n * n);
  write(new Float64Array(space.length), both);
  const one = new Float64Array(2 * volume * volume);
  for (let i = 0; i < volume; i++)
    for (let j = 0; j < volume; j++)
      for (const part of [0, 1]) one[2 * (volume * i + j) + part] = both[2 * (n * 2 * i + 2 * j) + part]!;
  return one;
}
