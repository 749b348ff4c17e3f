import { z } from "zod";
import type { Bench } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { DifferentiableAction } from "../../action.ts";
import { boundarySchema } from "../../dirac/boundary.ts";
import { checkHeavier, solverKeys } from "../../pseudofermions/parameters.ts";
import { placed, preconditioningSchema, twoFlavours } from "../../pseudofermions/two-flavours.ts";

const parameters = z.strictObject({
  mass: z.number().positive().describe("quark mass m; 1 is the Pauli-Villars operator"),
  height: z.number().default(-1).describe("domain wall height M, in the sign of a Wilson mass: -2 < M < 0"),
  ls: z.int().min(1).default(8).describe("slices of the fifth direction"),
  b: z.number().default(1).describe("Moebius coefficient b; b = c = 1 is Shamir's operator"),
  c: z.number().default(1).describe("Moebius coefficient c"),
  boundary: boundarySchema,
  preconditioning: preconditioningSchema,
  hasenbusch: z
    .array(z.number().positive())
    .default([])
    .describe("heavier masses, increasing, that split the determinant into factors with smaller forces"),
  ...solverKeys,
});

/** Two flavours of domain wall quarks, divided by the Pauli-Villars determinant (mass 1). */
export const domainWallActionDefinition: Definition<typeof parameters, DifferentiableAction, Bench> = {
  name: "domain-wall",
  title: "Two flavours of domain wall or Moebius quarks",
  cite: [
    "Y. Shamir, Nucl. Phys. B 406 (1993) 90",
    "R. C. Brower, H. Neff, K. Orginos, Comput. Phys. Commun. 220 (2017) 1",
  ],
  parameters,
  build(given, bench) {
    const { space, key } = placed(bench, "domain-wall");
    const { mass, height, ls, b, c, boundary, hasenbusch } = given;
    checkHeavier("mass", mass, hasenbusch, "larger");
    const quark = (each: number) => ({ name: "domain-wall", mass: each, height, ls, b, c, boundary }) as const;
    return twoFlavours(space, [mass, ...hasenbusch].map(quark), given, key, quark(1));
  },
};
