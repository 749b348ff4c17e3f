import { z } from "zod";
import { linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { orderParameter } from "../sweep/order.ts";
import { makeSweep } from "../sweep/sweep.ts";
import { metropolisRule, proposalsPerLink } from "./metropolis.ts";
import { ProposalWidth } from "./width.ts";

const parameters = z.strictObject({
  width: z
    .number()
    .positive()
    .default(0.3)
    .describe("size of the proposals: tangent of the largest angle in each direction of a subgroup"),
  hits: z.int().min(1).max(1000).default(4).describe("proposals for each link (and SU(2) subgroup) in a sweep"),
  order: orderParameter,
  tune: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("wanted acceptance (0.5 is a good one): adjusts the width during thermalisation, then freezes it"),
});

/** Metropolis sweeps in the run file. */
export const metropolisDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "metropolis",
  title: "Metropolis sweeps with several hits a link",
  cite: [
    "N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller, E. Teller, J. Chem. Phys. 21 (1953) 1087",
    "M. Creutz, Phys. Rev. D 21 (1980) 2308",
    "N. Cabibbo, E. Marinari, Phys. Lett. B 119 (1982) 387",
  ],
  parameters,
  build({ width, hits, order, tune }, bench) {
    const { lattice, layout } = linksOf(bench, "metropolis");
    const sweep = makeSweep(bench, "metropolis", order, metropolisRule(hits));
    const proposals = lattice.volume * lattice.dimension * proposalsPerLink(layout, hits);
    const tuner = new ProposalWidth(width, tune ?? 0.5);
    let last: number | undefined;
    const update: Update = {
      step(state, rng) {
        const acceptance = sweep(state, rng, [tuner.width]) / proposals;
        last = acceptance;
        state.step += 1;
        return { acceptance };
      },
    };
    if (tune === undefined) return update;
    return {
      ...update,
      tune() {
        // In a mixture the report may be of another update: learn from its own last sweep.
        if (last !== undefined) tuner.learn(last);
        return { width: tuner.width };
      },
      freeze: () => ({ width: tuner.width }),
      tuned: () => tuner.save(),
      restore: (saved) => tuner.restore(saved),
    };
  },
};
