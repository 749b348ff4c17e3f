import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { temperatureSchema } from "../parameters.ts";
import { type PairAction, pairAction } from "./pair-action.ts";

const parameters = z.object({
  J: z
    .array(z.number())
    .min(1, "J needs one coupling at least")
    .describe("couplings [J_1, J_2, …] by distance: nearest neighbours first; positive favours parallel spins"),
  temperature: temperatureSchema,
});

/** S = -(1/T) sum_n J_n sum_<ij>_n S_i.S_j, n the shells of neighbours by distance; spins of any kind. */
export const pairCouplingsAction: Definition<typeof parameters, PairAction, Bench> = {
  name: "pair-couplings",
  title: "spins coupled by distance, S = -sum_n J_n sum_<ij>_n S_i.S_j / T",
  cite: ["J. Liu, H. Shen, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 241104"],
  parameters,
  build: ({ J, temperature }, bench) =>
    pairAction(spinsOf(bench, "pair-couplings"), { shells: J }, temperature, "pair-couplings"),
};
