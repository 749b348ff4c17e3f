import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinModel } from "../../model.ts";
import { LowEnergyElectrons } from "./low-energy-electrons.ts";

const parameters = z.strictObject({
  window: z
    .number()
    .nonnegative("window must not be negative, it is the largest distance of a kept level from mu")
    .default(1)
    .describe("orbitals of the hopping whose level lies within this of mu are kept"),
  shells: z
    .int()
    .min(1, "shells must be 1 or more")
    .default(1)
    .describe("shells of neighbours with a coupling each, which stand for the orbitals that are not kept"),
  t: z.number().default(1).describe("hopping amplitude of the electrons"),
  J: z
    .number()
    .default(1)
    .describe("coupling of the kept electrons to the spins, as in double-exchange; training begins with it"),
  mu: z.number().default(0).describe("chemical potential"),
  boundary: z
    .union([z.literal("periodic"), z.array(z.number())])
    .default("periodic")
    .describe('boundary condition of the electrons, as in double-exchange: "periodic", or a twist a direction'),
  temperature: z.number().positive("temperature must be positive").describe("T, in the unit of the energies"),
});

export const lowEnergyElectronsDefinition: Definition<typeof parameters, SpinModel, Bench> = {
  name: "low-energy-electrons",
  title: "electrons of the orbitals near the Fermi energy, and a coupling for every distance for the others",
  cite: ["J. Liu, H. Shen, Y. Qi, Z. Y. Meng and L. Fu, arXiv:1611.09364"],
  parameters,
  build: (given, bench) => new LowEnergyElectrons(spinsOf(bench, "low-energy-electrons"), given),
};
