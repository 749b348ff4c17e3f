import { join } from "node:path";
import { type Recipe, recipes, type Size } from "../../experiment/recipes/index.ts";
import { didYouMean } from "../../experiment/run-file/suggest.ts";
import { UsageError } from "../command-line/errors.ts";

/** What was asked for: a recipe, how much of it, and where. */
export interface Chosen {
  readonly recipe: Recipe;
  readonly size: Size;
  /** Folder of its run files, run directories and pages. */
  readonly folder: string;
  /** The command line that asks for it again. */
  readonly command: string;
}

interface Options {
  readonly recipe?: string | undefined;
  readonly quick?: boolean | undefined;
  readonly full?: boolean | undefined;
  readonly output?: string | undefined;
}

/** Throws a UsageError for a recipe that is not there. */
export function choose({ recipe: name, quick, full, output }: Options): Chosen {
  const names = recipes.map((one) => one.name);
  if (name === undefined)
    throw new UsageError(
      `plaquette reproduce: which of the recipes? ${names.join(", ")} (see "plaquette list recipes")`,
    );
  const recipe = recipes.find((one) => one.name === name);
  if (!recipe)
    throw new UsageError(
      `plaquette reproduce: there is no recipe ${name}${didYouMean(name, names)} (one of ${names.join(", ")})`,
    );
  if (quick && full)
    throw new UsageError("plaquette reproduce: --quick and --full exclude each other; give one of them");
  const size = quick ? "quick" : full ? "full" : "usual";
  const word = size === "usual" ? "" : ` --${size}`;
  return {
    recipe,
    size,
    folder: output ?? join("runs", "reproduce", `${name}${size === "usual" ? "" : `-${size}`}`),
    command: `plaquette reproduce ${name}${word}`,
  };
}

/** What to try after this: more of the same, then the next recipe. */
export function nextSteps({ recipe, size }: Chosen): string[] {
  const { name, minutes, example } = recipe;
  const more: Readonly<Record<Size, readonly (readonly [line: string, meaning: string])[]>> = {
    quick: [
      [`plaquette reproduce ${name}`, `more of it, about ${minutes.usual} minutes`],
      [`plaquette run ${example}`, "a run file to change"],
    ],
    usual: [
      [`plaquette reproduce ${name} --full`, `all of it, about ${minutes.full} minutes`],
      [`plaquette run ${example}`, "a run file to change"],
    ],
    full: [],
  };
  const others = recipes.filter((one) => one !== recipe);
  return columnsOf([
    ...more[size],
    ...others.map((one): [string, string] => [`plaquette reproduce ${one.name}`, `about ${one.minutes.usual} minutes`]),
  ]);
}

function columnsOf(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
}
