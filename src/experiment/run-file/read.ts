import type { Catalogue } from "../catalogue.ts";
import { inTheirWords } from "../latticeqcd-jl/origin.ts";
import { isParameterFile, translate } from "../latticeqcd-jl/translate.ts";
import { checkWithoutScan } from "./check.ts";
import { RunFileError } from "./error.ts";
import { scanProblems } from "./scan.ts";
import { parseToml } from "./toml.ts";
import type { RunFile } from "./types.ts";

export interface ReadRunFile {
  readonly runFile: RunFile;
  /** What the reader should be told: keys ignored, measurements left out. One sentence each, naming the file. */
  readonly warnings: readonly string[];
  /** Whose words the file was written in. */
  readonly origin: "plaquette" | "latticeqcd-jl";
}

/** Keys at the top that replace those of a run file; where they depend on what stands there, as a function of it. */
export type Overrides =
  | Readonly<Record<string, unknown>>
  | ((table: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>);

/**
 * Reads the text of a run file, ours or a parameter file of LatticeQCD.jl, which is recognised by its section names and
 * translated. `overrides` replaces keys at the top (a seed or a number of chains given on the command line).
 * Throws RunFileError with every problem found.
 */
export function readRunFile(text: string, file: string, catalogue: Catalogue, overrides: Overrides = {}): ReadRunFile {
  const table = parseToml(text, file);
  const replaced = (plain: Readonly<Record<string, unknown>>) => ({
    ...plain,
    ...(typeof overrides === "function" ? overrides(plain) : overrides),
  });
  if (!isParameterFile(table))
    return { runFile: checkRunFile(replaced(table), file, catalogue), warnings: [], origin: "plaquette" };
  const translation = translate(table, file);
  const plain = replaced(translation.runFile);
  return {
    runFile: inTheirWords(table, translation, file, () => checkRunFile(plain, `${file} (translated)`, catalogue)),
    warnings: translation.warnings,
    origin: "latticeqcd-jl",
  };
}

/**
 * Validates plain data as a run file, `[scan]` included, and fills the defaults. `file` names it in the sentences.
 * Throws RunFileError with every problem found.
 */
export function checkRunFile(plain: Readonly<Record<string, unknown>>, file: string, catalogue: Catalogue): RunFile {
  const { scan, ...rest } = plain;
  const runFile = checkWithoutScan(rest, file, catalogue);
  if (scan === undefined) return runFile;
  const problems = scanProblems(runFile, scan, file, catalogue);
  if (problems.length > 0) throw new RunFileError(problems);
  return { ...runFile, scan: scan as RunFile["scan"] };
}
