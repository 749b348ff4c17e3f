import type { ParameterBlock, Trainable } from "../../physics/maps/field-map.ts";
import type { SpinAction } from "../../physics/spins/spin-action.ts";

/**
 * A trainable action of spins, S_eff = H_eff / T. Its parameters are those of H_eff, in the unit of the energies, so that
 * they do not depend on T; the last of them is the constant E_0, which no sampling sees.
 */
export interface SpinModel extends SpinAction, Trainable {
  /** To be called after `parameters` were written to, before anything else is asked. */
  assign(): void;
  /**
   * Takes the parameters of a smaller model, by the blocks that it has in files, so that H_eff stays as it was there, and what
   * is new is ready to be trained. Throws a RangeError where something would shrink, or is another model.
   */
  grow?(stored: readonly StoredBlock[]): void;
  /** Memory and kernels to evaluate up to `capacity` configurations at once, on all workers. */
  batch(capacity: number): ModelBatch;
}

/** A block of parameters with its numbers. */
export interface StoredBlock extends ParameterBlock {
  readonly data: Float64Array;
}

/** Many configurations at once, for training. */
export interface ModelBatch {
  readonly capacity: number;
  /** Address of the configurations: spin fields one after the other, without gap. Whoever trains writes them here. */
  readonly spins: number;
  /** S_eff of the first `count` configurations; keeps what `pull` needs. The array is used again. */
  values(count: number): Float64Array;
  /** gradient += sum_b weights_b dS_eff(S_b)/d parameters, of the configurations whose values were asked last. */
  pull(weights: Float64Array, gradient: Float64Array): void;
  /**
   * dS_eff(S_b)/d parameter i of the configurations whose values were asked last, at [b * parameters + i]; where it costs about
   * as much as one `pull`.
   */
  gradients?(out: Float64Array): void;
  release(): void;
}
