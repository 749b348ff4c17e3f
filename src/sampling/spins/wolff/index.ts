import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { requirePairs } from "../cluster/require-pairs.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { makeWolff } from "./wolff.ts";

const parameters = z.strictObject({
  clusters: z.int().min(1).max(1_000_000).default(1).describe("clusters a step, one after the other"),
});

/** Single-cluster updates in the run file. */
export const wolffDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "wolff",
  title: "Single-cluster update (Wolff; embedded for XY and O(3) spins)",
  cite: ["U. Wolff, Phys. Rev. Lett. 62 (1989) 361"],
  parameters,
  build({ clusters }, bench) {
    const space = spinsOf(bench, "wolff");
    const source = sourceOf(bench, "wolff");
    requirePairs(bench, "wolff");
    return updateOf(makeWolff(space, source, { clusters, label: bench.label }));
  },
};
