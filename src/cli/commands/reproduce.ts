import { join } from "node:path";
import { isCarriedOut, planRuns } from "../../experiment/compare/index.ts";
import { prepareRecipe } from "../../experiment/recipes/index.ts";
import { resolveRunFile } from "../../experiment/run-file/index.ts";
import { wholeNumber } from "../command-line/arguments.ts";
import { command } from "../command-line/command.ts";
import { exit } from "../command-line/errors.ts";
import { carryOutInTurn } from "../compare/in-turn.ts";
import { type Chosen, choose, nextSteps } from "../reproduce/chosen.ts";

export const reproduce = command({
  name: "reproduce",
  summary: "Obtain a result of the literature again, and print ours beside the published numbers",
  args: {
    recipe: { type: "positional", required: false, description: 'a name of "plaquette list recipes"' },
    full: { type: "boolean", description: "every run, with statistics as large as those it is compared with" },
    quick: { type: "boolean", description: "a taste of it, in about a minute" },
    output: {
      type: "string",
      alias: "o",
      valueHint: "dir",
      description:
        "folder of run files, run directories and pages (default runs/reproduce/<name>, with -full or -quick)",
    },
    trajectories: {
      type: "string",
      valueHint: "n",
      description:
        "production updates of every run, instead of those of the recipe; runs that are there go on to so many",
    },
    training: {
      type: "string",
      valueHint: "n",
      description: "trajectories that every guide is trained on, instead of those of the recipe",
    },
    workers: { type: "string", valueHint: "n", description: "worker threads of every run, 0: all cores" },
    show: { type: "boolean", description: "print the run files with every default filled in, and stop" },
    json: { type: "boolean", description: "print everything as one JSON object" },
    quiet: { type: "boolean", alias: "q", description: "no progress, only warnings and results" },
  },
  details: [
    "Carries out the runs of a recipe one after the other. Every run has its run file NAME.toml beside its directory NAME,",
    "so that each can be run again by hand or changed. The same command goes on where it was interrupted, and takes",
    "runs that are complete as they are. In the end every number stands beside the published one and that of an",
    "independent program where there is one, with the difference in standard deviations; reproduction.html has the same with",
    "the loss curves, comparison.html what an independent configuration costs in every run. Numbers that differ are",
    "flagged in words; the exit code tells only whether everything ran.",
  ].join("\n"),
  examples: [
    ["plaquette reproduce slhmc-su2 --quick", "self-learning HMC learns and is judged, in a minute"],
    ["plaquette reproduce slhmc-su2", "with plain HMC and the published loss, in minutes"],
    ["plaquette reproduce cask-su2 --full", "every run, with large statistics"],
    ["plaquette reproduce slmc-su2 --show", "the run files"],
  ],
  exitCodes: { 130: "interrupted, checkpoint written; the same command goes on" },
  async run(args, terminal) {
    const chosen = choose(args);
    const { recipe, size, folder } = chosen;
    const scale = { trajectories: wholeNumber(args, "trajectories", 1), training: wholeNumber(args, "training", 1) };
    const workers = wholeNumber(args, "workers");
    const catalogue = await terminal.catalogue();
    const fileOf = (name: string) => join(folder, `${name}.toml`);
    const prepared = prepareRecipe(recipe, size, scale, catalogue, fileOf);
    if (args.show) {
      const texts = prepared.map(({ name, runFile }) => `# ${name}.toml\n${resolveRunFile(runFile, terminal.version)}`);
      terminal.out.write(texts.join("\n\n"));
      return exit.done;
    }
    const given = prepared.map(({ name, runFile }) => {
      return { kind: "file", name, root: join(folder, name), file: fileOf(name), runFile } as const;
    });
    const runs = planRuns(given, catalogue);
    const { writeRunFiles, evaluate, writePages } = await import("../reproduce/pages.ts");
    writeRunFiles(prepared, fileOf);
    const complete = runs.every((run) => isCarriedOut(run, { catalogue }));
    if (!args.quiet) terminal.err.write(introduction(chosen, runs.length, complete));
    const stopped = await carryOutInTurn(runs, { quiet: args.quiet, workers }, terminal);
    if (stopped !== undefined) return stopped;

    const found = evaluate(chosen, prepared, runs);
    const pages = writePages(chosen, found);
    const report = await import("../../report/reproduction/index.ts");
    const { name, title, cite } = recipe;
    terminal.out.write(
      args.json
        ? `${JSON.stringify({ recipe: name, size, cite, ...report.reproductionJson(found), pages }, null, 2)}\n`
        : `\n${title}\n${cite.join("\n")}\n\n${report.renderReproductionTable(found)}\n${ending(chosen, pages)}`,
    );
    return exit.done;
  },
});

function introduction({ recipe, folder }: Chosen, runs: number, complete: boolean): string {
  const lines = [recipe.title, ...recipe.cite, `${runs} ${runs === 1 ? "run" : "runs"}, in ${folder}`];
  if (complete) lines.push("all of it is there already and is taken as it is; to run it again, remove that folder");
  return `${lines.join("\n")}\n`;
}

const ending = (chosen: Chosen, pages: readonly string[]): string =>
  [...pages.map((page) => `report: ${page}`), "next:", ...nextSteps(chosen)].map((line) => `${line}\n`).join("");
