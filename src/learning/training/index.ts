export { type FlatRecord, fromArrays, type NamedArray, toArrays } from "./flat-record.ts";
export { adam, type Betas } from "./optimisers/adam.ts";
export { adamw } from "./optimisers/adamw.ts";
export type { Optimiser, OptimiserState } from "./optimisers/optimiser.ts";
export { sgd } from "./optimisers/sgd.ts";
export {
  optimiserNames,
  optimiserOf,
  type TrainingOptions,
  trainerOf,
  trainingKeys,
  trainingSchema,
} from "./options.ts";
export { type Schedule, type ScheduleTable, scheduleNames, scheduleOf } from "./schedules.ts";
export { Trainer, type TrainerOptions, type TrainingStep } from "./trainer.ts";
