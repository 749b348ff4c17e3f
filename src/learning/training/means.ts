import { type FlatRecord, numberIn, putArray, settle, takeArray } from "./flat-record.ts";

/**
 * Running mean of a noisy loss, and of the weights at which it was taken: over all steps so far, and once there were
 * `window` of them, with the weight of a step falling by 1 - 1/window with every later one. Keeps the mean weights that
 * had the smallest mean loss. Nothing is stored for every step.
 */
export class RunningMean {
  readonly window: number;
  loss = 0;
  count = 0;
  /** The smallest mean loss, and the count at which it was reached; undefined and 0 until the window is full. */
  best: number | undefined;
  bestAt = 0;
  /** The mean weights there; before the window is full those of the last step that was taken in. */
  readonly kept: Float64Array;
  private readonly weights: Float64Array;

  constructor(window: number, weights: Float64Array) {
    this.window = window;
    this.weights = new Float64Array(weights.length);
    this.kept = weights.slice();
  }

  add(loss: number, weights: Float64Array): void {
    this.count += 1;
    const share = 1 / Math.min(this.count, this.window);
    this.loss = (1 - share) * this.loss + share * loss + 0;
    addShare(this.weights, share, weights);
    if (this.count < this.window) this.kept.set(weights);
    else if (this.best === undefined || this.loss < this.best) {
      this.best = this.loss;
      this.bestAt = this.count;
      this.kept.set(this.weights);
    }
  }

  /** What it found, without the weights that it needs to go on. */
  saveResult(): Record<string, number> {
    const { loss, count, bestAt, best } = this;
    return { loss, count, bestAt, ...(best === undefined ? {} : { best }) };
  }

  restoreResult(saved: FlatRecord): void {
    this.loss = numberIn(saved, "loss");
    this.count = numberIn(saved, "count");
    this.bestAt = numberIn(saved, "bestAt");
    this.best = this.bestAt > 0 ? numberIn(saved, "best") : undefined;
  }

  saveWeights(): Record<string, number> {
    const record = {};
    putArray(record, "recent", this.weights);
    putArray(record, "kept", this.kept);
    return record;
  }

  restoreWeights(saved: FlatRecord): void {
    takeArray(saved, "recent", this.weights);
    takeArray(saved, "kept", this.kept);
  }
}

/** Mean weights over the last part of the training (B. T. Polyak, A. B. Juditsky, SIAM J. Control Optim. 30 (1992) 838). */
export class TailMean {
  /** Steps before the part begins. */
  readonly from: number;
  readonly weights: Float64Array;
  count = 0;

  /** Over the last `fraction` of `steps` planned ones; 0 takes in none. */
  constructor(fraction: number, steps: number, size: number) {
    this.from = steps - Math.round(fraction * steps);
    this.weights = new Float64Array(size);
  }

  /** Takes in the weights after a step, of `done` steps. */
  add(weights: Float64Array, done: number): void {
    if (done <= this.from) return;
    this.count += 1;
    addShare(this.weights, 1 / this.count, weights);
  }

  save(): Record<string, number> {
    const record: Record<string, number> = { averaged: this.count };
    if (this.count > 0) putArray(record, "tail", this.weights);
    return record;
  }

  restore(saved: FlatRecord): void {
    this.count = numberIn(saved, "averaged");
    if (this.count > 0) takeArray(saved, "tail", this.weights);
  }
}

/** mean <- (1 - share) mean + share x */
function addShare(mean: Float64Array, share: number, x: Float64Array): void {
  for (let i = 0; i < mean.length; i++) mean[i] = (1 - share) * mean[i]! + share * x[i]!;
  settle(mean);
}
