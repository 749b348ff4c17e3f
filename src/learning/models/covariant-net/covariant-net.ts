import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Field } from "../../../lattice/field.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { FieldMap, Image, ParameterBlock } from "../../../physics/maps/field-map.ts";
import { layerByLayer, rhoProblem, Stout } from "../../../physics/maps/stout/stout.ts";
import { layerNames, loopsProblem, type NetLoop, netLoops, tiedLoops } from "./loops.ts";

export interface CovariantNetOptions {
  readonly layers: number;
  readonly loops: readonly NetLoop[];
  /** Where the weights start: one for all, one a name in `loops`, or one a name and layer, layer by layer. Default 0. */
  readonly rho?: number | readonly number[];
}

/**
 * The gauge-covariant network of Y. Nagai and A. Tomiya (arXiv:2103.11965): layers of stout smearing
 * U' = exp(TA(C U^dagger)) U, C = sum of weight times the open paths of a family of loops, with weights that are
 * trained. The published network is two layers of plaquettes, spatial and temporal Polyakov lines.
 *
 * The parameters are blocks of one number, "layer-1.plaquette" and so on, layer by layer in the order of `loops`. The
 * names and the meaning of the numbers do not depend on the lattice: trained weights fit a larger one.
 *
 * Throws a RangeError where the lattice has no such loops, the list of loops repeats one, or the number of rho fits
 * no way.
 */
export class CovariantNet implements FieldMap {
  readonly space: LinkSpace;
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  private readonly stout: Stout;
  /** The number of the own parameter behind each one of the stout layers. */
  private readonly owner: readonly number[];
  private readonly untied: Float64Array;

  constructor(space: LinkSpace, { layers, loops, rho = 0 }: CovariantNetOptions) {
    const { families, owner } = tiedLoops(loops, space.lattice.dimension);
    this.space = space;
    this.parameters = layerByLayer({ layers, loops, rho });
    this.layout = layerNames(layers).flatMap((layer) =>
      loops.map((loop) => ({ name: `${layer}.${loop}`, shape: [1] })),
    );
    this.stout = new Stout(space, { layers, loops: families, rho: 0 });
    this.owner = [...this.stout.parameters.keys()].map(
      (i) => Math.floor(i / families.length) * loops.length + owner[i % families.length]!,
    );
    this.untied = new Float64Array(this.owner.length);
  }

  apply(u: Field): Image {
    const { stout, parameters, owner, untied } = this;
    owner.forEach((own, i) => {
      stout.parameters[i] = parameters[own]!;
    });
    const image = stout.apply(u);
    return {
      field: image.field,
      pull(delta, gradient) {
        if (!gradient) return image.pull(delta);
        image.pull(delta, untied.fill(0));
        owner.forEach((own, i) => {
          gradient[own]! += untied[i]!;
        });
      },
      release: () => image.release(),
    };
  }

  release(): void {
    this.stout.release();
  }
}

/** The network on a space, see `CovariantNet`. */
export const covariantNet = (space: LinkSpace, options: CovariantNetOptions): CovariantNet =>
  new CovariantNet(space, options);

const parameters = z
  .object({
    layers: z.int().min(1, "layers must be 1 or more").default(2).describe("how many layers of smearing"),
    loops: z
      .array(z.enum(netLoops))
      .min(1)
      .default(["plaquette", "polyakov-space", "polyakov-t"])
      .describe(
        "families of loops, each with a weight in every layer; polyakov-space has one for all spatial directions",
      ),
    rho: z
      .union([z.number(), z.array(z.number()).min(1)])
      .default(0)
      .describe("where the weights start: one number for all, one a family, or one a family and layer, layer by layer"),
  })
  .superRefine((given, context) => {
    const loops = loopsProblem(given.loops);
    if (loops) context.addIssue({ code: "custom", path: ["loops"], message: loops });
    const rho = rhoProblem(given);
    if (rho) context.addIssue({ code: "custom", path: ["rho"], message: rho });
  });

export const covariantNetDefinition: Definition<typeof parameters, FieldMap, Bench> = {
  name: "covariant-net",
  title: "gauge-covariant network: stout layers with trained weights",
  cite: ["Y. Nagai and A. Tomiya, arXiv:2103.11965"],
  parameters,
  learns: true,
  build: (given, bench) => covariantNet(linksOf(bench, "covariant-net"), given),
};
