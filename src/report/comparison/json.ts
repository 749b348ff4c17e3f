import { estimatedJson, updatesJson } from "../json.ts";
import type { Comparison } from "./compare.ts";

/** A comparison for machines: `JSON.stringify` of this is what `plaquette compare --json` prints. */
export function comparisonJson({ runs, observables, agreement, cautions }: Comparison) {
  return {
    runs: runs.map(({ updates, ...run }) => ({ ...run, updates: updatesJson(updates) })),
    observables: observables.map(({ values, ...observable }) => ({
      ...observable,
      values: values.map((value) => (value ? { ...value, estimated: estimatedJson(value.estimated) } : null)),
    })),
    agreement,
    cautions,
  };
}
