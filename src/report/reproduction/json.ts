import { updatesJson } from "../json.ts";
import type { Reproduction } from "./reproduce.ts";

/** A reproduction for machines: `JSON.stringify` of this is what `plaquette reproduce --json` prints. */
export function reproductionJson({ runs, rows, assertions, theories, figures }: Reproduction) {
  return {
    runs: runs.map(({ run, about, theory, objective }) => ({
      name: run.name,
      about,
      theory,
      objective,
      directory: run.directory,
      updates: updatesJson(run.point.updates),
    })),
    numbers: rows.map(({ mean, ...row }) => ({ ...row, mean: Number.isNaN(mean) ? null : mean })),
    assertions,
    figures: figures.map(({ data: { title, series }, power }) => ({ title, series, ...(power ? { power } : {}) })),
    agreement: theories.map(({ theory, comparison }) => ({ theory, ...comparison.agreement })),
  };
}
