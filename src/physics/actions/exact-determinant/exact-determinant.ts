import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { DifferentiableAction } from "../../action.ts";
import { ExactDeterminant } from "../../dirac/exact/exact-determinant.ts";
import { fastestOperator, fermionSchema } from "../../dirac/quark.ts";

const parameters = z.strictObject({
  fermion: fermionSchema.describe("the quark, as a table { name = …, parameters }"),
  count: z
    .number()
    .positive()
    .default(1)
    .describe("S = -count log |det D|: 2 for two flavours of Wilson quarks, 1 for one field of staggered ones"),
});

/** The determinant of a Dirac operator itself, for small lattices: no noise, and the cost of a dense matrix. */
export const exactDeterminantDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "exact-determinant",
  title: "Exact quark determinant, S = -count log |det D|, for small lattices",
  cite: ["Y. Nagai, A. Tanaka, A. Tomiya, Phys. Rev. D 107 (2023) 054501"],
  parameters,
  build({ fermion, count }, bench) {
    const space = linksOf(bench, "exact-determinant");
    return new ExactDeterminant(space, fastestOperator(space, fermion), count);
  },
};
