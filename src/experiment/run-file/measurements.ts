import type { Catalogue } from "../catalogue.ts";
import { inTheirWords } from "../latticeqcd-jl/origin.ts";
import { isParameterFile, translate } from "../latticeqcd-jl/translate.ts";
import { RunFileError } from "./error.ts";
import { topKeys } from "./head.ts";
import { readActions, readMeasure, type Say } from "./parts.ts";
import { didYouMean } from "./suggest.ts";
import { parseToml } from "./toml.ts";
import type { ActionPart, MeasurePart } from "./types.ts";

/** What to measure on stored configurations. */
export interface Measurements {
  readonly parts: readonly MeasurePart[];
  readonly warnings: readonly string[];
}

/**
 * The observables of a file with a `[measure]` table: a whole run file, one with that table alone, or a parameter file of
 * LatticeQCD.jl. How often they are measured in a run says nothing here, except that 0 leaves one out.
 * Throws RunFileError with every problem found.
 */
export function readMeasurements(text: string, file: string, catalogue: Catalogue): Measurements {
  const table = parseToml(text, file);
  if (isParameterFile(table)) {
    const translation = translate(table, file);
    const { runFile, warnings } = translation;
    const parts = () => checked(runFile.measure, [], `${file} (translated)`, catalogue);
    return { parts: inTheirWords(table, translation, file, parts), warnings };
  }
  const stray = Object.keys(table).find((key) => !topKeys.includes(key));
  if (stray !== undefined)
    throw new RunFileError([
      `${file}: ${stray}: unknown${didYouMean(stray, topKeys)} (observables stand in a [measure] table)`,
    ]);
  if (table.measure === undefined)
    throw new RunFileError([`${file}: measure: missing; add a [measure] table with the observables`]);
  const actions =
    table.action === undefined ? [] : readActions(catalogue.actions, catalogue.maps, table.action, () => {});
  return { parts: checked(table.measure, actions, file, catalogue), warnings: [] };
}

/**
 * Observables given on a command line: names ("plaquette, wilson-loop"), or what a [measure] table holds
 * ("wilson-loop = { maxR = 2 }"). Throws RunFileError that names the `option`.
 */
export function readObservables(text: string, option: string, catalogue: Catalogue): readonly MeasurePart[] {
  const names = text.split(",").map((word) => word.trim());
  const plain = names.every((word) => /^[\w-]+$/.test(word));
  const table = plain ? Object.fromEntries(names.map((name) => [name, 1])) : parseToml(text, option);
  const filled = Object.fromEntries(
    Object.entries(table).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null && !("every" in value) ? { every: 1, ...value } : value,
    ]),
  );
  return checked(filled, [], option, catalogue);
}

function checked(
  measure: unknown,
  actions: readonly ActionPart[],
  file: string,
  catalogue: Catalogue,
): readonly MeasurePart[] {
  const problems: string[] = [];
  const say: Say = (problem) => problems.push(`${file}: ${problem}`);
  const parts = readMeasure(catalogue.observables, measure, actions, say);
  if (problems.length > 0) throw new RunFileError(problems);
  return parts;
}
