import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { refuseVisits, visitKeys, visitsOf } from "../local/order.ts";
import { lacking, sourceOf, updateOf } from "../spin-move.ts";
import { makeOverrelaxation } from "./overrelaxation.ts";

const parameters = z.strictObject(visitKeys).check(refuseVisits);

/** Overrelaxation of spins in the run file. */
export const overrelaxationDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "overrelaxation",
  title: "Overrelaxation of XY and O(3) spins",
  cite: ["M. Creutz, Phys. Rev. D 36 (1987) 515", "F. R. Brown, T. J. Woch, Phys. Rev. Lett. 58 (1987) 2394"],
  parameters,
  needsPartner:
    "overrelaxation keeps the action as it is, so it needs another update beside it: heatbath or metropolis",
  build(visits, bench) {
    const space = spinsOf(bench, "overrelaxation");
    const source = sourceOf(bench, "overrelaxation");
    if (!source.couplings)
      throw new TypeError(
        `overrelaxation: the action "${lacking(bench, "couplings")[0]}" is not linear in each spin; use update name = "metropolis"`,
      );
    return updateOf(makeOverrelaxation(space, source, { ...visitsOf(visits), label: bench.label }));
  },
};
