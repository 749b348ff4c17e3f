import { z } from "zod";

/** Parameters that several actions of spins have. */
export const temperatureSchema = z
  .number()
  .positive("temperature must be positive")
  .describe("temperature T, in the unit of the couplings (k_B = 1)");

export const couplingSchema = z
  .number()
  .describe("coupling J of nearest neighbours: positive favours parallel spins, negative antiparallel");

/** A field with as many numbers as a spin has. */
export const fieldSchema = (names: readonly string[]) =>
  z
    .array(z.number())
    .length(names.length, `field needs the ${names.length} numbers [${names.join(", ")}]`)
    .default(names.map(() => 0))
    .describe(`magnetic field h = [${names.join(", ")}], along which spins turn`);
