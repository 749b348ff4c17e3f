import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinModel } from "../../model.ts";
import { equivariantTransformer } from "./equivariant-transformer.ts";
import { attentions } from "./shape.ts";
import { starts, usualCoupling, usualSpread } from "./start.ts";

const parameters = z
  .object({
    layers: z.int().min(0, "layers must be 0 or more").default(1).describe("how many layers of attention"),
    neighbours: z
      .int()
      .min(0, "neighbours must be 0 or more")
      .default(6)
      .describe("shells of neighbours, by distance, in queries, keys and values, besides the site itself"),
    head: z
      .int()
      .min(1, "head must be 1 or more")
      .default(1)
      .describe("shells of neighbours that have a coupling in the energy of the last spins"),
    heads: z
      .int()
      .min(1, "heads must be 1 or more")
      .default(1)
      .describe("sets of query, key and value in a layer; their outputs add"),
    attention: z
      .enum(attentions)
      .default("relu")
      .describe(
        "relu as published, or polynomial, a G + b G^2 with trained a and b, whose cost grows only as the volume",
      ),
    temperature: z.number().positive("temperature must be positive").describe("T, in the unit of the energies"),
    start: z
      .enum(starts)
      .default("identity")
      .describe("where training starts: layers that change nothing yet, or random weights"),
    spread: z
      .number()
      .nonnegative("spread must not be negative, it is the width of a distribution")
      .optional()
      .meta({
        description: "width of the normal numbers that the weights start with",
        default: `${usualSpread.identity} for identity, ${usualSpread.random} for random`,
      }),
    seed: z.string().min(1).default("transformer").describe("names the random numbers that the weights start with"),
    J: z
      .array(z.number())
      .min(1)
      .optional()
      .meta({
        description: "couplings of the head to start from, one a shell",
        default: `${usualCoupling} for nearest neighbours, 0 beyond`,
      }),
  })
  .superRefine(({ head, J }, context) => {
    if (J && J.length !== head)
      context.addIssue({
        code: "custom",
        path: ["J"],
        message: `has ${J.length} numbers for head = ${head}; give one coupling a shell`,
      });
  });

export const equivariantTransformerDefinition: Definition<typeof parameters, SpinModel, Bench> = {
  name: "equivariant-transformer",
  title: "equivariant Transformer: spins that attend to spins, and a pair action of what comes out",
  cite: ["Y. Nagai and A. Tomiya, arXiv:2306.11527", "A. Tomiya and Y. Nagai, arXiv:2310.13222"],
  parameters,
  build: ({ temperature, start, spread, seed, J, ...shape }, bench) =>
    equivariantTransformer(spinsOf(bench, "equivariant-transformer"), {
      ...shape,
      temperature,
      start: { start, seed, ...(spread === undefined ? {} : { spread }), ...(J ? { J } : {}) },
    }),
};
