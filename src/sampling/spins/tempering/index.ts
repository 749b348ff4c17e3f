import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { movesOf, movesSchema } from "../moves.ts";
import { lacking, sourceOf } from "../spin-move.ts";
import { tempering } from "./tempering.ts";

const parameters = z.strictObject({
  temperatures: z
    .array(z.number().positive())
    .min(2)
    .describe("temperatures of the replicas, ascending, that of the action among them"),
  inner: movesSchema
    .prefault({ name: "metropolis" })
    .describe(
      'what every replica is moved by between exchanges, { name = "heatbath" }, or a list of such tables, one after the other',
    ),
});

/** Parallel tempering in the run file. */
export const temperingDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "tempering",
  title: "Parallel tempering over temperatures",
  cite: [
    "K. Hukushima, K. Nemoto, J. Phys. Soc. Jpn. 65 (1996) 1604",
    "R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 57 (1986) 2607",
  ],
  parameters,
  build({ temperatures, inner }, bench) {
    const space = spinsOf(bench, "tempering");
    const target = sourceOf(bench, "tempering");
    const other = lacking(bench, "at")[0];
    if (other !== undefined)
      throw new TypeError(
        `tempering: the action "${other}" is not known at other temperatures than its own; use another update`,
      );
    return tempering(space, target, {
      temperatures,
      label: bench.label,
      inner: (action) => movesOf(inner, space, action),
    });
  },
};
