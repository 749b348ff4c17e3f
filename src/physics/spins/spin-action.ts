import type { Field } from "../../lattice/field.ts";
import type { Configuration } from "../../lattice/space.ts";
import type { Action } from "../action.ts";

/**
 * An action of spins: S = E/T, or -ln W where the other degrees of freedom are summed over. Configurations have weight
 * exp(-S) with respect to the uniform measure on every sphere (sign).
 *
 * `addDerivative` adds weight times the Euclidean gradient dS/dS_i, laid out as the spins, not projected on the sphere.
 */
export interface SpinAction extends Action {
  addDerivative(c: Configuration, weight: number, gradient: Field): void;
  /** Where S is nothing but a sum over pairs (and squares, and a field): its couplings. Local and cluster updates read them. */
  readonly couplings?: SpinCouplings;
  /** S under changes of one spin at a time; `begin` it with the field that it then follows. */
  readonly local?: LocalAction;
  /**
   * A whole chain of Metropolis updates for exp(-S) in one kernel, for actions whose `change` is too short to be asked for
   * one by one. Changes the field; returns the number accepted. Every update chooses its site at random, so that the chain is
   * reversible (for XY and O(3) spins; see `SpinChain` for the proposals and their addresses).
   */
  readonly metropolis?: (c: Configuration, chain: SpinChain) => number;
  /** T, in the unit of the energies. */
  readonly temperature: number;
  /** S at several temperatures from one evaluation (E/T, one spectrum); entry k is what the same action at T_k gives. */
  valuesAt(c: Configuration, temperatures: readonly number[]): Float64Array;
  /** The same energies at another temperature, as they are now: what a replica of parallel tempering moves by. */
  at?(temperature: number): SpinAction;
  /** Of a sum: its terms. */
  readonly terms?: readonly SpinAction[];
}

/**
 * S = -sum_n K_n sum_<ij>_n S_i.S_j - K_sq sum_sq S S S S - sum_i h.S_i, every unordered pair of distinct sites once
 * (lattice/shells.ts), the elementary squares of all planes once (Ising spins only).
 */
export interface SpinCouplings {
  /** K_n at [n - 1]; without unit. May change between updates (a fit), never within one. */
  readonly shells: Float64Array;
  readonly square: number;
  /** h, as many numbers as a spin has; all zero: none. */
  readonly field: readonly number[];
}

/**
 * A chain of single-spin Metropolis updates. Update u draws two uniforms (a, b) from the stream (key, step, site word 0) and
 * two (c, d) from (key, step, site word 1), block u of each (numerics/addressed-random.ts): a and b make the new spin
 * (O(3): z = 1 - 2 a and the azimuth 2 pi b; XY: the angle 2 pi a, b unused), floor(c N) is the site, and it is accepted
 * where d < exp(-change of S).
 */
export interface SpinChain {
  /** Updates, each on a site of its own choice. */
  readonly updates: number;
  /**
   * Largest angle between the old spin and the proposed one, in (0, pi]: proposals are uniform on that cap about the old
   * spin (z above is then the cosine, from 1 to cos width; in the plane the angle is uniform in [-width, width]). Left
   * out: uniform on the whole sphere.
   */
  readonly width?: number;
  /** `rng.key(purpose)`. */
  readonly key: readonly [number, number];
  readonly step: number;
}

/** An action under single-spin changes, with memory of where it stands. */
export interface LocalAction {
  /** From here on it follows the spins of `c`, as they are now and as `accept` changes them. */
  begin(c: Configuration): void;
  /** S with the spin at `site` replaced by the first numbers of `spin`, minus S now. */
  change(site: number, spin: Float64Array): number;
  /** Makes the change asked about last, in the field too. */
  accept(): void;
}

export const isSpinAction = (action: Action): action is SpinAction => "valuesAt" in action;
