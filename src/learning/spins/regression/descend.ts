import type { Rng } from "../../../lattice/rng.ts";
import type { Trainer } from "../../training/trainer.ts";
import type { Learnt } from "./differences.ts";
import type { RegressionObjective } from "./options.ts";
import type { Pairs } from "./pairs.ts";

/** A stretch of steps along the gradients of random batches. */
export interface Stretch {
  readonly pairs: Pairs;
  /** Configurations a step. */
  readonly batch: number;
  readonly objective: RegressionObjective;
  readonly steps: number;
  readonly rng: Rng;
}

/** What it did. */
export interface Descended {
  readonly [name: string]: number;
  /** Mean of the losses of its batches. */
  readonly loss: number;
  /** Mean norm of the gradients, before clipping. */
  readonly gradient: number;
  /** Of its last step. */
  readonly rate: number;
}

/** Takes up to `steps` steps, fewer where the training ends before. The batches are addressed by the steps of the trainer. */
export function descend(learnt: Learnt, trainer: Trainer, stretch: Stretch): Descended {
  const { pairs, batch, objective, steps, rng } = stretch;
  const indices = new Int32Array(batch);
  const gradient = new Float64Array(trainer.parameters.length);
  let [loss, norm, rate, done] = [0, 0, 0, 0];
  for (; done < steps && !trainer.finished; done++) {
    const stream = rng.at("training batch", trainer.steps);
    for (let b = 0; b < batch; b++) indices[b] = stream.below(pairs.count);
    const report = trainer.step(learnt.loss(objective, pairs, indices, gradient), gradient);
    learnt.model.assign();
    loss += report.loss;
    norm += report.gradient;
    rate = report.rate;
  }
  const each = 1 / Math.max(1, done);
  return { loss: loss * each, gradient: norm * each, rate };
}
