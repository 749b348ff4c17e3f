import { members, resolveRunFile } from "../../experiment/run-file/index.ts";
import { wholeNumber } from "../command-line/arguments.ts";
import { command } from "../command-line/command.ts";
import { exit } from "../command-line/errors.ts";
import { follow } from "../run/follow.ts";
import { followOptions } from "../run/options.ts";
import { freeDirectory, loadRunFile, locateFiles, outputDirectory } from "../run/prepare.ts";

export const run = command({
  name: "run",
  summary: "Run a simulation from a run file (ours, or a parameter file of LatticeQCD.jl)",
  args: {
    file: { type: "positional", required: true, description: "run file in TOML" },
    output: {
      type: "string",
      alias: "o",
      valueHint: "dir",
      description: "run directory (default runs/<name of the run file>)",
    },
    new: { type: "boolean", description: "where the run directory holds a run already, take the next free name" },
    seed: { type: "string", valueHint: "word", description: "another seed than the run file's" },
    chains: { type: "string", valueHint: "n", description: "number of replicas" },
    workers: { type: "string", valueHint: "n", description: "worker threads in all, 0: all cores" },
    ...followOptions,
    show: {
      type: "boolean",
      description: "print the run file with every default filled in, or its translation, and stop",
    },
  },
  details: [
    "The run directory receives the resolved run file, every event, tables of measurements, configurations, checkpoints",
    'and a report. Ctrl-C writes a checkpoint first; a run that was killed goes on with "plaquette resume DIR", with the',
    "same bits as if it had never stopped.",
  ].join("\n"),
  examples: [
    ["plaquette run examples/quenched-su3.toml", "run it into runs/quenched-su3"],
    ["plaquette run a.toml --output /data/a --chains 4", "four replicas, merged in the analysis"],
    ["plaquette run test01.toml --show", "what a LatticeQCD.jl parameter file means here"],
    ["plaquette run a.toml --json > events.jsonl", "events for another program"],
  ],
  exitCodes: { 130: "interrupted, checkpoint written" },
  async run(args, terminal) {
    const catalogue = await terminal.catalogue();
    const given = {
      seed: args.seed,
      chains: wholeNumber(args, "chains", 1),
      workers: wholeNumber(args, "workers"),
    };
    const overrides = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const read = loadRunFile(args.file, catalogue, overrides);
    for (const warning of read.warnings) terminal.err.write(`warning: ${warning}\n`);
    if (args.show) {
      terminal.out.write(resolveRunFile(read.runFile, terminal.version));
      return exit.done;
    }
    const runFile = locateFiles(read.runFile, args.file);
    const wanted = outputDirectory(runFile, args.file, args.output);
    const directory = args.new ? freeDirectory(wanted) : wanted;
    const { startRun } = await import("../../experiment/run/run.ts");
    return follow(members(runFile, args.file, catalogue).length, args, terminal, (context) =>
      startRun(runFile, args.file, directory, context),
    );
  },
});
