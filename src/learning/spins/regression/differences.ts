import type { Device } from "../../../kernels/device.ts";
import type { ModelBatch, SpinModel } from "../model.ts";
import type { RegressionObjective } from "./options.ts";
import type { Pairs } from "./pairs.ts";

/** A model under training, with memory for many configurations at once. */
export class Learnt {
  readonly model: SpinModel;
  private readonly device: Device;
  private readonly batch: ModelBatch;
  private readonly d: Float64Array;
  private readonly weights: Float64Array;

  /** @param capacity most configurations evaluated at once. */
  constructor(model: SpinModel, device: Device, capacity: number) {
    this.model = model;
    this.device = device;
    this.batch = model.batch(capacity);
    this.d = new Float64Array(capacity);
    this.weights = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.batch.capacity;
  }

  /** The constant E_0 of H_eff, which no sampling sees. */
  get constant(): number {
    return this.model.parameters.at(-1)!;
  }

  release(): void {
    this.batch.release();
  }

  /** d_b = S_eff(S_b) - S(S_b) of the pairs first to first + count - 1, at most `capacity`; the array is used again. */
  private differences(pairs: Pairs, index: (b: number) => number, count: number): Float64Array {
    const { length } = pairs;
    const memory = this.device.heap.f64(this.batch.spins, count * length);
    for (let b = 0; b < count; b++) memory.set(pairs.spins(index(b)), b * length);
    const values = this.batch.values(count);
    for (let b = 0; b < count; b++) this.d[b] = values[b]! - pairs.value(index(b));
    return this.d;
  }

  /**
   * The loss of a batch, and its gradient in `gradient`: mean square of d = S_eff - S, or of d less its mean in the batch.
   * As sum_b (d_b - mean d) = 0, the mean adds nothing to the gradient.
   */
  loss(objective: RegressionObjective, pairs: Pairs, indices: Int32Array, gradient: Float64Array): number {
    const count = indices.length;
    const d = this.differences(pairs, (b) => indices[b]!, count);
    const off = objective === "variance" ? meanOf(d, count) : 0;
    let loss = 0;
    for (let b = 0; b < count; b++) {
      loss += (d[b]! - off) ** 2 / count;
      this.weights[b] = (2 * (d[b]! - off)) / count;
    }
    gradient.fill(0);
    this.batch.pull(this.weights.subarray(0, count), gradient);
    return loss;
  }

  /** Mean and variance of d over all pairs. */
  judge(pairs: Pairs): { readonly mean: number; readonly variance: number } {
    let [mean, squares, seen] = [0, 0, 0];
    for (let first = 0; first < pairs.count; first += this.capacity) {
      const count = Math.min(this.capacity, pairs.count - first);
      const d = this.differences(pairs, (b) => first + b, count);
      for (let b = 0; b < count; b++) {
        seen += 1;
        const off = d[b]! - mean;
        mean += off / seen;
        squares += off * (d[b]! - mean);
      }
    }
    return { mean, variance: squares / pairs.count };
  }

  /** Sets E_0 so that the mean of d over the pairs is 0, and returns the variance of d: the mean squared error of S_eff. */
  centre(pairs: Pairs): number {
    const { mean, variance } = this.judge(pairs);
    const { parameters, temperature } = this.model;
    parameters[parameters.length - 1]! -= temperature * mean;
    this.model.assign();
    return variance;
  }

  /** S - S_eff of every pair into `rest`, and dS_eff/d parameter i into [pair * parameters + i] of `gradients`. */
  linearise(pairs: Pairs, rest: Float64Array, gradients: Float64Array): void {
    const size = this.model.parameters.length;
    const at = (pair: number, count: number) => gradients.subarray(pair * size, (pair + count) * size);
    // a model that cannot tell the gradients of a batch apart is asked for one after the other
    const most = this.batch.gradients ? this.capacity : 1;
    for (let first = 0; first < pairs.count; first += most) {
      const count = Math.min(most, pairs.count - first);
      const d = this.differences(pairs, (b) => first + b, count);
      for (let b = 0; b < count; b++) rest[first + b] = -d[b]!;
      if (this.batch.gradients) this.batch.gradients(at(first, count));
      else this.batch.pull(one, at(first, 1).fill(0));
    }
  }
}

const one = Float64Array.of(1);

function meanOf(d: Float64Array, count: number): number {
  let sum = 0;
  for (let b = 0; b < count; b++) sum += d[b]!;
  return sum / count;
}
