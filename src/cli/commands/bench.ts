import { command } from "../command-line/command.ts";

export const bench = command({
  name: "bench",
  summary: "Measure the speed of this machine: leapfrog, heat bath, overrelaxation, matrix kernels",
  args: {},
  details:
    "Prints the time of every capability beside the roofs of this machine, for one and for all cores; about a minute.",
  examples: [["plaquette bench", "the whole table"]],
  async run(_, terminal) {
    const { bench: measureSpeed } = await import("../../../benchmarks/main.ts");
    measureSpeed((line) => void terminal.out.write(`${line}\n`));
    return 0;
  },
});
