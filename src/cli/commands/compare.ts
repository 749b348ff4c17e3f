import { wholeNumber } from "../command-line/arguments.ts";
import { command } from "../command-line/command.ts";
import { exit, UsageError } from "../command-line/errors.ts";
import { writeBest } from "../compare/best.ts";
import { givenRuns, refuseDifferent } from "../compare/given.ts";
import { carryOutInTurn } from "../compare/in-turn.ts";

export const compare = command({
  name: "compare",
  summary: "Run several run files in turn and compare them: agreement, and cost of an independent configuration",
  args: {
    run: {
      type: "positional",
      required: true,
      description: "run files or run directories; one is enough with a [scan] or --each-update",
    },
    output: {
      type: "string",
      alias: "o",
      valueHint: "dir",
      description:
        "folder for the run directories and comparison.html (default: where the runs lie, runs/ for run files)",
    },
    trajectories: {
      type: "string",
      valueHint: "n",
      description: "production updates of every chain, instead of those of the run files",
    },
    workers: {
      type: "string",
      valueHint: "n",
      description: "worker threads of every run, 0: all cores (default: those of the first run file)",
    },
    "each-update": { type: "boolean", description: "compare the updates of a mixture, each as a run of its own" },
    different: { type: "boolean", description: "compare runs of other actions, lattices or groups all the same" },
    best: { type: "string", valueHint: "file", description: "write the run file of the cheapest run here" },
    by: {
      type: "string",
      valueHint: "observable",
      description: "with --best: cheapest for this observable (default: for the one that costs a run most)",
    },
    json: { type: "boolean", description: "print everything as one JSON object" },
    quiet: { type: "boolean", alias: "q", description: "no progress, only warnings and results" },
  },
  variadic: true,
  details: [
    "The runs are carried out one after the other with the same number of worker threads, each chain alone. A run that is",
    "there already is used as it is, goes on where it was interrupted, or is made longer; one that is longer than asked for",
    "is compared over its beginning. Run files that share a seed get one of their own. Runs of one target must agree: every",
    "observable has its differences in standard deviations and a chi-squared. The cost of an independent configuration is",
    "that of 2 tau_int updates, in force evaluations and in the median time of an update without measurements, with error;",
    "thermalisation and training are stated apart. With a [scan] the values of it are compared, and --best keeps one:",
    "scan update.steps, or the mass of a guide, to tune it by cost.",
  ].join("\n"),
  examples: [
    ["plaquette compare hmc.toml heatbath.toml", "run both into runs/ and compare them"],
    ["plaquette compare hmc.toml heatbath.toml --trajectories 200", "with equal statistics"],
    ["plaquette compare runs/hmc runs/heatbath", "two runs that are there"],
    ["plaquette compare steps.toml --best best.toml --by plaquette", "the cheapest value of a scan"],
    ["plaquette compare mixture.toml --each-update", "every [[update]] of a run file by itself"],
    ["plaquette compare hmc.toml heatbath.toml --json", "the same for a program"],
  ],
  exitCodes: { 130: "interrupted, checkpoint written; the same command goes on" },
  async run(args, terminal) {
    if (args.by !== undefined && args.best === undefined)
      throw new UsageError("--by chooses the cheapest run for --best FILE; give that too");
    const catalogue = await terminal.catalogue();
    const { comparedLaws, planRuns } = await import("../../experiment/compare/index.ts");
    const { given, folder } = givenRuns(
      args._,
      { output: args.output, eachUpdate: args["each-update"] === true },
      catalogue,
      terminal,
    );
    const runs = planRuns(given, catalogue, wholeNumber(args, "trajectories", 1));
    const laws = comparedLaws(runs, catalogue);
    if (laws.length < 2)
      throw new UsageError(
        `${args._[0]}: nothing to compare it with; give another run, one with a [scan], or --each-update`,
      );
    refuseDifferent(laws, args.different === true, terminal);
    const stopped = await carryOutInTurn(runs, { ...args, workers: wholeNumber(args, "workers") }, terminal);
    if (stopped !== undefined) return stopped;

    const { readRun } = await import("../../storage/run-directory/index.ts");
    const report = await import("../../report/comparison/index.ts");
    const contestants = runs.flatMap(({ name, root, trajectories }) =>
      report.contestantsOf(readRun(root), runs.length > 1 ? name : "", trajectories),
    );
    const comparison = report.compareRuns(contestants);
    const page = folder.file("comparison.html", report.renderComparison(comparison));
    terminal.out.write(
      args.json
        ? `${JSON.stringify(report.comparisonJson(comparison), null, 2)}\n`
        : `${report.renderComparisonTable(comparison)}\nreport: ${page}\n`,
    );
    if (args.best !== undefined) writeBest(args.best, args.by, comparison, runs, laws, terminal);
    return exit.done;
  },
});
