import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinModel } from "../../model.ts";
import { linearSpins } from "./linear-spins.ts";

const parameters = z
  .object({
    shells: z
      .int()
      .min(1, "shells must be 1 or more")
      .default(1)
      .describe("shells of neighbours, by distance, with a coupling each"),
    temperature: z.number().positive("temperature must be positive").describe("T, in the unit of the energies"),
    J: z
      .array(z.number())
      .min(1)
      .optional()
      .describe("the couplings J_1, J_2 … to start from, one a shell; left out, they are 0"),
  })
  .superRefine(({ shells, J }, context) => {
    if (J && J.length !== shells)
      context.addIssue({
        code: "custom",
        path: ["J"],
        message: `has ${J.length} numbers for shells = ${shells}; give one coupling a shell`,
      });
  });

export const linearSpinsDefinition: Definition<typeof parameters, SpinModel, Bench> = {
  name: "linear-spins",
  title: "linear effective model: a coupling for every distance",
  cite: ["J. Liu, H. Shen, Y. Qi, Z. Y. Meng and L. Fu, arXiv:1611.09364"],
  parameters,
  build: ({ J, ...given }, bench) => linearSpins(spinsOf(bench, "linear-spins"), { ...given, ...(J ? { J } : {}) }),
};
