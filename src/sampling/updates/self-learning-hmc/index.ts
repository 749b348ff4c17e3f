import { z } from "zod";
import type { Definition } from "../../../lattice/definition.ts";
import type { Learner } from "../../learner.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { hmc } from "../hmc/hmc.ts";
import {
  integratorOf,
  refuseBesideLevels,
  type TrajectoryParameters,
  trajectoryKeys,
  tuned,
  withUsualSteps,
} from "../hmc/index.ts";
import { learningHmc } from "./self-learning-hmc.ts";

const { tune: _, ...priorKeys } = trajectoryKeys;
const prior = z.strictObject(priorKeys).check(refuseBesideLevels).overwrite(withUsualSteps);

const parameters = z
  .strictObject({
    ...trajectoryKeys,
    prior: prior
      .optional()
      .describe(
        "trajectories of HMC along the target, from which the guide learns (without it, as those of the guide); where nothing is learnt, they thermalise",
      ),
  })
  .check(refuseBesideLevels)
  .overwrite(withUsualSteps);
type Parameters = z.output<typeof parameters>;

/** Self-learning HMC in the run file. */
export const selfLearningHmcDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "self-learning-hmc",
  title: "Self-learning hybrid Monte Carlo: trajectories along a guide action, accepted with the target",
  cite: ["Y. Nagai, A. Tomiya, Phys. Rev. D 111 (2025) 074501"],
  parameters,
  guided: true,
  build(given, bench) {
    const { guide, space, action, label } = bench;
    if (!guide) throw new RangeError("guide: missing; add [[update.guide]] tables, the terms of the action to follow");
    const along = integratorOf(given, { space, ...guide });
    const guided = hmc(space, action, { length: given.length, integrate: along.integrate, advice }, label);
    const { training } = guide;
    const usesPrior = training !== undefined || (given.prior !== undefined && guide.thermalise > 0);
    if (!usesPrior) return given.tune === undefined ? guided : tuned(guided, along.levels[0]!, given, given.tune);
    if (given.tune !== undefined) throw new RangeError(`tune: ${training ? WHILE_TRAINED : WHILE_PRIOR}`);
    const before: TrajectoryParameters = given.prior ?? withoutLevels(given);
    const { integrate } = integratorOf(before, bench);
    return learningHmc(
      space,
      {
        prior: (witness) => hmc(space, action, { length: before.length, integrate: witness.watch(integrate) }, label),
        guided,
      },
      training ?? { learner: nothing, after: Infinity },
    );
  },
};

const advice =
  "a guide that is nearer to the action (trained longer, or of a mass nearer to its own), more steps, or a shorter trajectory (length)";
const WHILE_TRAINED = "not while the guide is trained; train it first, and tune the run that uses its model";
const WHILE_PRIOR = "the thermalisation follows the prior, and says nothing of the guide; leave out prior or tune";

/** Learns nothing, so that the thermalisation follows the prior to its end. */
const nothing: Learner = {
  learn: () => ({}),
  finished: false,
  freeze: () => ({}),
  save: () => ({}),
  restore: () => {},
};

/** The trajectory of the guide for the target; levels name terms of the guide, so their first steps are taken for all. */
function withoutLevels(given: Parameters): TrajectoryParameters {
  const { length, start, levels, steps, integrator } = given;
  const first = levels?.[0];
  return withUsualSteps({
    length,
    start,
    ...(first ? { steps: first.steps, integrator: first.integrator } : { steps, integrator }),
  });
}
