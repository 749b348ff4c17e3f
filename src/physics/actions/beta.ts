import { z } from "zod";

/** The inverse coupling of the actions that are bounded by it. */
export const betaSchema = z
  .number()
  .min(0, "beta must be 0 or more (it is 2N/g^2 for SU(N), 1/e^2 for U(1))")
  .describe("inverse coupling beta = 2N/g^2");
