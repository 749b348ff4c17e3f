import { z } from "zod";
import type { Bench } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { DifferentiableAction } from "../../action.ts";
import { boundarySchema } from "../../dirac/boundary.ts";
import { checkHeavier, solverKeys } from "../../pseudofermions/parameters.ts";
import { placed, preconditioningSchema, twoFlavours } from "../../pseudofermions/two-flavours.ts";

/** Keys of a Wilson-like quark, shared with clover. */
export const kappaKeys = {
  kappa: z
    .number()
    .positive()
    .describe("hopping parameter, 1/(2 m + 2 d r); 1/8 for massless free quarks in four dimensions"),
  r: z.number().default(1).describe("Wilson parameter"),
  boundary: boundarySchema,
  preconditioning: preconditioningSchema,
  hasenbusch: z
    .array(z.number().positive())
    .default([])
    .describe(
      "hopping parameters of heavier quarks, decreasing, that split the determinant into factors with smaller forces",
    ),
  ...solverKeys,
};

const parameters = z.strictObject(kappaKeys);

/** Two flavours of Wilson quarks. */
export const wilsonActionDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "wilson",
  title: "Two flavours of Wilson quarks",
  cite: [
    "K. G. Wilson, in New Phenomena in Subnuclear Physics (Plenum, 1977)",
    "M. Hasenbusch, Phys. Lett. B 519 (2001) 177",
  ],
  parameters,
  build(given, bench) {
    const { space, key } = placed(bench, "wilson");
    const { kappa, r, boundary, hasenbusch } = given;
    checkHeavier("kappa", kappa, hasenbusch, "smaller");
    const fermions = [kappa, ...hasenbusch].map((each) => ({ name: "wilson", kappa: each, r, boundary }) as const);
    return twoFlavours(space, fermions, given, key);
  },
};
