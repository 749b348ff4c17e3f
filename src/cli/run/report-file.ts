import { join } from "node:path";
import { type Catalogue, partsFor } from "../../experiment/catalogue.ts";
import { isTable } from "../../experiment/run-file/schema.ts";
import { type Analysis, renderReport } from "../../report/index.ts";
import { writeBytes } from "../../storage/files.ts";
import type { RunRecord } from "../../storage/run-directory/record.ts";

/** Writes the report of a run and returns its path: report.html in the run directory, or `path`. */
export function writeReport(record: RunRecord, analysis: Analysis, catalogue: Catalogue, path?: string): string {
  const file = path ?? join(record.directory, "report.html");
  const html = renderReport(record, analysis, { citations: citationsOf(record.settings, catalogue) });
  writeBytes(file, new TextEncoder().encode(html));
  return file;
}

/** References of the parts that a run file names. */
function citationsOf(settings: RunRecord["settings"], catalogue: Catalogue): string[] {
  const { actions, maps, updates, observables } = partsFor(catalogue, settings);
  const names = (value: unknown): unknown[] => [value].flat().map((part) => (isTable(part) ? part.name : undefined));
  const measured = Object.entries(isTable(settings.measure) ? settings.measure : {}).map(([key, part]) =>
    isTable(part) && part.observable !== undefined ? part.observable : key,
  );
  const guides = [settings.update].flat().flatMap((part) => (isTable(part) ? part.guide : []));
  const terms = [settings.action, guides].flat(2);
  const families = [
    { list: actions, used: names(terms) },
    { list: maps, used: names(terms.map((part) => (isTable(part) ? part.through : undefined))) },
    { list: updates, used: names(settings.update) },
    { list: observables, used: measured },
  ];
  return families.flatMap(({ list, used }) =>
    list.filter(({ name }) => used.includes(name)).flatMap(({ cite }) => cite),
  );
}
