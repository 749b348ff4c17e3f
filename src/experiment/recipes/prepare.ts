import type { Catalogue } from "../catalogue.ts";
import { type RunFile, readRunFile } from "../run-file/index.ts";
import { isTable } from "../run-file/schema.ts";
import { writeToml } from "../run-file/toml.ts";
import type { Recipe, RecipeRun, Size } from "./recipe.ts";

/** Other statistics than those of a recipe. */
export interface Scale {
  /** Production updates of every run. */
  readonly trajectories?: number | undefined;
  /** Trajectories that every guide is trained on. */
  readonly training?: number | undefined;
}

/** A run of a recipe, as text and as what the text means. */
export interface PreparedRun extends RecipeRun {
  /** A run file as a person would write it. */
  readonly text: string;
  readonly runFile: RunFile;
}

/**
 * The runs of a recipe, each through the reader of run files.
 * @param fileOf where the run file of a name will lie, NAME.toml beside the directory NAME of its run.
 * @throws RunFileError where the catalogue lacks a part that the recipe needs.
 */
export function prepareRecipe(
  recipe: Recipe,
  size: Size,
  scale: Scale,
  catalogue: Catalogue,
  fileOf: (name: string) => string,
): PreparedRun[] {
  const runs = recipe.runs(size);
  const directoryOf = new Map(runs.map(({ name }) => [name, fileOf(name).replace(/\.toml$/, "")]));
  return runs.map((run) => {
    const text = `${heading(recipe, run)}\n${writeToml(scaled(located(run.plain, directoryOf), scale))}`;
    return { ...run, text, runFile: readRunFile(text, fileOf(run.name), catalogue).runFile };
  });
}

/** Where the run file comes from, as comments. */
const heading = (recipe: Recipe, { about }: RecipeRun): string =>
  [`${about}, of the recipe ${recipe.name}`, ...recipe.cite].map((line) => `# ${line}\n`).join("");

/** A model that is called as a run of the recipe is what that run has learnt: its directory, beside its run file. */
function located(plain: RecipeRun["plain"], directoryOf: ReadonlyMap<string, string>): RecipeRun["plain"] {
  const { update } = plain;
  if (!isTable(update) || !Array.isArray(update.guide)) return plain;
  const guide = update.guide.map((level) =>
    isTable(level) && typeof level.model === "string"
      ? { ...level, model: directoryOf.get(level.model) ?? level.model }
      : level,
  );
  return { ...plain, update: { ...update, guide } };
}

/** A training of one trajectory is none, and stays so. */
function scaled(plain: RecipeRun["plain"], { trajectories, training }: Scale): Record<string, unknown> {
  return {
    ...plain,
    ...(trajectories !== undefined && { trajectories }),
    ...(training !== undefined && isTable(plain.training) && plain.training.trajectories !== 1
      ? { training: shortened(plain.training, training) }
      : {}),
  };
}

/** With other trajectories, and as many rounds as before where it learns in rounds. */
function shortened(training: Record<string, unknown>, trajectories: number): Record<string, unknown> {
  const { every, trajectories: before } = training;
  if (typeof every !== "number" || typeof before !== "number") return { ...training, trajectories };
  return { ...training, trajectories, every: Math.max(1, Math.floor((every * trajectories) / before)) };
}
