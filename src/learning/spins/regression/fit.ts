import type { Device } from "../../../kernels/device.ts";
import type { Rng } from "../../../lattice/rng.ts";
import type { SpinModel } from "../model.ts";
import { descend } from "./descend.ts";
import { Learnt } from "./differences.ts";
import { errorsOf, LevenbergMarquardt } from "./levenberg-marquardt.ts";
import { descentOf, type SpinTrainingOptions, spinTrainingSchema } from "./options.ts";
import type { Pairs } from "./pairs.ts";

/** How a model is fitted to a set of pairs that stays as it is. */
export interface FitOptions
  extends Partial<Omit<SpinTrainingOptions, "trajectories" | "settle" | "every" | "steps" | "buffer">> {
  /** Steps of the optimiser. */
  readonly steps: number;
  /** Steps between two losses that are told and kept. Default 100, or every one of least-squares. */
  readonly tell?: number;
}

/** A loss on the way. */
export interface FitLoss {
  /** Steps done. */
  readonly step: number;
  /** Mean loss of the batches since the one before. */
  readonly loss: number;
}

/** What a fit found. */
export interface FitResult {
  readonly losses: readonly FitLoss[];
  /** Mean squared error of S_eff with the best constant, on the pairs that were learnt from and on those that were not. */
  readonly trained: number;
  readonly test: number;
  /** Steps done. */
  readonly steps: number;
  /** Standard errors of the parameters of a linear model by least squares. */
  readonly errors?: Float64Array;
}

const MANY = 64;

/**
 * Fits a model to pairs, off-line: changes its parameters in place, and sets E_0 to the mean over the pairs. Loss and
 * gradient as in `[training]`, whose keys `options` takes.
 * @param test pairs that are not learnt from, for the error that is to be believed.
 * @param listen told every loss while it goes on.
 */
export function fitModel(
  model: SpinModel,
  device: Device,
  pairs: Pairs,
  test: Pairs,
  options: FitOptions,
  rng: Rng,
  listen: (loss: FitLoss) => void = () => {},
): FitResult {
  const { steps, tell, ...given } = options;
  const full = spinTrainingSchema.parse({ ...given, trajectories: 1, every: 1, steps });
  const descent = descentOf(model.parameters, full);
  const learnt = new Learnt(model, device, Math.max(MANY, descent?.batch ?? 0));
  const losses: FitLoss[] = [];
  const told = (loss: FitLoss) => {
    losses.push(loss);
    listen(loss);
  };
  try {
    learnt.centre(pairs);
    let done = 0;
    if (descent) {
      const { trainer, batch, objective } = descent;
      const between = tell ?? 100;
      while (!trainer.finished) {
        const { loss } = descend(learnt, trainer, { pairs, batch, objective, steps: between, rng });
        told({ step: trainer.steps, loss });
      }
      done = trainer.steps;
    } else {
      const squares = new LevenbergMarquardt();
      for (; done < steps; done++) {
        const step = squares.step(learnt, pairs);
        if (!step) break;
        told({ step: done + 1, loss: step.loss });
      }
    }
    model.assign();
    const trained = learnt.centre(pairs);
    const errors = descent ? {} : { errors: errorsOf(learnt, pairs) };
    return { losses, trained, test: learnt.judge(test).variance, steps: done, ...errors };
  } finally {
    learnt.release();
  }
}
