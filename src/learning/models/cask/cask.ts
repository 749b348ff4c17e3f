import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { FieldMap, Image, ParameterBlock } from "../../../physics/maps/field-map.ts";
import type { NetLoop } from "../covariant-net/loops.ts";
import { Layer } from "./layer.ts";
import { type LayerMemory, type LayerSize, layerMemory, releaseMemory, type Work, workMemory } from "./memory.ts";
import { StoutParts } from "./smearing.ts";
import { rhoProblem, startOf, type WeightShape, weightNames, weightsByLayer } from "./weights.ts";

export interface CaskOptions {
  readonly layers: number;
  /** Sets of query, key and value in a layer. Default 1. */
  readonly heads?: number;
  /** Longest side of the staples that are attended to. Default 3. */
  readonly range?: number;
  /** Families of loops of query, key and value. Default plaquettes. */
  readonly loops?: readonly NetLoop[];
  /** Families of loops of the smearing at the end of a layer; an empty list leaves it out. Default plaquettes. */
  readonly final?: readonly NetLoop[];
  /** All weights: one number, or all of them in their order. Where left out they start as `startOf` says. */
  readonly rho?: number | readonly number[];
  /** Width of the normal numbers with which those weights start that the identity leaves free. Default 0.002. */
  readonly spread?: number;
}

/**
 * CASK, the gauge-covariant attention layer of Y. Nagai, H. Ohno and A. Tomiya (arXiv:2501.16955), any number of them.
 *
 * A head smears the links U of the layer into query, key and value, U^Q, U^K, U^V, by stout smearing with weights of its
 * own. With the extended staple of sides s, V_mu nu;s(n) = L^s_nu(n + mu) U_mu(n + s nu)^dagger L^s_nu(n)^dagger where
 * L^s_nu(n) is the straight line of s links, its attention is the gauge invariant
 *
 *   a_mu nu;s(n) = tan(pi a~ / (4 (N + 0.01))),  a~ = Re tr[U^Q_mu V[U^K]] - Re tr[U_mu V[U]],
 *
 * and turns the links:
 *
 *   U^A = exp(sum over heads of TA(C^A U^V dagger)) U,
 *   C^A_mu(n) = sum_{nu, s} a_mu nu;s(n) (upper + lower extended staple of U^V)^dagger.
 *
 * Both staples have the attention of the positive direction nu. A last smearing, whose exponent is made of U^A but which
 * turns the links that came in, gives U_out = exp(TA(C[U^A] U^A dagger)) U; without it U_out = U^A.
 *
 * Sides longer than the lattice wind round it, which periodicity allows: every staple is a path of links, and the layer
 * stays covariant and exactly differentiable. On larger lattices the same weights then mean something slightly else.
 *
 * Throws a RangeError where the lattice has one direction or no such loops, or the number of rho does not fit.
 */
export class Cask implements FieldMap {
  readonly space: LinkSpace;
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  readonly shape: WeightShape;
  readonly size: LayerSize;
  /** The operations of a layer. */
  readonly layer: Layer;
  private readonly idle: CaskImage[] = [];
  private made: Work | undefined;

  constructor(space: LinkSpace, options: CaskOptions) {
    const { layers, heads = 1, range = 3, loops = ["plaquette"], final = ["plaquette"] } = options;
    if (space.lattice.dimension < 2)
      throw new RangeError("cask: attention needs staples, so a lattice of two directions or more");
    const smearing = new StoutParts(space, loops, 3);
    const last = final.length > 0 ? new StoutParts(space, final, 1) : undefined;
    this.space = space;
    this.shape = { layers, heads, loops, final };
    this.size = { heads, range, weights: smearing.count, finalWeights: last?.count ?? 0 };
    this.layer = new Layer(space, range, smearing, last);
    this.layout = weightNames(this.shape).map((name) => ({ name, shape: [1] }));
    this.parameters = initial(this.shape, options);
  }

  /** Memory for what is between, forwards and backwards. */
  get work(): Work {
    this.made ??= workMemory(this.space, this.size);
    return this.made;
  }

  apply(u: Field): Image {
    const image = this.idle.pop() ?? new CaskImage(this, (released) => this.idle.push(released));
    image.make(u);
    return image;
  }

  release(): void {
    for (const image of this.idle.splice(0)) image.free();
    if (this.made) releaseMemory(this.made);
    this.made = undefined;
  }
}

/** CASK on a space, see `Cask`. */
export const cask = (space: LinkSpace, options: CaskOptions): Cask => new Cask(space, options);

class CaskImage implements Image {
  private readonly map: Cask;
  private readonly back: (image: CaskImage) => void;
  private readonly layers: readonly LayerMemory[];
  /** The weights when the image was made. */
  private readonly weights: Float64Array;
  private source: Field | undefined;

  constructor(map: Cask, back: (image: CaskImage) => void) {
    this.map = map;
    this.back = back;
    this.layers = Array.from({ length: map.shape.layers }, () => layerMemory(map.space, map.size));
    this.weights = new Float64Array(map.parameters.length);
  }

  get field(): Field {
    return this.layers[this.layers.length - 1]!.links;
  }

  /** Address of the links that go into a layer. */
  private input(layer: number): number {
    if (!this.source) throw new Error("cask: this image was released; apply the map again");
    return layer === 0 ? this.source.address : this.layers[layer - 1]!.links.address;
  }

  make(u: Field): void {
    const { layer, parameters, shape, work } = this.map;
    this.source = u;
    this.weights.set(parameters);
    weightsByLayer(this.weights, shape).forEach((weights, i) => {
      layer.apply(this.input(i), this.layers[i]!, work, weights);
    });
  }

  pull(delta: Field, gradient: Float64Array = new Float64Array(this.weights.length)): void {
    const { layer, shape, work } = this.map;
    const weights = weightsByLayer(this.weights, shape);
    const into = weightsByLayer(gradient, shape);
    for (let i = this.layers.length - 1; i >= 0; i--) {
      layer.pull(delta.address, this.input(i), this.layers[i]!, work, weights[i]!, into[i]!);
      delta.assign(work.du.field);
    }
  }

  release(): void {
    if (!this.source) throw new Error("cask: this image was released before");
    this.source = undefined;
    this.back(this);
  }

  free(): void {
    for (const memory of this.layers) releaseMemory(memory);
  }
}

/** Width of the normal numbers that weights start with. */
export const usualSpread = 0.002;

/** The weights to begin with. Throws a RangeError where there are not as many as there should be. */
function initial(shape: WeightShape, { rho, spread = usualSpread }: CaskOptions): Float64Array {
  const problem = rhoProblem(shape, rho);
  if (problem) throw new RangeError(problem);
  if (rho === undefined) return startOf(shape, spread);
  return typeof rho === "number" ? new Float64Array(weightNames(shape).length).fill(rho) : Float64Array.from(rho);
}
