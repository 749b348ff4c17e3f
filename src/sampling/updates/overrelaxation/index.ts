import { z } from "zod";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { orderParameter } from "../sweep/order.ts";
import { makeSweep } from "../sweep/sweep.ts";
import { overrelaxationRule } from "./overrelaxation.ts";

const parameters = z.strictObject({ order: orderParameter });

/** Overrelaxation sweeps in the run file. They keep the action, so a run needs another update beside them. */
export const overrelaxationDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "overrelaxation",
  title: "Microcanonical overrelaxation (mix with an update that changes the action)",
  cite: ["M. Creutz, Phys. Rev. D 36 (1987) 515", "F. R. Brown, T. J. Woch, Phys. Rev. Lett. 58 (1987) 2394"],
  parameters,
  needsPartner:
    "overrelaxation keeps the action, so alone it never leaves the action it starts with; add heatbath, metropolis or hmc",
  build({ order }, bench) {
    const sweep = makeSweep(bench, "overrelaxation", order, overrelaxationRule);
    return {
      step(state, rng) {
        sweep(state, rng);
        state.step += 1;
        return {};
      },
    };
  },
};
