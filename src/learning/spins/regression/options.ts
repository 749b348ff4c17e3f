import { z } from "zod";
import { usualBetas } from "../../training/optimisers/adam.ts";
import { decayOf, optimiserKeys, optimiserOf, optimiserOwners, refuseForeign } from "../../training/options.ts";
import { fullSchedule, scheduleOf } from "../../training/schedules.ts";
import { Trainer } from "../../training/trainer.ts";

/** Rules by which a model of spins is trained; the first three step along gradients of random batches. */
export const spinOptimisers = ["adamw", "adam", "sgd", "least-squares"] as const;
const byGradient = ["adamw", "adam", "sgd"] as const;

/** What is made small; the first one is the default. */
export const regressionObjectives = ["variance", "square"] as const;
export type RegressionObjective = (typeof regressionObjectives)[number];

/** Keys that only some optimisers know. */
const owners = {
  ...optimiserOwners,
  rate: byGradient,
  schedule: byGradient,
  clip: byGradient,
  average: byGradient,
  batch: byGradient,
  objective: byGradient,
} as const;
type OwnedKey = keyof typeof owners;

/** Of a training that does not say. */
const usual = {
  every: 100,
  steps: { gradient: 300, "least-squares": 5 },
  batch: 64,
  rate: { adamw: 3e-3, adam: 3e-3, sgd: 1e-4 },
  decay: 1e-4,
  schedule: "cosine",
  clip: 100,
} as const;

/** Keys of `[training]` in a run of spins. */
export const spinTrainingKeys = z.strictObject({
  trajectories: z.int().min(1).describe("updates to learn from; they thermalise too"),
  settle: z
    .int()
    .min(0)
    .default(50)
    .describe(
      "updates after them with the final weights, before production: the chain forgets the ones it learnt with",
    ),
  every: z
    .int()
    .min(1)
    .optional()
    .meta({ description: "updates between two rounds of training", default: usual.every }),
  steps: z
    .int()
    .min(1)
    .optional()
    .meta({
      description: `steps of the optimiser a round: ${usual.steps.gradient}, or ${usual.steps["least-squares"]} of least-squares`,
      default: usual.steps.gradient,
    }),
  buffer: z
    .int()
    .min(2)
    .default(3000)
    .describe("newest proposals that are learnt from, whether they were accepted or not"),
  batch: z
    .int()
    .min(2)
    .optional()
    .meta({ description: "configurations a step, drawn at random among those", default: usual.batch }),
  objective: z.enum(regressionObjectives).optional().meta({
    description:
      "what is made small: the variance of S_eff - S, which no constant changes, or the mean square with the constant E0 among the weights",
    default: regressionObjectives[0],
  }),
  optimiser: z
    .enum(spinOptimisers)
    .default("adamw")
    .describe(
      "rule for a step: adamw (with decay), adam, sgd, or least-squares (Levenberg-Marquardt on all that is kept; exact for linear models)",
    ),
  rate: z
    .number()
    .positive()
    .optional()
    .meta({
      description: `learning rate: ${usual.rate.adamw} for adamw and adam, ${usual.rate.sgd} for sgd`,
      default: usual.rate.adamw,
    }),
  momentum: optimiserKeys.momentum,
  betas: optimiserKeys.betas,
  decay: optimiserKeys.decay.describe(decayOf(usual.decay)),
  schedule: optimiserKeys.schedule.optional().meta({
    description: `${optimiserKeys.schedule.description}; it runs over all rounds`,
    default: usual.schedule,
  }),
  clip: optimiserKeys.clip.optional().meta({ description: optimiserKeys.clip.description, default: usual.clip }),
  average: optimiserKeys.average.optional().meta({ description: optimiserKeys.average.description, default: 0 }),
});
type Keys = z.output<typeof spinTrainingKeys>;

/** `[training]` of spins: what does not go together is refused, and every default written out. */
export const spinTrainingSchema = spinTrainingKeys
  .check(refuseForeign<OwnedKey>(owners))
  .check(refuseNoRound)
  .overwrite(completed);
/** What a `[training]` table of spins says. */
export type SpinTrainingOptions = z.output<typeof spinTrainingSchema>;

function refuseNoRound({ value, issues }: { value: Keys; issues: z.core.$ZodRawIssue[] }): void {
  if (value.every !== undefined && value.every > value.trajectories)
    issues.push({
      code: "custom",
      input: value,
      path: ["every"],
      message: `${value.every} updates between two rounds, and ${value.trajectories} in all: nothing would be learnt; make it smaller, or trajectories larger`,
    });
}

/** With the defaults that depend on other keys. */
function completed(given: Keys): Keys {
  const { optimiser, trajectories } = given;
  const every = given.every ?? Math.min(usual.every, trajectories);
  if (optimiser === "least-squares") return { ...given, every, steps: given.steps ?? usual.steps["least-squares"] };
  const steps = given.steps ?? usual.steps.gradient;
  const schedule = given.schedule ?? usual.schedule;
  return {
    ...given,
    every,
    steps,
    batch: given.batch ?? usual.batch,
    objective: given.objective ?? regressionObjectives[0],
    rate: given.rate ?? usual.rate[optimiser],
    ...(optimiser === "sgd"
      ? { momentum: given.momentum ?? 0 }
      : { betas: given.betas ?? [usualBetas[0], usualBetas[1]] }),
    ...(optimiser === "adamw" ? { decay: given.decay ?? usual.decay } : {}),
    schedule: schedule === "constant" ? "constant" : fullSchedule(schedule, Math.floor(trajectories / every) * steps),
    clip: given.clip ?? usual.clip,
    average: given.average ?? 0,
  };
}

/** How a training proceeds, with every number: from `[training]`, or from whoever trains off-line. */
export interface Rounds {
  /** Updates between two rounds. */
  readonly every: number;
  readonly rounds: number;
  /** Steps of the optimiser a round. */
  readonly steps: number;
}

/** The rounds of a `[training]` table. */
export function roundsOf(options: SpinTrainingOptions): Rounds {
  const { every, steps, trajectories } = completed(options);
  return { every: every!, steps: steps!, rounds: Math.floor(trajectories / every!) };
}

/** How gradients of batches train. */
export interface Descent {
  readonly trainer: Trainer;
  readonly batch: number;
  readonly objective: RegressionObjective;
}

/** A trainer of `parameters`, which it changes in place; undefined for least-squares, which needs none. */
export function descentOf(parameters: Float64Array, options: SpinTrainingOptions): Descent | undefined {
  const { optimiser, momentum, betas, decay, rate, schedule, clip, average, batch, objective } = completed(options);
  if (optimiser === "least-squares") return undefined;
  const { rounds, steps } = roundsOf(options);
  const trainer = new Trainer(parameters, {
    steps: rounds * steps,
    optimiser: optimiserOf({ optimiser, momentum, betas, decay }),
    rate: rate!,
    schedule: scheduleOf(schedule!, rounds * steps),
    clip: clip!,
    average: average!,
  });
  return { trainer, batch: batch!, objective: objective! };
}
