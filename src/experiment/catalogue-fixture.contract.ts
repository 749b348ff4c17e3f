import { z } from "zod";
import type { Definition } from "../lattice/definition.ts";
import type { Catalogue } from "./catalogue.ts";

/** A small catalogue for tests of everything that reads definitions and builds none. */

function part(name: string, shape: z.core.$ZodLooseShape, rule = (_: Record<string, unknown>) => true): Definition {
  const refuse = () => {
    throw new Error(`${name} of the test catalogue is never built`);
  };
  return {
    name,
    title: `${name} for tests`,
    cite: ["a paper"],
    parameters: z.object(shape).refine(rule, `${name} takes either c1 or improvement`),
    build: refuse,
  };
}

const beta = z.number().positive("beta must be positive").describe("inverse coupling");
const order = z.enum(["even-odd", "coloured", "sequential"]).default("even-odd").describe("order of the sites");

export const catalogue: Catalogue = {
  actions: [
    part("wilson-gauge", { beta }),
    part(
      "rectangle-gauge",
      {
        beta,
        c1: z.number().optional().describe("coefficient of the rectangles"),
        improvement: z.enum(["symanzik", "iwasaki", "dbw2"]).optional().describe("a named c1"),
      },
      ({ c1, improvement }) => (c1 === undefined) !== (improvement === undefined),
    ),
    part("loop-gauge", {
      beta,
      loops: z.enum(["plaquette", "rectangle", "chair"]).default("plaquette").describe("family of loops"),
      paths: z.array(z.array(z.int())).optional().describe("loops as lists of direction steps"),
    }),
  ],
  maps: [
    part("stout", {
      layers: z.int().min(1).default(1).describe("layers"),
      rho: z.union([z.number(), z.array(z.number())]).describe("strength"),
      loops: z
        .array(z.enum(["plaquette", "rectangle", "chair", "polyakov-x", "polyakov-t"]))
        .default(["plaquette"])
        .describe("families of loops"),
    }),
  ],
  updates: [
    part("hmc", {
      length: z.number().positive().default(1).describe("trajectory length"),
      steps: z.int().min(1).default(10).describe("integration steps"),
      integrator: z.enum(["leapfrog", "omelyan"]).default("omelyan").describe("integrator"),
      start: z.enum(["momentum", "position"]).default("momentum").describe("what moves first"),
      tune: z.number().gt(0).lt(1).optional().describe("target acceptance"),
      levels: z
        .array(
          z.object({ actions: z.array(z.int()).describe("which actions"), steps: z.int().min(1).describe("steps") }),
        )
        .optional()
        .describe("nested time scales"),
    }),
    part("heatbath", { order }),
    part("overrelaxation", { order }),
  ],
  observables: [
    part("plaquette", {}),
    part("polyakov-loop", {}),
    part("wilson-loop", {
      maxR: z.int().min(1).default(4).describe("largest R"),
      maxT: z.int().min(1).default(4).describe("largest T"),
    }),
    part("topological-charge", {}),
    part("energy-density", {}),
    part("gradient-flow", {
      time: z.number().positive().default(1).describe("flow time"),
      step: z.number().positive().default(0.01).describe("step size"),
      action: z.enum(["wilson", "symanzik"]).default("wilson").describe("flow action"),
      "every-time": z.number().positive().default(0.1).describe("measure at multiples of this"),
      observables: z.array(z.string()).default(["energy-density"]).describe("what is measured along the flow"),
    }),
  ],
  formats: [
    { name: "ildg", title: "ILDG", cite: ["a paper"], extensions: [".ildg"], write: true },
    { name: "bridge-text", title: "BridgeText", cite: ["a paper"], extensions: [".txt"], write: true },
    { name: "milc", title: "MILC v5", cite: ["a paper"], extensions: [".milc"] },
  ],
};

/** A run file of one action and one update, that a test changes in one place. */
export const plainRun = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  lattice: [4, 4, 4, 4],
  group: "SU(3)",
  action: [{ name: "wilson-gauge", beta: 6 }],
  update: { name: "hmc" },
  ...change,
});
