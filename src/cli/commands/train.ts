import { members, type Overrides, type RunFile } from "../../experiment/run-file/index.ts";
import { isTable } from "../../experiment/run-file/schema.ts";
import { lossText, trainingOf } from "../../report/training.ts";
import type { RunRecord } from "../../storage/run-directory/index.ts";
import { wholeNumber } from "../command-line/arguments.ts";
import { command } from "../command-line/command.ts";
import { UsageError } from "../command-line/errors.ts";
import { follow } from "../run/follow.ts";
import { followOptions } from "../run/options.ts";
import { freeDirectory, loadRunFile, locateFiles, outputDirectory } from "../run/prepare.ts";

export const train = command({
  name: "train",
  summary: "Train the guide of a run file, for other runs to use",
  args: {
    file: { type: "positional", required: true, description: "run file whose update has a guide" },
    output: {
      type: "string",
      alias: "o",
      valueHint: "dir",
      description: "run directory (default runs/<name of the run file>-trained)",
    },
    new: { type: "boolean", description: "where the directory holds a run already, take the next free name" },
    trajectories: {
      type: "string",
      valueHint: "n",
      description: "trajectories to train on (default: those of [training])",
    },
    seed: { type: "string", valueHint: "word", description: "another seed than the run file's" },
    workers: { type: "string", valueHint: "n", description: "worker threads in all, 0: all cores" },
    ...followOptions,
  },
  details: [
    "Carries out the thermalisation and the training of a run and stops before production. The directory receives what a",
    "run has, and in models/ the weights, the state of the optimiser and the loss of every trajectory. Another run file",
    'names the directory by model = "DIR" in its [update], also for a larger lattice; with [training] it trains on.',
    "A scan trains a guide for each of its values. Ctrl-C and resume are those of a run.",
  ].join("\n"),
  examples: [
    ["plaquette train examples/su2-slhmc.toml", "train as the file says, into runs/su2-slhmc-trained"],
    ["plaquette train examples/su2-slhmc.toml --trajectories 20 -o data/guide", "shorter, into data/guide"],
  ],
  exitCodes: { 130: "interrupted, checkpoint written" },
  async run(args, terminal) {
    const trajectories = wholeNumber(args, "trajectories", 1);
    const given = { seed: args.seed, workers: wholeNumber(args, "workers") };
    const overrides: Overrides = ({ training }) => ({
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...(trajectories === undefined ? {} : { training: { ...(isTable(training) ? training : {}), trajectories } }),
      // what is learnt is one guide, and nothing is measured on the way
      chains: 1,
      trajectories: 0,
      measure: {},
    });
    const read = loadRunFile(args.file, await terminal.catalogue(), overrides);
    for (const warning of read.warnings) terminal.err.write(`warning: ${warning}\n`);
    refuseUntrained(read.runFile, args.file);
    const runFile = locateFiles(read.runFile, args.file);
    const wanted = args.output ?? `${outputDirectory(runFile, args.file, undefined)}-trained`;
    const directory = args.new ? freeDirectory(wanted) : wanted;
    const { startRun } = await import("../../experiment/run/run.ts");
    const chains = members(runFile, args.file, await terminal.catalogue()).length;
    return follow(chains, args, terminal, (context) => startRun(runFile, args.file, directory, context), result);
  },
});

/** Throws UsageError for a run file that trains nothing. */
function refuseUntrained({ training, update }: RunFile, file: string): void {
  if (!update.some(({ guide }) => guide))
    throw new UsageError(
      `${file}: there is no guide to be trained; write [update] with name = "self-learning-hmc" and [[update.guide]] tables`,
    );
  if (!training) throw new UsageError(`${file}: has no [training] table; add one, or give --trajectories N`);
}

/** What was learnt, and how another run names it. */
function result(record: RunRecord): string {
  const folder = (label: string) =>
    record.members.length > 1 ? `${record.directory}/members/${label}` : record.directory;
  return trainingOf(record.members)
    .map((chain) => {
      const at = folder(chain.label);
      return `loss: ${lossText(chain)}\nmodel: ${at}/models\nanother run uses it with model = ${JSON.stringify(at)} in [update]\n`;
    })
    .join("\n");
}
