import { SCRATCH_BYTES } from "../../../../../kernels/control.ts";
import type { FrequencyRule } from "../frequencies.ts";
import { type Hamiltonian, hasMirror } from "../hamiltonian.ts";
import { complexGreen } from "./complex.ts";
import { quaternionGreen } from "./quaternion.ts";

/** A change delta = (J/2) (S' - S).sigma of the 2 x 2 block of one site. */
export interface SiteChange {
  readonly site: number;
  /** (J/2) (S' - S) */
  readonly vector: Float64Array;
}

/** Green's functions G(z_l) = (z_l - h)^-1 at z_l = mu + i omega_l, followed through changes of single spins. */
export interface GreenFunctions {
  /** All of them afresh from the levels and states of h. */
  fill(levels: Float64Array, vectors: Float64Array): void;
  /** Re sum_l 2 weights_l ln det(1 - delta G_ii(z_l)), the change of ln W. */
  lnRatio(change: SiteChange): number;
  /** G <- (z - h - delta)^-1 = G + G delta (1 - G_ii delta)^-1 G (Woodbury), of rank two. */
  update(change: SiteChange): void;
}

/** Sites for which a row of coefficients fits the workers' private memory. */
const MOST_SITES = { quaternion: SCRATCH_BYTES / 128, complex: SCRATCH_BYTES / 64 };

/**
 * As complex matrices; at half filling, where levels come in pairs +-eps, as matrices of real quaternions, which are half
 * as many numbers. Throws a RangeError for more sites than the kernels have memory for, 1024; what it returns takes that
 * memory.
 */
export function greenFunctions(hamiltonian: Hamiltonian, mu: number): (rule: FrequencyRule) => GreenFunctions {
  const { volume } = hamiltonian.space.lattice;
  if (mu === 0 && hasMirror(hamiltonian) && volume <= MOST_SITES.quaternion)
    return (rule) => quaternionGreen(hamiltonian, rule);
  if (volume <= MOST_SITES.complex) return (rule) => complexGreen(hamiltonian, mu, rule);
  throw new RangeError(
    `double-exchange: local = "matsubara" is for up to ${MOST_SITES.complex} sites, this lattice has ${volume}; take local = "diagonalise"`,
  );
}
