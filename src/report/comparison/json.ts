import { estimatedJson, updatesJson } from "../json.ts";
import { breakEven } from "./break-even.ts";
import type { Comparison } from "./compare.ts";

/** A comparison for machines: `JSON.stringify` of this is what `plaquette compare --json` prints. */
export function comparisonJson(comparison: Comparison) {
  const { runs, observables, agreement, cautions } = comparison;
  return {
    runs: runs.map(({ updates, ...run }, i) => ({
      ...run,
      updates: updatesJson(updates),
      breakEven: breakEven(comparison, i),
    })),
    observables: observables.map(({ values, ...observable }) => ({
      ...observable,
      values: values.map((value) => (value ? { ...value, estimated: estimatedJson(value.estimated) } : null)),
    })),
    agreement,
    cautions,
  };
}
