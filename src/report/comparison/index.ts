export { type Agreement, agreement, type Pull, significant } from "./agreement.ts";
export { type BreakEven, breakEven } from "./break-even.ts";
export type { Caution } from "./cautions.ts";
export { type Cheapest, cheapest } from "./cheapest.ts";
export {
  type ComparedObservable,
  type ComparedRun,
  type ComparedValue,
  type Comparison,
  compareRuns,
} from "./compare.ts";
export { type Contestant, contestantsOf } from "./contestants.ts";
export type { Cost, Spent, UpdateCost } from "./cost.ts";
export { comparisonJson } from "./json.ts";
export { renderComparison } from "./page.ts";
export { renderComparisonTable } from "./table.ts";
