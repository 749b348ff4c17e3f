import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { noises } from "../../../lattice/spinors/spinors.ts";
import { buildQuark, checkQuark, fermionSchema, quarkKeys } from "../../dirac/quark.ts";
import { tastes } from "../../dirac/staggered/tastes.ts";
import type { Observable } from "../../observable.ts";
import { checkExactTrace, exactTrace } from "./exact.ts";
import { traceEstimates } from "./stochastic.ts";

const parameters = z.object({
  fermion: fermionSchema
    .prefault({ name: "staggered", mass: 0.5 })
    .describe("the quark, as a table { name = …, parameters }"),
  flavours: z
    .number()
    .positive()
    .optional()
    .describe(
      "flavours that are summed; where left out one field: 4 tastes of staggered quarks (2 in 2D), 1 of others",
    ),
  exact: z.boolean().default(false).describe("the trace itself instead of noise, for small lattices"),
  sources: z.int().min(1).default(10).describe("noise sources a configuration"),
  noise: z.enum(noises).default("z4").describe("distribution of the noise"),
  ...quarkKeys,
});

export const chiralCondensate: Definition<typeof parameters, Observable, Bench> = {
  name: "chiral-condensate",
  title: "chiral condensate Tr D^-1 / V, summed over colours and spins (staggered quarks: times Nf/4)",
  cite: ["S.-J. Dong and K.-F. Liu, Phys. Lett. B 328 (1994) 130"],
  parameters,
  build(given, bench) {
    const space = linksOf(bench, "chiral-condensate");
    checkQuark(space, given);
    if (given.exact) checkExactTrace(space, given);
    const { dimension, volume } = space.lattice;
    const flavours = given.flavours ?? (given.fermion.name === "staggered" ? tastes(dimension) : 1);
    const fields = given.fermion.name === "staggered" ? flavours / tastes(dimension) : flavours;
    return {
      name: "chiral-condensate",
      measure(c, rng, step) {
        const quark = buildQuark(space, given);
        try {
          quark.load(c.field);
          const traces = given.exact
            ? [exactTrace(quark)]
            : traceEstimates(quark, given.solver, given.sources, (spinors, sites, eta, k) =>
                spinors.draw(sites, eta, given.noise, rng, `chiral-condensate ${k}`, step),
              );
          const mean = traces.reduce((a, b) => a + b, 0) / traces.length;
          const values = Float64Array.of((fields * mean) / volume);
          return [{ name: "chiral-condensate", labels: ["condensate"], values }];
        } finally {
          quark.release();
        }
      },
    };
  },
};
