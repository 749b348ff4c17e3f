import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { requirePairs } from "../cluster/require-pairs.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { makeSwendsenWang } from "./swendsen-wang.ts";

const parameters = z.strictObject({
  sweeps: z.int().min(1).max(100_000).default(1).describe("decompositions of the whole lattice into clusters a step"),
});

/** Updates of all clusters at once in the run file. */
export const swendsenWangDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "swendsen-wang",
  title: "Multi-cluster update (Swendsen-Wang; embedded for XY and O(3) spins)",
  cite: ["R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 58 (1987) 86", "U. Wolff, Phys. Rev. Lett. 62 (1989) 361"],
  parameters,
  build({ sweeps }, bench) {
    const space = spinsOf(bench, "swendsen-wang");
    const source = sourceOf(bench, "swendsen-wang");
    requirePairs(bench, "swendsen-wang");
    return updateOf(makeSwendsenWang(space, source, { sweeps, label: bench.label }));
  },
};
