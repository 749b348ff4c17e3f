import type { Device } from "../../../kernels/device.ts";
import type { Field } from "../../../lattice/field.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { shellsOf } from "../../../lattice/shells.ts";
import type { Configuration } from "../../../lattice/space.ts";
import { SpinSpace } from "../../../lattice/spins/spins.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { ModelBatch, SpinModel } from "../model.ts";
import { type Pairs, pairsOf } from "./pairs.ts";

/** Sums of S_i.S_j over the pairs of the shells 1 to n. */
export function pairSums(spins: ArrayLike<number>, extents: readonly number[], shells: number): Float64Array {
  return Float64Array.from({ length: shells }, (_, n) => {
    const { sites, coordination } = shellsOf(extents)[n + 1]!;
    let sum = 0;
    for (let k = 0; k < sites.length; k++) {
      const [i, j] = [Math.floor(k / coordination), sites[k]!];
      for (let a = 0; a < 3; a++) sum += spins[3 * i + a]! * spins[3 * j + a]!;
    }
    return sum / 2;
  });
}

/** Something simple enough to be trusted, whose loss a regression must bring down. */
export interface Toy extends SpinModel {
  readonly space: SpinSpace;
}

export interface ToyOptions {
  readonly temperature?: number;
  readonly shells?: number;
  /** H_eff = E_0 - sum J_n C_n, or the same with J_1 C_1 replaced by tanh(J_1 C_1): no longer linear. */
  readonly bent?: boolean;
  /** Planted: the gradient of J_1 with the wrong sign. */
  readonly wrong?: boolean;
}

/** A model of pair sums on a small lattice of O(3) spins, with parameters J_1 ... J_n, E_0. */
export function toyModel(device: Device, extents: readonly number[], options: ToyOptions = {}): Toy {
  const { temperature = 0.1, shells = 2, bent = false, wrong = false } = options;
  const space = new SpinSpace(new Lattice(device, extents), "O(3)");
  const parameters = new Float64Array(shells + 1);
  const value = (spins: ArrayLike<number>, gradient?: (i: number, by: number) => void): number => {
    const sums = pairSums(spins, extents, shells);
    let h = parameters[shells]!;
    sums.forEach((c, n) => {
      const plain = parameters[n]! * c;
      const curved = bent && n === 0;
      h -= curved ? Math.tanh(plain) : plain;
      gradient?.(n, ((wrong && n === 0 ? 1 : -1) * c * (curved ? 1 - Math.tanh(plain) ** 2 : 1)) / temperature);
    });
    gradient?.(shells, 1 / temperature);
    return h / temperature;
  };
  const absent = () => {
    throw new TypeError("the toy has no force");
  };
  return {
    space,
    temperature,
    parameters,
    layout: [
      { name: "J", shape: [shells] },
      { name: "E0", shape: [] },
    ],
    assign() {},
    value: (c: Configuration) => value(c.field.view()),
    valuesAt: (c, temperatures) => Float64Array.from(temperatures, (t) => (value(c.field.view()) * temperature) / t),
    addForce: absent,
    addDerivative: absent,
    batch(capacity): ModelBatch {
      const { heap } = device;
      const { length } = space;
      const spins = heap.allocate(8 * capacity * length);
      const values = new Float64Array(capacity);
      let count = 0;
      const each = (b: number) => heap.f64(spins + 8 * b * length, length);
      return {
        capacity,
        spins,
        values(n) {
          count = n;
          for (let b = 0; b < n; b++) values[b] = value(each(b));
          return values;
        },
        pull(weights, gradient) {
          for (let b = 0; b < count; b++)
            value(each(b), (i, by) => {
              gradient[i]! += weights[b]! * by;
            });
        },
        release: () => heap.release(spins),
      };
    },
  };
}

/** Uniformly random spins, written into `field`. */
export function randomSpins(field: Field, seed: string, index: number): void {
  const spins = field.view();
  const stream = addressedRng(seed).at("spins", index);
  for (let i = 0; i < spins.length; i += 3) {
    const [x, y, z] = [stream.normal(), stream.normal(), stream.normal()];
    const scale = 1 / Math.hypot(x, y, z);
    spins.set([x * scale, y * scale, z * scale], i);
  }
}

/** Random configurations with the action that `model` has for them, and normal noise. */
export function pairsFrom(model: Toy, count: number, noise = 0, seed = "pairs"): Pairs {
  const field = model.space.field();
  const configurations = new Float64Array(count * field.length);
  const values = new Float64Array(count);
  const stream = addressedRng(seed).at("noise", 0);
  for (let i = 0; i < count; i++) {
    randomSpins(field, seed, i);
    configurations.set(field.view(), i * field.length);
    values[i] = model.value({ space: model.space, field, auxiliary: new Map() }) + noise * stream.normal();
  }
  field.release();
  return pairsOf(configurations, values);
}

/** The golden configuration with offset m: z = 1 - 2 frac(0.618.. k), phi = 2 pi frac(0.414.. k), k = i + 1 + offset. */
export function goldenSpins(volume: number, offset: number): Float64Array {
  const frac = (x: number) => x - Math.floor(x);
  const spins = new Float64Array(3 * volume);
  for (let i = 0; i < volume; i++) {
    const m = i + 1 + offset;
    const z = 1 - 2 * frac(0.6180339887498949 * m);
    const phi = 2 * Math.PI * frac(0.4142135623730951 * m);
    const r = Math.sqrt(1 - z * z);
    spins.set([r * Math.cos(phi), r * Math.sin(phi), z], 3 * i);
  }
  return spins;
}
