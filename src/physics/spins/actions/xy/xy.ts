import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { type PairAction, pairAction } from "../pair-couplings/pair-action.ts";
import { couplingSchema, fieldSchema, temperatureSchema } from "../parameters.ts";
import { requireSpins } from "../require-spins.ts";

const parameters = z.object({
  J: couplingSchema.default(1),
  temperature: temperatureSchema,
  field: fieldSchema(["hx", "hy"]),
});

/** S = -(J sum_<ij> S_i.S_j + h.sum_i S_i)/T over unit vectors in the plane. */
export const xyAction: Definition<typeof parameters, PairAction, Bench> = {
  name: "xy",
  title: "XY model, S = -(J sum cos(theta_i - theta_j) + h.sum S)/T",
  cite: ["J. M. Kosterlitz, D. J. Thouless, J. Phys. C 6 (1973) 1181"],
  parameters,
  build({ J, temperature, field }, bench) {
    const space = requireSpins(spinsOf(bench, "xy"), "XY", "xy");
    return pairAction(space, { shells: [J], field }, temperature, "xy");
  },
};
