import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { FieldMap } from "../../../physics/maps/field-map.ts";
import { loopsProblem, netLoops } from "../covariant-net/loops.ts";
import { cask, usualSpread } from "./cask.ts";
import { rhoProblem } from "./weights.ts";

const loops = z.array(z.enum(netLoops));

const parameters = z
  .object({
    layers: z.int().min(1, "layers must be 1 or more").default(2).describe("how many layers of attention"),
    heads: z
      .int()
      .min(1, "heads must be 1 or more")
      .default(1)
      .describe("sets of query, key and value in a layer; what they turn the links by is added"),
    range: z
      .int()
      .min(1, "range must be 1 or more, the longest side of the staples that are attended to")
      .default(3)
      .describe("longest side of the staples that are attended to"),
    loops: loops
      .min(1)
      .default(["plaquette"])
      .describe(
        "families of loops of query, key and value, each with a weight; polyakov-space has one for all spatial directions",
      ),
    final: loops
      .default(["plaquette"])
      .describe("families of loops of the smearing at the end of a layer; [] leaves it out"),
    rho: z
      .union([z.number(), z.array(z.number()).min(1)])
      .optional()
      .describe(
        "where the weights start: one number for all, or all of them in their order; left out, every layer is the identity and the weights that this leaves free are small normal numbers",
      ),
    spread: z
      .number()
      .nonnegative("spread must not be negative, it is the width of a distribution")
      .optional()
      .meta({ description: "width of those normal numbers", default: usualSpread }),
  })
  .superRefine((given, context) => {
    for (const key of ["loops", "final"] as const) {
      const message = loopsProblem(given[key]);
      if (message) context.addIssue({ code: "custom", path: [key], message });
    }
    const message = rhoProblem(given, given.rho);
    if (message) context.addIssue({ code: "custom", path: ["rho"], message });
    if (given.rho !== undefined && given.spread !== undefined)
      context.addIssue({
        code: "custom",
        path: ["spread"],
        message: "has no effect beside rho, which says where all weights start; leave one of them out",
      });
  })
  .overwrite((given) => (given.rho === undefined ? { spread: usualSpread, ...given } : given));

export const caskDefinition: Definition<typeof parameters, FieldMap, Bench> = {
  name: "cask",
  title: "gauge-covariant attention: stout layers whose staples are weighted by invariant attention",
  cite: ["Y. Nagai, H. Ohno and A. Tomiya, arXiv:2501.16955"],
  parameters,
  learns: true,
  build: ({ rho, spread, ...given }, bench) =>
    cask(linksOf(bench, "cask"), {
      ...given,
      ...(rho === undefined ? {} : { rho }),
      ...(spread === undefined ? {} : { spread }),
    }),
};
