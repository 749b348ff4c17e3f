import type { Field } from "../../lattice/field.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";

/** A group of parameters that belong together, in the order in which they lie: the last index runs fastest. */
export interface ParameterBlock {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Something with real parameters, one after the other in one array. */
export interface Trainable {
  /** Their values; whoever trains them writes here. */
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
}

/**
 * A map of the gauge links to gauge links, U -> U'(U), with its exact pull-back: stout smearing, and networks that are
 * covariant under gauge transformations.
 */
export interface FieldMap extends Trainable {
  readonly space: LinkSpace;
  /**
   * The image of `u`, which stays as it is and must not change until the image is released. Images live in memory of the
   * map that is used again after their release, so a trajectory allocates nothing.
   */
  apply(u: Field): Image;
  /** Gives the memory of released images back. */
  release(): void;
}

/** U' = map(U) with all that the pull-back needs; it belongs to the parameters of the time when it was made. */
export interface Image {
  /** The links U'. */
  readonly field: Field;
  /**
   * Takes a derivative back through the map, in place: `delta` holds delta' with dS = Re sum tr[delta' dU'] before
   * and delta with dS = Re sum tr[delta dU] after (lattice/links/derivative.ts). Adds dS/dparameters to `gradient`, in
   * the order of the parameters, where that is given.
   */
  pull(delta: Field, gradient?: Float64Array): void;
  /** Ends the use of this image. Throws an Error when that was done before. */
  release(): void;
}
