import type { Field } from "../../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { Rng } from "../../../numerics/rng.ts";

/** Orthonormal vectors that grow one by one and shrink by rotations: what Lanczos and Arnoldi stand on. */
export class KrylovBasis {
  readonly space: SpinorSpace;
  readonly sites: Sites;
  /** Orthonormal; the one after the last in use is the next to be worked on. */
  readonly vectors: Field[];
  private readonly spare: Field[] = [];
  private readonly rng: Rng;
  private draws = 0;

  /** @param size largest number of vectors at a time; one more is allocated. */
  constructor(space: SpinorSpace, sites: Sites, size: number) {
    this.space = space;
    this.sites = sites;
    this.rng = addressedRng("krylov");
    this.vectors = Array.from({ length: size + 1 }, () => space.field());
  }

  /** Complex numbers of a vector: the largest possible size. */
  static dimension(space: SpinorSpace, sites: Sites): number {
    return space.count(sites) * space.layout.width.lanes * space.components;
  }

  /**
   * Makes vector `count` orthogonal to the `count` before it by two rounds of Gram-Schmidt and returns its coefficients
   * on them, [re, im] each; it is not normalised.
   * @param near the first round leaves out the vectors before this one, on which the coefficients are known to be 0.
   */
  orthogonalise(count: number, near = 0): Float64Array {
    const { space, sites, vectors } = this;
    const v = vectors[count]!;
    const coefficients = new Float64Array(2 * count);
    for (const first of [near, 0])
      for (let i = first; i < count; i++) {
        const z = space.dot(sites, vectors[i]!, v);
        space.complexAxpy(sites, v, -z[0]!, -z[1]!, vectors[i]!);
        coefficients[2 * i]! += z[0]!;
        coefficients[2 * i + 1]! += z[1]!;
      }
    return coefficients;
  }

  /** Scales vector `count` to length 1 and returns its length before. */
  normalise(count: number): number {
    const { space, sites, vectors } = this;
    const v = vectors[count]!;
    const length = Math.sqrt(space.norm2(sites, v));
    if (length > 0) space.axpby(sites, v, 1 / length, v, 0, v);
    return length;
  }

  /** Vector `count` <- random, orthogonal to those before it, of length 1. */
  random(count: number): void {
    this.space.draw(this.sites, this.vectors[count]!, "gaussian", this.rng, "krylov", this.draws++);
    this.orthogonalise(count);
    this.normalise(count);
  }

  /**
   * Replaces the first `from` vectors by `to` combinations of them, and moves vector `from` behind these.
   * @param rotation entry(j, i) = [re, im] of old vector j in new vector i.
   */
  rotate(from: number, to: number, rotation: (j: number, i: number) => readonly [number, number]): void {
    const { space, sites, vectors, spare } = this;
    while (spare.length < to) spare.push(space.field());
    for (let i = 0; i < to; i++) {
      space.zero(sites, spare[i]!);
      for (let j = 0; j < from; j++) {
        const [re, im] = rotation(j, i);
        if (im !== 0) space.complexAxpy(sites, spare[i]!, re, im, vectors[j]!);
        else if (re !== 0) space.axpy(sites, spare[i]!, re, vectors[j]!);
      }
    }
    const next = vectors[from]!;
    vectors[from] = vectors[to]!;
    vectors[to] = next;
    for (let i = 0; i < to; i++) [vectors[i], spare[i]] = [spare[i]!, vectors[i]!];
  }

  /** Takes the first `count` vectors out and releases the others. */
  take(count: number): Field[] {
    const taken = this.vectors.splice(0, count);
    this.release();
    return taken;
  }

  release(): void {
    for (const field of [...this.vectors, ...this.spare]) field.release();
    this.vectors.length = 0;
    this.spare.length = 0;
  }
}
