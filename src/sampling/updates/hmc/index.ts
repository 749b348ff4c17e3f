import { z } from "zod";
import type { Definition } from "../../../lattice/definition.ts";
import { type Integrator, type Level, nested } from "../../integrators/integrate.ts";
import { positionFirst, schemeNames, schemeOf } from "../../integrators/schemes.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { hmc } from "./hmc.ts";
import { actionsOfLevels } from "./levels.ts";
import { StepSizeTuner } from "./step-size.ts";

const integrator = z.enum(schemeNames);
/** Of a trajectory on one time scale that does not say. */
const usual = { steps: 20, integrator: "omelyan" } as const;
const level = z.strictObject({
  actions: z
    .array(z.string())
    .min(1)
    .describe(
      'names of the actions whose forces act on this time scale, "wilson", or of a part of one, "wilson.hasenbusch-1"',
    ),
  steps: z
    .int()
    .min(1)
    .describe("steps in one drift of the slower level (the first level's are those of the trajectory)"),
  integrator: integrator.default("omelyan").describe("integrator of this time scale"),
});

/** Keys of a trajectory in the run file. */
export const trajectoryKeys = {
  length: z.number().positive().default(1).describe("trajectory length in molecular-dynamics time"),
  levels: z
    .array(level)
    .min(1)
    .optional()
    .describe("nested time scales, slowest first; every action term stands in exactly one of them"),
  steps: z.int().min(1).optional().meta({
    description: "integrator steps a trajectory (the first guess, where tune is given); with levels each has its own",
    default: usual.steps,
  }),
  integrator: integrator.optional().meta({
    description:
      "leapfrog and omelyan are of second order, omelyan-4 and force-gradient of fourth; with levels each has its own",
    default: usual.integrator,
  }),
  start: z
    .enum(["momentum", "position"])
    .default("momentum")
    .describe("whether a step begins with the momenta or with the field"),
  tune: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("wanted acceptance: adjusts the number of steps during thermalisation, then freezes it"),
};
const keys = z.strictObject(trajectoryKeys);
/** What the keys of a trajectory say. */
export type TrajectoryParameters = z.output<typeof keys>;

/** Says what is wrong where a trajectory has `steps` or an `integrator` beside its levels. */
export function refuseBesideLevels({
  value,
  issues,
}: {
  value: TrajectoryParameters;
  issues: z.core.$ZodRawIssue[];
}): void {
  if (!value.levels) return;
  for (const key of ["steps", "integrator"] as const)
    if (value[key] !== undefined)
      issues.push({
        code: "custom",
        input: value,
        path: [key],
        message: `has no effect beside levels: leave it out, levels[0].${key} is that of the trajectory`,
      });
}

/** Steps and integrator belong to the trajectory or to its levels, so their defaults are filled in without levels only. */
export const withUsualSteps = <T extends TrajectoryParameters>(given: T): T =>
  given.levels ? given : { ...usual, ...given };

const parameters = keys.check(refuseBesideLevels).overwrite(withUsualSteps);

/** Hybrid Monte Carlo in the run file. */
export const hmcDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "hmc",
  title: "Hybrid Monte Carlo",
  cite: ["S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth, Phys. Lett. B 195 (1987) 216"],
  parameters,
  build(given, bench) {
    const { integrate, levels } = integratorOf(given, bench);
    const update = hmc(bench.space, bench.action, { length: given.length, integrate }, bench.label);
    return given.tune === undefined ? update : tuned(update, levels[0]!, given, given.tune);
  },
};

/** What the forces of a trajectory come from: a whole action, its terms, and their names in the run file. */
export type Forces = Pick<UpdateBench, "space" | "action" | "terms" | "names">;

/** The integrator that the keys of a trajectory describe, along the forces of `bench`. */
export function integratorOf(given: TrajectoryParameters, bench: Forces): { integrate: Integrator; levels: Level[] } {
  const { space } = bench;
  const levels = levelsOf(given, bench);
  const needsWork = levels.some((l) => l.scheme.stages.some((s) => "kick" in s && s.gradient !== undefined));
  const work = needsWork ? { field: space.field(), force: space.momenta() } : undefined;
  return { integrate: nested(levels, work), levels };
}

function levelsOf(given: TrajectoryParameters, bench: Forces): Level[] {
  const schemeFor = (name: string) => (given.start === "position" ? positionFirst(schemeOf(name)) : schemeOf(name));
  if (!given.levels) {
    const { steps = usual.steps, integrator = usual.integrator } = given;
    return [{ action: bench.action, scheme: schemeFor(integrator), steps }];
  }
  const actions = actionsOfLevels(given.levels, bench.terms, bench.names);
  return given.levels.map((l, i) => ({ action: actions[i]!, scheme: schemeFor(l.integrator), steps: l.steps }));
}

/** Tunes the steps of the slowest level, which are those of the trajectory, beginning with those given. */
export function tuned(update: Update, level: Level, given: TrajectoryParameters, target: number): Update {
  const tuner = new StepSizeTuner(target, given.length / level.steps);
  const stepsFor = (size: number) => Math.max(1, Math.round(given.length / size));
  const set = (size: number) => {
    level.steps = stepsFor(size);
    return { steps: level.steps, stepSize: given.length / level.steps };
  };
  return {
    step: update.step,
    ...(update.advice ? { advice: update.advice } : {}),
    tune(report) {
      tuner.learn(report);
      return set(tuner.step);
    },
    freeze: () => set(tuner.frozen()),
    tuned: () => ({ ...tuner.save(), steps: level.steps }),
    restore(saved) {
      tuner.restore(saved);
      level.steps = saved.steps ?? level.steps;
    },
  };
}
