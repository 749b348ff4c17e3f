import { z } from "zod";

/** Of saved configurations. */
export const usualFormat = { links: "ildg", spins: "safetensors" } as const;

const count = (least: number) => z.int().min(least);

/** The keys of a run file that do not depend on the catalogue of parts. */
export const head = z.object({
  title: z.string().min(1).optional().describe("a line for people"),
  lattice: z.array(count(1)).min(1).max(4).describe("extents [Nx, Ny, Nz, Nt], 1 to 4 directions, the last is time"),
  group: z.string().optional().describe('gauge group: "U(1)" or "SU(N)"; or else spins'),
  spins: z.string().optional().describe('what stands on the sites instead of links: "Ising", "XY" or "O(3)"'),
  start: z
    .union([
      z.string().min(1),
      z.object({
        file: z.string().min(1).describe("path of a configuration"),
        format: z.string().optional().describe("its format, where the file does not tell"),
      }),
    ])
    .default("cold")
    .describe('start configuration: "cold", "hot", "instanton" (of spins "neel") or the path of a file'),
  seed: z
    .union([z.string().min(1), z.int()])
    .default("1")
    .describe("names the random numbers: a word or an integer"),
  thermalise: count(0).default(100).describe("updates before production"),
  trajectories: count(0).default(400).describe("production updates"),
  chains: count(1).default(1).describe("independent replicas"),
  workers: count(0).default(0).describe("worker threads, 0: all cores"),
  output: z.string().min(1).optional().describe("run directory; default runs/<name of the run file>"),
  save: z
    .object({
      configurations: count(0).default(0).describe("save the configuration every n updates, 0: never"),
      format: z
        .string()
        .default(usualFormat.links)
        .describe(`file format of saved configurations; those of spins are ${usualFormat.spins}`),
    })
    .prefault({})
    .describe("saved configurations"),
  checkpoint: z
    .object({
      every: count(0).default(20).describe("checkpoint every n updates, 0: by time only"),
      minutes: z.number().min(0).default(10).describe("and after this much wall time, 0: never"),
    })
    .prefault({})
    .describe("where a run that was stopped goes on"),
});

/** All keys at the top of a run file. */
export const topKeys: readonly string[] = [
  ...Object.keys(head.shape),
  "action",
  "update",
  "training",
  "measure",
  "scan",
];

export const repeatSchema = count(1).default(1).describe("sweeps in one pass of a mixture of updates");
export const everySchema = count(0).default(1).describe("measure every n updates, 0: never");

// anything else is the path of a configuration file
export { startWords } from "../../physics/starts/index.ts";
