import type { Kernels } from "../../../../kernels/device.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { ModelBatch } from "../../model.ts";
import { ITEMS_PER_PAIR, pairModule } from "./pair-kernels.ts";
import { type PairLayout, pairLayout } from "./pair-memory.ts";
import { couplingAt, parameterCount, weightAt } from "./shape.ts";
import type { SingleConfiguration } from "./single.ts";

/** Most pieces of a range (device.ts), each of which needs work of its own. */
const PIECES = 64;

/** Many configurations at once, two in the lanes of a kernel; the weights are those of the single configuration. */
export class TransformerBatch implements ModelBatch {
  readonly capacity: number;
  readonly spins: number;
  private readonly space: SpinSpace;
  private readonly layout: PairLayout;
  private readonly weights: number;
  private readonly parameters: Float64Array;
  private readonly temperature: number;
  private readonly kernels: Kernels<"forward" | "pull">;
  private readonly pairs: number;
  private readonly work: number;
  private readonly seeds: number;
  private readonly actions: Float64Array;
  private readonly slopes: Float64Array;
  private asked = 0;

  /** @param parameters those that `values` and `pull` read: the couplings and the constant. */
  constructor(
    space: SpinSpace,
    single: SingleConfiguration,
    parameters: Float64Array,
    temperature: number,
    capacity: number,
  ) {
    if (!(Number.isInteger(capacity) && capacity >= 1))
      throw new RangeError(`a batch of ${capacity} configurations; give a whole number of 1 or more`);
    const { device } = space.lattice;
    const { heap } = device;
    this.space = space;
    this.capacity = capacity;
    this.parameters = parameters;
    this.temperature = temperature;
    this.weights = single.weights;
    this.layout = pairLayout(space.lattice, single.layout);
    this.kernels = device.kernels(`${single.key}/pairs`, () => pairModule(this.layout));
    const pairs = Math.ceil(capacity / 2);
    this.spins = heap.allocate(8 * space.length * capacity);
    this.pairs = heap.allocate(this.layout.pairBytes * pairs);
    this.work = heap.allocate(this.layout.workBytes * Math.min(PIECES, pairs));
    this.seeds = heap.allocate(16 * pairs);
    this.actions = new Float64Array(capacity);
    this.slopes = new Float64Array(parameterCount(this.layout.shape));
  }

  values(count: number): Float64Array {
    if (!(Number.isInteger(count) && count >= 1 && count <= this.capacity))
      throw new RangeError(`a batch for ${this.capacity} configurations was asked for ${count}`);
    const { layout, kernels, parameters, temperature, actions } = this;
    const { shape } = layout;
    const { device } = this.space.lattice;
    const pairs = Math.ceil(count / 2);
    this.asked = count;
    device.run(kernels.forward, ITEMS_PER_PAIR * pairs, this.spins, count, this.pairs, this.work, this.weights);
    for (let b = 0; b < count; b++) {
      const sums = device.heap.f64(this.pairs + (b >> 1) * layout.pairBytes + layout.sums, 2 * shape.head);
      let energy = parameters[couplingAt(shape, shape.head)]!;
      for (let n = 0; n < shape.head; n++) energy -= parameters[couplingAt(shape, n)]! * sums[2 * n + (b & 1)]!;
      actions[b] = energy / temperature;
    }
    return actions.subarray(0, count);
  }

  pull(weights: Float64Array, gradient: Float64Array): void {
    this.pullBack(weights);
    const { slopes, asked } = this;
    slopes.fill(0);
    for (let p = 0; 2 * p < asked; p++) {
      const pair = this.slopesOf(p);
      for (let i = 0; i < slopes.length; i++) slopes[i]! += pair[2 * i]! + pair[2 * i + 1]!;
    }
    this.inParameters(
      slopes,
      weights.subarray(0, asked).reduce((a, b) => a + b, 0),
    );
    for (let i = 0; i < slopes.length; i++) gradient[i]! += slopes[i]!;
  }

  gradients(out: Float64Array): void {
    const { asked, slopes } = this;
    this.pullBack(new Float64Array(asked).fill(1));
    for (let b = 0; b < asked; b++) {
      const pair = this.slopesOf(b >> 1);
      const own = out.subarray(b * slopes.length, (b + 1) * slopes.length);
      for (let i = 0; i < own.length; i++) own[i] = pair[2 * i + (b & 1)]!;
      this.inParameters(own, 1);
    }
  }

  /** dS/d parameters of a pair as the kernels leave them, in its two lanes. */
  private slopesOf(p: number): Float64Array {
    const { layout, space, slopes } = this;
    return space.lattice.device.heap.f64(this.pairs + p * layout.pairBytes + layout.gradient, 2 * slopes.length);
  }

  /** From derivatives with respect to what the kernels have, w^Q / sqrt(n) and J / T, to those with respect to parameters. */
  private inParameters(slopes: Float64Array, weight: number): void {
    const { layout, temperature } = this;
    const { shape, components } = layout;
    for (let l = 0; l < shape.layers; l++)
      for (let h = 0; h < shape.heads; h++)
        for (let n = 0; n <= shape.neighbours; n++) slopes[weightAt(shape, l, h, 0, n)]! /= Math.sqrt(components);
    for (let n = 0; n < shape.head; n++) slopes[couplingAt(shape, n)]! /= temperature;
    slopes[couplingAt(shape, shape.head)] = weight / temperature;
  }

  /** gradient += weight dS/dS_i of the first configuration, laid out as a spin field, after `values(1)`. */
  addDerivative(weight: number, gradient: Float64Array): void {
    this.pullBack(Float64Array.of(weight));
    const bars = this.space.lattice.device.heap.f64(this.work + this.layout.spinBars, 2 * gradient.length);
    for (let i = 0; i < gradient.length; i++) gradient[i]! += bars[2 * i]!;
  }

  private pullBack(weights: Float64Array): void {
    const { asked, kernels } = this;
    const { device } = this.space.lattice;
    const pairs = Math.ceil(asked / 2);
    const seeds = device.heap.f64(this.seeds, 2 * pairs);
    seeds.fill(0);
    seeds.set(weights.subarray(0, asked));
    device.run(kernels.pull, ITEMS_PER_PAIR * pairs, this.pairs, this.work, this.weights, this.seeds);
  }

  release(): void {
    const { heap } = this.space.lattice.device;
    for (const address of [this.spins, this.pairs, this.work, this.seeds]) heap.release(address);
  }
}
