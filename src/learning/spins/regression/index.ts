export { type FitLoss, type FitOptions, type FitResult, fitModel } from "./fit.ts";
export { SpinLearner } from "./learner.ts";
export {
  type RegressionObjective,
  regressionObjectives,
  type SpinTrainingOptions,
  spinOptimisers,
  spinTrainingKeys,
  spinTrainingSchema,
} from "./options.ts";
export { chosen, PairBuffer, type Pairs, pairsOf } from "./pairs.ts";
