import { z } from "zod";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { overrelaxationRule } from "../overrelaxation/overrelaxation.ts";
import { orderParameter } from "../sweep/order.ts";
import { makeSweep } from "../sweep/sweep.ts";
import { heatbathRule } from "./heatbath.ts";

const parameters = z.strictObject({
  order: orderParameter,
  overrelaxation: z.int().min(0).default(0).describe("overrelaxation sweeps after each heat-bath sweep"),
});

/** Heat-bath sweeps in the run file. */
export const heatbathDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "heatbath",
  title: "Heat bath (Kennedy-Pendleton and Creutz, Cabibbo-Marinari; Best-Fisher for U(1))",
  cite: [
    "M. Creutz, Phys. Rev. D 21 (1980) 2308",
    "A. D. Kennedy, B. J. Pendleton, Phys. Lett. B 156 (1985) 393",
    "N. Cabibbo, E. Marinari, Phys. Lett. B 119 (1982) 387",
    "D. J. Best, N. I. Fisher, Appl. Statist. 28 (1979) 152",
  ],
  parameters,
  build({ order, overrelaxation }, bench) {
    const renew = makeSweep(bench, "heatbath", order, heatbathRule);
    const reflect = overrelaxation > 0 ? makeSweep(bench, "heatbath", order, overrelaxationRule) : undefined;
    return {
      step(state, rng) {
        renew(state, rng);
        for (let i = 0; i < overrelaxation; i++) reflect?.(state, rng);
        state.step += 1;
        return {};
      },
    };
  },
};
