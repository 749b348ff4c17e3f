import { z } from "zod";
import { boundarySchema } from "./boundary.ts";

/** Keys of the Dirac operators in run files, the same for quarks that are simulated and quarks that are measured. */

export const staggeredKeys = {
  mass: z.number().positive().describe("quark mass m, in D = m + Dslash"),
  boundary: boundarySchema,
};

const hopping = {
  kappa: z
    .number()
    .positive()
    .describe("hopping parameter, 1/(2 m + 2 d r); 1/8 for massless free quarks in four dimensions"),
};
const wilsonRest = {
  r: z.number().default(1).describe("Wilson parameter"),
  boundary: boundarySchema,
};

export const wilsonKeys = { ...hopping, ...wilsonRest };

export const cloverKeys = {
  ...hopping,
  "c-sw": z.number().default(1.5612).describe("Sheikholeslami-Wohlert coefficient; 1 at tree level"),
  ...wilsonRest,
};

export const domainWallKeys = {
  mass: z.number().positive().describe("quark mass m; 1 is the Pauli-Villars operator"),
  height: z
    .number()
    .gt(-2)
    .lt(0)
    .default(-1)
    .describe("domain wall height M, in the sign of a Wilson mass: one flavour for -2 < M < 0"),
  ls: z.int().min(1).default(8).describe("slices L5 of the fifth direction"),
  b: z.number().default(1).describe("Moebius coefficient b; b = c = 1 is Shamir's operator"),
  c: z.number().default(1).describe("Moebius coefficient c"),
  boundary: boundarySchema,
};
