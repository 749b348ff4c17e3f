import { z } from "zod";
import { spinsOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { StepSizeTuner } from "../../updates/hmc/step-size.ts";
import { type LangevinUpdate, langevin } from "./langevin.ts";

const parameters = z.strictObject({
  stepSize: z
    .number()
    .positive()
    .default(0.1)
    .describe("size epsilon of a step: spins turn by angles of about epsilon, and by epsilon^2/2 along the force"),
  tune: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("wanted acceptance (0.57 is the best one of large systems): adjusts the step size during thermalisation"),
});

/** Metropolis-adjusted Langevin updates of XY and O(3) spins in the run file. */
export const langevinDefinition: Definition<typeof parameters, Update, UpdateBench> = {
  name: "langevin",
  title: "Metropolis-adjusted Langevin: a trajectory of one leapfrog step",
  cite: [
    "P. J. Rossky, J. D. Doll, H. L. Friedman, J. Chem. Phys. 69 (1978) 4628",
    "G. O. Roberts, R. L. Tweedie, Bernoulli 2 (1996) 341",
  ],
  parameters,
  build({ stepSize, tune }, bench) {
    const update = langevin(spinsOf(bench, "langevin"), bench.action, stepSize, bench.label);
    return tune === undefined ? update : tuned(update, tune);
  },
};

function tuned(update: LangevinUpdate, wanted: number): Update {
  const tuner = new StepSizeTuner(wanted, update.stepSize);
  const set = (size: number) => {
    update.stepSize = size;
    return { stepSize: size };
  };
  return {
    step: update.step,
    ...(update.advice ? { advice: update.advice } : {}),
    tune(report) {
      if (report.deltaH !== undefined) tuner.learn(report);
      return set(tuner.step);
    },
    freeze: () => set(tuner.frozen()),
    tuned: () => ({ ...tuner.save(), stepSize: update.stepSize }),
    restore(saved) {
      tuner.restore(saved);
      set(saved.stepSize ?? update.stepSize);
    },
  };
}
