import { z } from "zod";
import { meanWindow } from "../../numerics/mean-window.ts";
import { objectiveNames } from "../objectives/index.ts";
import { adam, usualBetas } from "./optimisers/adam.ts";
import { adamw, usualDecay } from "./optimisers/adamw.ts";
import type { Optimiser } from "./optimisers/optimiser.ts";
import { sgd } from "./optimisers/sgd.ts";
import { fullSchedule, scheduleOf, scheduleSchema } from "./schedules.ts";
import { Trainer } from "./trainer.ts";

export const optimiserNames = ["adam", "sgd", "adamw"] as const;
export type OptimiserName = (typeof optimiserNames)[number];

/** Keys that only some optimisers know. */
export const optimiserOwners = {
  momentum: ["sgd"],
  betas: ["adam", "adamw"],
  decay: ["adamw"],
} as const satisfies Record<string, readonly OptimiserName[]>;

const usualRates: Readonly<Record<OptimiserName, number>> = { adam: 1e-3, adamw: 1e-3, sgd: 2e-5 };

const beta = z.number().min(0).lt(1);

/** Keys of optimisers and schedules, which every training has. */
export const optimiserKeys = {
  momentum: z.number().min(0).lt(1).optional().describe("momentum of sgd, 0 where left out"),
  betas: z
    .tuple([beta, beta])
    .optional()
    .describe(`decay rates of the two running means of adam and adamw, [${usualBetas.join(", ")}] where left out`),
  decay: z.number().min(0).optional(),
  schedule: scheduleSchema.describe(
    "how the rate changes: constant, step, exponential, cosine, inverse, or a table with numbers and warm-up",
  ),
  clip: z.number().min(0).describe("longest gradient, by its norm; longer ones are shortened; 0 for any"),
  average: z
    .number()
    .min(0)
    .max(1)
    .describe("the trained weights are the mean over this last fraction of the training; 0 for the last weights"),
} as const;

export const decayOf = (usual: number): string =>
  `decay of the weights in adamw, a fraction of decay x rate a step; ${usual} where left out`;

/** Keys of `[training]` in a run file. */
export const trainingKeys = z.strictObject({
  trajectories: z
    .int()
    .min(1)
    .describe("trajectories to train on, one step of the optimiser each; they thermalise too"),
  objective: z
    .enum(objectiveNames)
    .default("trajectory")
    .describe(
      "what is made small: trajectory and centred judge differences of actions without their offset, force the forces; " +
        "published is the squared difference of the literature, offset included",
    ),
  optimiser: z.enum(optimiserNames).default("adam").describe("rule for a step: adam, sgd, or adamw (with decay)"),
  rate: z
    .number()
    .positive()
    .optional()
    .meta({
      description: `learning rate: ${usualRates.adam} for adam and adamw, ${usualRates.sgd} for sgd`,
      default: usualRates.adam,
    }),
  momentum: optimiserKeys.momentum,
  betas: optimiserKeys.betas,
  decay: optimiserKeys.decay.describe(decayOf(usualDecay)),
  schedule: optimiserKeys.schedule.default("constant"),
  clip: optimiserKeys.clip.default(0),
  draws: z.int().min(1).default(1).describe("pseudofermions drawn for every configuration that is learnt from"),
  average: optimiserKeys.average.default(0.5),
  patience: z
    .int()
    .min(0)
    .default(0)
    .describe("trajectories without a smaller running mean of the loss after which training stops; 0 for never"),
  window: z
    .int()
    .min(1)
    .optional()
    .describe("trajectories in that running mean; a tenth of all, at most 100, where left out"),
});
type TrainingKeys = z.output<typeof trainingKeys>;

/** `[training]`: what does not go together is refused, and every default written out. */
export const trainingSchema = trainingKeys.check(refuseForeign(optimiserOwners)).overwrite(completed);
/** What a `[training]` table says. */
export type TrainingOptions = z.output<typeof trainingSchema>;

/** A check that refuses keys which the optimiser of the table does not know. */
export function refuseForeign<K extends string>(owners: Readonly<Record<K, readonly string[]>>) {
  type Table = { readonly optimiser: string } & { readonly [key in K]?: unknown };
  return ({ value, issues }: { value: Table; issues: z.core.$ZodRawIssue[] }): void => {
    for (const [key, names] of Object.entries(owners) as [K, readonly string[]][])
      if (value[key] !== undefined && !names.includes(value.optimiser))
        issues.push({
          code: "custom",
          input: value,
          path: [key],
          message: `has no effect with optimiser = "${value.optimiser}": leave it out, or take ${names.join(" or ")}`,
        });
  };
}

/** With the defaults that depend on other keys. */
function completed(given: TrainingKeys): TrainingKeys {
  const { optimiser, trajectories } = given;
  const knows = (key: keyof typeof optimiserOwners) => (optimiserOwners[key] as readonly string[]).includes(optimiser);
  return {
    ...given,
    rate: given.rate ?? usualRates[optimiser],
    ...(knows("momentum") ? { momentum: given.momentum ?? 0 } : {}),
    ...(knows("betas") ? { betas: given.betas ?? [usualBetas[0], usualBetas[1]] } : {}),
    ...(knows("decay") ? { decay: given.decay ?? usualDecay } : {}),
    schedule: given.schedule === "constant" ? "constant" : fullSchedule(given.schedule, trajectories),
    window: given.window ?? meanWindow(trajectories),
  };
}

/** The optimiser that the options name. */
export function optimiserOf({
  optimiser,
  momentum,
  betas,
  decay,
}: Pick<TrainingOptions, "optimiser" | "momentum" | "betas" | "decay">): Optimiser {
  if (optimiser === "sgd") return sgd(momentum);
  return optimiser === "adam" ? adam(betas) : adamw(betas, decay);
}

/** A trainer of `parameters`, which it changes in place, as `[training]` says; a step is a trajectory. */
export function trainerOf(parameters: Float64Array, options: TrainingOptions): Trainer {
  const { trajectories, rate, schedule, clip, average, patience, window } = completed(options);
  return new Trainer(parameters, {
    steps: trajectories,
    optimiser: optimiserOf(options),
    rate: rate!,
    schedule: scheduleOf(schedule, trajectories),
    clip,
    average,
    patience,
    window: window!,
  });
}
