import { z } from "zod";
import type { Kernels } from "../../../kernels/device.ts";
import { SCRATCH_BYTES } from "../../../kernels/team.ts";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { Field } from "../../../lattice/field.ts";
import { derivativeField } from "../../../lattice/links/derivative.ts";
import { layoutKey, linkBytes } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { type LoopFamily, loopFamilies } from "../../loops/families.ts";
import type { FieldMap, Image, ParameterBlock } from "../field-map.ts";
import { type StoutKernel, stoutKernels } from "./kernels.ts";
import { isPlaquette, type StoutForm, termMatrices } from "./parts.ts";
import { farBytes } from "./plaquettes.ts";
import { type SmearingTerm, smearingTerm } from "./terms.ts";

const MOST_BYTES = 2 ** 28;

export interface StoutOptions {
  readonly layers: number;
  readonly loops: readonly LoopFamily[];
  /** One for all, one a family of loops, or one a family and layer, layer by layer. */
  readonly rho: number | readonly number[];
  /**
   * Most memory that pulling back may use for what plaquettes give to far links, in bytes. Where that is not enough,
   * plaquettes are taken link by link, which is slower. Default 256 MiB.
   */
  readonly farBytes?: number | undefined;
}

/**
 * Stout smearing (C. Morningster and M. Peardon, Phys. Rev. D 69 (2004) 054501), any number of layers and families of
 * loops: U' = exp(Q) U, Q = TA(C U^dagger), where C_mu(n) is the sum of rho times the open paths from n to n + mu that
 * a loop of the family leaves when U_mu(n)^dagger closes it. For plaquettes rho is that of the paper.
 *
 * The parameters are rho[layer][family]. Throws a RangeError where the lattice has no such loops, or the number of rho
 * fits neither way.
 */
export class Stout implements FieldMap {
  readonly space: LinkSpace;
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  readonly layers: number;
  private readonly farBytes: number;
  readonly terms: readonly SmearingTerm[];
  private readonly idle: StoutImage[] = [];
  private cotangent: Field | undefined;
  private farField: Field | undefined;
  private made: Kernels<StoutKernel> | undefined;

  constructor(space: LinkSpace, options: StoutOptions) {
    this.space = space;
    this.layers = options.layers;
    this.farBytes = options.farBytes ?? MOST_BYTES;
    this.terms = options.loops.map((family) => smearingTerm(family, space.lattice.extents));
    this.layout = [{ name: "rho", shape: [this.layers, this.terms.length] }];
    this.parameters = layerByLayer(options);
  }

  /** Generated on first use. */
  get kernels(): Kernels<StoutKernel> {
    const { lattice, layout } = this.space;
    const { form } = this;
    const key = () =>
      `stout/${layoutKey(layout)}/${form.bySites}/${this.terms.map(({ source }) => source.key).join("; ")}`;
    this.made ??= lattice.device.kernels<StoutKernel>(key(), () => stoutKernels(form));
    return this.made;
  }

  private get form(): StoutForm {
    const { layout } = this.space;
    const { length } = this;
    const scratch = (termMatrices({ layout, terms: this.terms, bySites: true }) + layout.dimension) * linkBytes(layout);
    const bySites = length > 0 && 8 * length <= this.farBytes && scratch <= SCRATCH_BYTES;
    return { layout, terms: this.terms, bySites };
  }

  /** Numbers for the far links of all plaquettes. */
  private get length(): number {
    const { lattice, layout } = this.space;
    if (!this.terms.some(isPlaquette)) return 0;
    return (lattice.blocks * farBytes(layout)) / layout.width.bytes;
  }

  /** Memory for the cotangent of the staples, during one pull-back of one layer. */
  get work(): Field {
    this.cotangent ??= derivativeField(this.space);
    return this.cotangent;
  }

  /** Memory for far links of plaquettes (plaquettes.ts), during one pull-back of one layer. 0 where none is needed. */
  get far(): number {
    if (!this.form.bySites) return 0;
    this.farField ??= new Field(this.space.lattice.device, this.length);
    return this.farField.address;
  }

  apply(u: Field): Image {
    const image = this.idle.pop() ?? new StoutImage(this, (released) => this.idle.push(released));
    image.make(u);
    return image;
  }

  release(): void {
    for (const image of this.idle.splice(0)) image.free();
    this.cotangent?.release();
    this.cotangent = undefined;
    this.farField?.release();
    this.farField = undefined;
  }
}

/** Stout smearing on a space, see `Stout`. */
export const stout = (space: LinkSpace, options: StoutOptions): Stout => new Stout(space, options);

/** What one layer leaves for its pull-back. */
interface Layer {
  /** sum_i rho_i A_i of the links that go in; A_0 where there is one term only. */
  readonly staples: Field;
  /** The links that come out. */
  readonly links: Field;
}

class StoutImage implements Image {
  private readonly map: Stout;
  private readonly back: (image: StoutImage) => void;
  private readonly layers: readonly Layer[];
  /** rho over the multiplicity, [layer][term], when the image was made. */
  private readonly weights: Float64Array;
  private source: Field | undefined;

  constructor(map: Stout, back: (image: StoutImage) => void) {
    this.map = map;
    this.back = back;
    const { device } = map.space.lattice;
    const made = () => new Field(device, map.space.length);
    this.layers = Array.from({ length: map.layers }, () => ({ staples: made(), links: made() }));
    this.weights = new Float64Array(map.parameters.length);
  }

  get field(): Field {
    return this.layers[this.layers.length - 1]!.links;
  }

  /** The links that go into a layer. */
  private input(layer: number): Field {
    if (!this.source) throw new Error("stout: this image was released; apply the map again");
    return layer === 0 ? this.source : this.layers[layer - 1]!.links;
  }

  private rho(layer: number): Float64Array {
    const { length } = this.map.terms;
    return this.weights.subarray(layer * length, (layer + 1) * length);
  }

  make(u: Field): void {
    const { kernels, terms, parameters, space } = this.map;
    const { device, blocks, neighbours } = space.lattice;
    this.source = u;
    parameters.forEach((rho, i) => {
      this.weights[i] = rho / terms[i % terms.length]!.multiplicity;
    });
    this.layers.forEach(({ staples, links }, i) => {
      const input = this.input(i).address;
      device.run(kernels.smear, blocks, input, staples.address, links.address, neighbours, ...this.rho(i));
    });
  }

  pull(delta: Field, gradient?: Float64Array): void {
    const { kernels, space, terms, work, far } = this.map;
    const { device, blocks, neighbours, width } = space.lattice;
    const g = work.address;
    const single = terms.length === 1;
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const input = this.input(i).address;
      const staples = this.layers[i]!.staples.address;
      const strength = single ? this.rho(i)[0]! : 1;
      const places = [input, staples, delta.address, g] as const;
      const first = device.sum(kernels.local, blocks, 1, width.lanes, ...places, strength);
      if (gradient) {
        const sums = single
          ? first
          : device.sum(kernels.gradient, blocks, terms.length, width.lanes, input, g, neighbours);
        sums.forEach((sum, t) => {
          gradient[i * terms.length + t]! -= sum / terms[t]!.multiplicity;
        });
      }
      const rho = this.rho(i).map((x) => -x);
      const fields = [input, g, delta.address, far, neighbours] as const;
      if (far > 0) device.run(kernels.spread, blocks, ...fields, rho[terms.findIndex(isPlaquette)]!);
      device.run(kernels.gather, blocks, ...fields, ...rho);
    }
  }

  release(): void {
    if (!this.source) throw new Error("stout: this image was released before");
    this.source = undefined;
    this.back(this);
  }

  free(): void {
    for (const { staples, links } of this.layers) for (const field of [staples, links]) field.release();
  }
}

/** Strengths of families of loops in layers, in one of the three ways to give them. */
export interface Strengths {
  readonly layers: number;
  readonly loops: readonly string[];
  readonly rho: number | readonly number[];
}

/** rho[layer][loop] of the three ways to give it. Throws a RangeError for any other. */
export function layerByLayer(options: Strengths): Float64Array {
  const problem = rhoProblem(options);
  if (problem !== undefined) throw new RangeError(problem);
  const given = [options.rho].flat();
  return Float64Array.from({ length: options.layers * options.loops.length }, (_, i) => given[i % given.length]!);
}

/** The sentence that says what is wrong with the number of rho, or undefined. */
export function rhoProblem({ layers, loops, rho }: Strengths): string | undefined {
  const { length } = [rho].flat();
  const each = loops.length;
  if (length === 1 || length === each || length === each * layers) return undefined;
  const ways = [
    "1 (shared)",
    ...(each > 1 ? [`${each} (one a family of loops, the same in every layer)`] : []),
    ...(layers > 1 ? [`${each * layers} (layer by layer)`] : []),
  ];
  return `rho has ${length} numbers; with ${each} famil${each > 1 ? "ies" : "y"} of loops and ${layers} layer${layers > 1 ? "s" : ""} it takes ${ways.join(" or ")}`;
}

const parameters = z
  .object({
    layers: z
      .int()
      .min(1, "layers must be 1 or more; leave stout out where nothing is to be smeared")
      .default(1)
      .describe("how often the links are smeared"),
    rho: z
      .union([z.number(), z.array(z.number()).min(1)])
      .describe(
        "strength: one number for all, one a family of loops, or one a family and layer, layer by layer; 0.1 is usual for plaquettes",
      ),
    loops: z
      .array(z.enum(loopFamilies))
      .min(1)
      .default(["plaquette"])
      .describe("families of loops whose open paths smear a link"),
  })
  .superRefine((given, context) => {
    const message = rhoProblem(given);
    if (message !== undefined) context.addIssue({ code: "custom", path: ["rho"], message });
  });

export const stoutDefinition: Definition<typeof parameters, FieldMap, Bench> = {
  name: "stout",
  title: "stout smearing, U' = exp(Q) U with Q = TA(C U^dagger)",
  cite: ["C. Morningster and M. Peardon, Phys. Rev. D 69 (2004) 054501"],
  parameters,
  build: (given, bench) => stout(linksOf(bench, "stout"), given),
};
