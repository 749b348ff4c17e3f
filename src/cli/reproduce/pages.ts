import { dirname, join } from "node:path";
import type { PlannedRun } from "../../experiment/compare/index.ts";
import type { PreparedRun } from "../../experiment/recipes/index.ts";
import { contestantsOf, renderComparison } from "../../report/comparison/index.ts";
import {
  type Candidate,
  type Reproduction,
  renderReproduction,
  reproduction,
} from "../../report/reproduction/index.ts";
import { writeBytes } from "../../storage/files.ts";
import { makeFolder, readRun } from "../../storage/run-directory/index.ts";
import type { Chosen } from "./chosen.ts";

/** Writes the run files beside the directories of their runs, in place of older ones. */
export function writeRunFiles(prepared: readonly PreparedRun[], fileOf: (name: string) => string): void {
  for (const { name, text } of prepared) {
    makeFolder(dirname(fileOf(name)));
    write(fileOf(name), text);
  }
}

/** Reads runs that have been carried out, and puts them beside the numbers of others. */
export function evaluate(
  { recipe }: Chosen,
  prepared: readonly PreparedRun[],
  runs: readonly PlannedRun[],
): Reproduction {
  const candidates = prepared.flatMap(({ name, about, expected, theory, runFile }): Candidate[] => {
    const { root, trajectories } = runs.find((run) => run.name === name)!;
    const objective = objectiveOf(runFile);
    return contestantsOf(readRun(root), name, trajectories).map((run) => ({
      run,
      about,
      expected,
      ...(theory === undefined ? {} : { theory }),
      ...(objective === undefined ? {} : { objective }),
    }));
  });
  return reproduction(candidates, recipe.claims, recipe.figures);
}

/** What a run learns from: the word in [training], or its regression. */
function objectiveOf({ training, update }: PreparedRun["runFile"]): string | undefined {
  return training?.objective ?? (update.some(({ name }) => name === "self-learning") ? "regression" : undefined);
}

/** Writes reproduction.html, and a comparison of the runs of every theory that has several; returns their paths. */
export function writePages({ recipe, folder, command }: Chosen, found: Reproduction): string[] {
  const comparisons = found.theories.map(({ theory, comparison }) => {
    const name = theory === undefined ? "comparison.html" : `comparison-${theory}.html`;
    write(join(folder, name), renderComparison(comparison));
    return name;
  });
  const page = join(folder, "reproduction.html");
  const { title, about, cite } = recipe;
  write(page, renderReproduction(found, { title, about, cite, command, comparisons }));
  return [page, ...comparisons.map((name) => join(folder, name))];
}

const write = (path: string, text: string): void => writeBytes(path, new TextEncoder().encode(text));
