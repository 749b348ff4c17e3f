import type { Configuration } from "../../../../lattice/space.ts";
import type { HermitianSolver } from "../../../hermitian/hermitian-solver.ts";
import type { Hamiltonian } from "./hamiltonian.ts";

/** The levels of the electrons in given spins. */
export interface Electrons {
  readonly hamiltonian: Hamiltonian;
  /** The 2N levels, ascending; asked again for the same spins it diagonalises nothing. The array is used again. */
  levels(c: Configuration): Float64Array;
  /** Levels of a spin field given as its numbers. */
  levelsOf(spins: Float64Array): Float64Array;
  /** Levels and states, see HermitianSolver.decompose. */
  decompose(c: Pick<Configuration, "field">): ReturnType<HermitianSolver["decompose"]>;
}

/** `makeSolver` is called when the first level is asked for, with 2N. */
export function electronsOf(hamiltonian: Hamiltonian, makeSolver: (n: number) => HermitianSolver): Electrons {
  let made: HermitianSolver | undefined;
  const solver = () => (made ??= makeSolver(hamiltonian.n));
  const known = new Float64Array(hamiltonian.space.length).fill(Number.NaN);
  const levels = new Float64Array(hamiltonian.n);

  const levelsOf = (spins: Float64Array) => {
    if (same(spins, known)) return levels;
    known.fill(Number.NaN);
    const s = solver();
    hamiltonian.write(spins, s.matrix());
    levels.set(s.eigenvalues());
    known.set(spins);
    return levels;
  };
  return {
    hamiltonian,
    levelsOf,
    levels: (c) => {
      solver(); // may grow the heap, which views do not survive
      return levelsOf(c.field.view());
    },
    decompose(c) {
      const s = solver();
      hamiltonian.write(c.field.view(), s.matrix());
      return s.decompose();
    },
  };
}

function same(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
