import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";

/** What the one-particle Hamiltonian depends on beside the spins. */
export interface Couplings {
  /** Hopping amplitude, the unit of the energies as a rule. */
  readonly t: number;
  /** Coupling of electron and classical spin: an electron at a site has energy +J/2 along the spin, -J/2 against it. */
  readonly J: number;
  /** "periodic", or a twist a direction in units of pi: psi(x + L) = exp(i pi twist) psi(x). */
  readonly boundary: "periodic" | readonly number[];
}

/**
 * The one-particle Hamiltonian of electrons that hop between nearest neighbours of a torus and feel classical spins,
 *
 *   h = -t sum_<ij> (|i><j| + |j><i|) + (J/2) sum_i S_i.sigma |i><i|,
 *
 * as a dense 2N x 2N matrix, row-major, (re, im); row 2 i + s is site i with spin s = 0 (up), 1 (down). Spins of fewer
 * components lie along z (Ising) or in the x-y plane (XY). The chemical potential is not in it.
 */
export interface Hamiltonian {
  readonly space: SpinSpace;
  readonly couplings: Couplings;
  /** 2 N */
  readonly n: number;
  /** No eigenvalue is larger in size: 2 d |t| + |J|/2. */
  readonly bound: number;
  /** Writes h[S] into `matrix`, 2 n^2 numbers, all of them. */
  write(spins: Float64Array, matrix: Float64Array): void;
  /** The spin at a site of a spin field (or of three numbers, site 0) as a vector in space. */
  vector(spins: Float64Array, site: number, out: Float64Array): Float64Array;
}

/** More sites would need matrices of gigabytes. */
const MOST_SITES = 2048;

/** Throws a RangeError for a lattice with an extent of 1 or more than 2048 sites, or twists that do not fit it. */
export function hamiltonianOf(space: SpinSpace, couplings: Couplings): Hamiltonian {
  const { extents, dimension, volume } = space.lattice;
  if (volume > MOST_SITES)
    throw new RangeError(
      `double-exchange: the lattice [${extents.join(", ")}] has ${volume} sites; its dense matrix is diagonalised for up to ${MOST_SITES}`,
    );
  const { t, J } = couplings;
  const template = hoppingMatrix(extents, t, twistsOf(couplings.boundary, extents));
  const n = 2 * volume;
  const vector = vectorOf(space);
  const s = new Float64Array(3);
  return {
    space,
    couplings,
    n,
    bound: 2 * dimension * Math.abs(t) + Math.abs(J) / 2,
    vector,
    write(spins, matrix) {
      matrix.set(template);
      for (let site = 0; site < volume; site++) {
        vector(spins, site, s);
        // (J/2) [[z, x - i y], [x + i y, -z]]; nothing else stands in this block
        const upper = 2 * (2 * site * n + 2 * site);
        const lower = upper + 2 * n;
        matrix[upper] = (J / 2) * s[2]!;
        matrix[upper + 2] = (J / 2) * s[0]!;
        matrix[upper + 3] = (-J / 2) * s[1]!;
        matrix[lower] = (J / 2) * s[0]!;
        matrix[lower + 1] = (J / 2) * s[1]!;
        matrix[lower + 2] = (-J / 2) * s[2]!;
      }
    },
  };
}

/** Every bond from a site to the next one forward once, so that both bonds of an extent of 2 add up. */
function hoppingMatrix(extents: readonly number[], t: number, twists: readonly number[]): Float64Array {
  const volume = extents.reduce((a, b) => a * b, 1);
  const n = 2 * volume;
  const matrix = new Float64Array(2 * n * n);
  const add = (i: number, j: number, re: number, im: number) => {
    for (let s = 0; s < 2; s++) {
      matrix[2 * ((2 * i + s) * n + 2 * j + s)]! += re;
      matrix[2 * ((2 * i + s) * n + 2 * j + s) + 1]! += im;
    }
  };
  for (let site = 0; site < volume; site++) {
    const x = coordinatesOf(site, extents);
    let stride = 1;
    extents.forEach((length, mu) => {
      const wraps = x[mu] === length - 1;
      const next = site + (wraps ? (1 - length) * stride : stride);
      const [re, im] = wraps ? phase(twists[mu]!) : [1, 0];
      add(site, next, -t * re, -t * im);
      add(next, site, -t * re, t * im);
      stride *= length;
    });
  }
  return matrix;
}

/** exp(i pi twist), exactly real where it is. */
function phase(twist: number): readonly [re: number, im: number] {
  const turn = ((twist % 2) + 2) % 2;
  if (turn === 0 || turn === 1) return [1 - 2 * turn, 0];
  return [Math.cos(Math.PI * turn), Math.sin(Math.PI * turn)];
}

function twistsOf(boundary: Couplings["boundary"], extents: readonly number[]): readonly number[] {
  const thin = extents.indexOf(1);
  if (thin >= 0)
    throw new RangeError(
      `double-exchange: extent ${thin + 1} of the lattice [${extents.join(", ")}] is 1, where an electron would hop onto its own site; leave that direction out`,
    );
  if (boundary === "periodic") return extents.map(() => 0);
  if (boundary.length !== extents.length)
    throw new RangeError(
      `double-exchange: boundary has ${boundary.length} twists for ${extents.length} directions; give one a direction, in units of pi (0 is periodic, 1 antiperiodic)`,
    );
  return boundary;
}

/** Where the components of a spin point: Ising along z, XY in the x-y plane. */
function vectorOf(space: SpinSpace): Hamiltonian["vector"] {
  const n = space.components;
  const first = n === 1 ? 2 : 0;
  return (spins, site, out) => {
    out.fill(0);
    for (let a = 0; a < n; a++) out[first + a] = spins[n * site + a]!;
    return out;
  };
}

/**
 * Whether the spectrum is +-symmetric for every spin configuration: real hopping between two sublattices. Then
 * C = (-1)^(x + y + ...) i sigma_y K, K the complex conjugation, has C h C^-1 = -h.
 */
export function hasMirror({ space, couplings }: Hamiltonian): boolean {
  const { extents } = space.lattice;
  const real = couplings.boundary === "periodic" || couplings.boundary.every((twist) => Number.isInteger(twist));
  return real && extents.every((length) => length % 2 === 0);
}
