import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { type PairAction, pairAction } from "../pair-couplings/pair-action.ts";
import { couplingSchema, fieldSchema, temperatureSchema } from "../parameters.ts";
import { requireSpins } from "../require-spins.ts";

const parameters = z.object({
  J: couplingSchema.default(1),
  temperature: temperatureSchema,
  field: fieldSchema(["hx", "hy", "hz"]),
});

/** S = -(J sum_<ij> S_i.S_j + h.sum_i S_i)/T over unit vectors in space. */
export const heisenbergAction: Definition<typeof parameters, PairAction, Bench> = {
  name: "heisenberg",
  title: "classical Heisenberg model, S = -(J sum S_i.S_j + h.sum S)/T",
  cite: ["W. Heisenberg, Z. Phys. 49 (1928) 619", "M. E. Fisher, Am. J. Phys. 32 (1964) 343"],
  parameters,
  build({ J, temperature, field }, bench) {
    const space = requireSpins(spinsOf(bench, "heisenberg"), "O(3)", "heisenberg");
    return pairAction(space, { shells: [J], field }, temperature, "heisenberg");
  },
};
