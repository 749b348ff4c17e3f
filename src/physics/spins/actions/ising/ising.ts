import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { type PairAction, pairAction } from "../pair-couplings/pair-action.ts";
import { couplingSchema, temperatureSchema } from "../parameters.ts";
import { requireSpins } from "../require-spins.ts";

const parameters = z.object({
  J: couplingSchema.default(1),
  temperature: temperatureSchema,
  field: z.number().default(0).describe("magnetic field h, which favours spins of its sign"),
  square: z.number().default(0).describe("coupling K of the four spins of every elementary square"),
});

/** S = -(J sum_<ij> s_i s_j + K sum_sq s s s s + h sum_i s_i)/T over signs s. */
export const isingAction: Definition<typeof parameters, PairAction, Bench> = {
  name: "ising",
  title: "Ising model, S = -(J sum s s + K sum ssss + h sum s)/T",
  cite: ["E. Ising, Z. Phys. 31 (1925) 253", "J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101"],
  parameters,
  build({ J, temperature, field, square }, bench) {
    const space = requireSpins(spinsOf(bench, "ising"), "Ising", "ising");
    return pairAction(space, { shells: [J], square, field: [field] }, temperature, "ising");
  },
};
