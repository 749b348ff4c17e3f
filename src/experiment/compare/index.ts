export { carryOutAlone, isCarriedOut } from "./carry-out.ts";
export { comparedLaws, type Given, type PlannedRun, planRuns } from "./plan.ts";
export { type Named, targetDifferences } from "./target.ts";
