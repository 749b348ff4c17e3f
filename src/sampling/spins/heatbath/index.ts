import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { refuseVisits, visitKeys, visitsOf } from "../local/order.ts";
import { lacking, sourceOf, updateOf } from "../spin-move.ts";
import { makeHeatbath } from "./heatbath.ts";

const parameters = z.strictObject(visitKeys).check(refuseVisits);

/** Single-spin heat bath in the run file. */
export const heatbathDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "heatbath",
  title: "Single-spin heat bath",
  cite: [
    "M. Creutz, L. Jacobs, C. Rebbi, Phys. Rev. Lett. 42 (1979) 1390",
    "Y. Miyatake, M. Yamamoto, J. J. Kim, M. Toyonaga, O. Nagai, J. Phys. C 19 (1986) 2539",
    "D. J. Best, N. I. Fisher, Appl. Statist. 28 (1979) 152",
  ],
  parameters,
  build(visits, bench) {
    const space = spinsOf(bench, "heatbath");
    const source = sourceOf(bench, "heatbath");
    if (!source.couplings)
      throw new TypeError(
        `heatbath: the action "${lacking(bench, "couplings")[0]}" is not linear in each spin; use update name = "metropolis"`,
      );
    return updateOf(makeHeatbath(space, source, { ...visitsOf(visits), label: bench.label }));
  },
};
