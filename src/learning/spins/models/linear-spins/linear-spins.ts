import type { Field } from "../../../../lattice/field.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { ParameterBlock } from "../../../../physics/maps/field-map.ts";
import type { LocalAction, SpinCouplings } from "../../../../physics/spins/spin-action.ts";
import type { ModelBatch, SpinModel } from "../../model.ts";
import { modelForce } from "../../model-force.ts";
import { LinearLocal } from "./local.ts";
import { PairSums } from "./pair-sums.ts";

export interface LinearSpinsOptions {
  /** Shells of neighbours with a coupling each. */
  readonly shells: number;
  /** T, in the unit of the energies. */
  readonly temperature: number;
  /** J_1 … J_shells. Default 0. */
  readonly J?: readonly number[];
}

/**
 * The linear effective model of spins, S_eff = H_eff / T with
 *
 *   H_eff = E_0 - sum_n J_n C_n,  C_n = sum_<ij>_n S_i.S_j,
 *
 * shell n by the distance over the shortest way round, every unordered pair once (J. Liu, H. Shen, Y. Qi, Z. Y. Meng,
 * L. Fu, Phys. Rev. B 95 (2017) 241104). Signs, XY and O(3) spins on any lattice. Its parameters are J_1 … J_n, E_0; it is
 * linear in them, so that least squares find them at once (`fitCouplings`).
 *
 * Throws a RangeError where the lattice has fewer shells, or the number of J is another.
 */
export class LinearSpins implements SpinModel {
  readonly space: SpinSpace;
  readonly temperature: number;
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  /** K_n = J_n / T, those of the parameters last assigned. */
  readonly couplings: SpinCouplings;
  readonly local: LocalAction;
  private readonly sums: PairSums;
  private readonly work: number;
  private readonly slopes: Float64Array;

  constructor(space: SpinSpace, { shells, temperature, J }: LinearSpinsOptions) {
    if (J && J.length !== shells)
      throw new RangeError(`linear-spins: ${J.length} couplings J for ${shells} shells; give one a shell`);
    this.space = space;
    this.temperature = temperature;
    this.sums = new PairSums(space, shells, "linear-spins");
    this.layout = [
      { name: "couplings", shape: [shells] },
      { name: "constant", shape: [1] },
    ];
    this.parameters = Float64Array.of(...(J ?? new Array<number>(shells).fill(0)), 0);
    const field = new Array<number>(space.components).fill(0);
    this.couplings = { shells: new Float64Array(shells), square: 0, field };
    this.slopes = new Float64Array(shells);
    this.work = space.lattice.device.heap.allocate(8 * shells);
    this.local = new LinearLocal(space, this.couplings.shells);
    this.assign();
  }

  get shells(): number {
    return this.sums.shells;
  }

  assign(): void {
    this.couplings.shells.forEach((_, n) => (this.couplings.shells[n] = this.parameters[n]! / this.temperature));
  }

  /** C_1 … C_n of a configuration. */
  pairSums(c: Configuration): Float64Array {
    this.sums.write(c.field.address, 1, this.work);
    return this.space.lattice.device.heap.f64(this.work, this.shells).slice();
  }

  value(c: Configuration): number {
    return this.energy(this.pairSums(c), 0) / this.temperature;
  }

  valuesAt(c: Configuration, temperatures: readonly number[]): Float64Array {
    const energy = this.energy(this.pairSums(c), 0);
    return Float64Array.from(temperatures, (t) => energy / t);
  }

  addDerivative(c: Configuration, weight: number, gradient: Field): void {
    this.slopes.forEach((_, n) => (this.slopes[n] = -weight * this.couplings.shells[n]!));
    this.sums.addDerivative(c.field.address, this.slopes, gradient.address);
  }

  addForce(c: Configuration, weight: number, p: Field): void {
    modelForce(this.space, this, c, weight, p);
  }

  /** H_eff from the sums C_n at [at + n - 1]. */
  private energy(sums: Float64Array, at: number): number {
    let energy = this.parameters[this.shells]!;
    for (let n = 0; n < this.shells; n++) energy -= this.parameters[n]! * sums[at + n]!;
    return energy;
  }

  batch(capacity: number): ModelBatch {
    const { shells, space, sums, temperature } = this;
    const { heap } = space.lattice.device;
    const spins = heap.allocate(8 * space.length * capacity);
    const features = heap.allocate(8 * shells * capacity);
    const values = new Float64Array(capacity);
    let asked = 0;
    return {
      capacity,
      spins,
      values: (count) => {
        asked = count;
        sums.write(spins, count, features);
        const rows = heap.f64(features, shells * count);
        for (let b = 0; b < count; b++) values[b] = this.energy(rows, shells * b) / temperature;
        return values.subarray(0, count);
      },
      pull: (weights, gradient) => {
        const rows = heap.f64(features, shells * asked);
        for (let b = 0; b < asked; b++) {
          const weight = weights[b]! / temperature;
          for (let n = 0; n < shells; n++) gradient[n]! -= weight * rows[shells * b + n]!;
          gradient[shells]! += weight;
        }
      },
      release: () => {
        heap.release(spins);
        heap.release(features);
      },
    };
  }
}

/** The linear model on a space, see `LinearSpins`. */
export const linearSpins = (space: SpinSpace, options: LinearSpinsOptions): LinearSpins =>
  new LinearSpins(space, options);
