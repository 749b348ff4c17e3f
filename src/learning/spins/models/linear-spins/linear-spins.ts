import type { Field } from "../../../../lattice/field.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { ParameterBlock } from "../../../../physics/maps/field-map.ts";
import { type PairAction, pairAction } from "../../../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { LocalAction, SpinCouplings } from "../../../../physics/spins/spin-action.ts";
import type { ModelBatch, SpinModel } from "../../model.ts";
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
  readonly shells: number;
  /** The pairs, without E_0. */
  private readonly pairs: PairAction;
  private readonly sums: PairSums;
  private readonly work: number;

  constructor(space: SpinSpace, { shells, temperature, J }: LinearSpinsOptions) {
    if (J && J.length !== shells)
      throw new RangeError(`linear-spins: ${J.length} couplings J for ${shells} shells; give one a shell`);
    this.space = space;
    this.shells = shells;
    this.temperature = temperature;
    this.sums = new PairSums(space, shells, "linear-spins");
    this.layout = [
      { name: "couplings", shape: [shells] },
      { name: "constant", shape: [1] },
    ];
    this.parameters = Float64Array.of(...(J ?? new Array<number>(shells).fill(0)), 0);
    this.pairs = pairAction(space, { shells: this.parameters.subarray(0, shells) }, temperature, "linear-spins");
    this.work = space.lattice.device.heap.allocate(8 * shells);
  }

  /** K_n = J_n / T, those of the parameters last assigned. */
  get couplings(): SpinCouplings {
    return this.pairs.couplings;
  }

  get local(): LocalAction {
    return this.pairs.local;
  }

  assign(): void {
    const { shells } = this.couplings;
    for (const n of shells.keys()) shells[n] = this.parameters[n]! / this.temperature;
  }

  /** C_1 … C_n of a configuration. */
  pairSums(c: Configuration): Float64Array {
    this.sums.write(c.field.address, 1, this.work);
    return this.space.lattice.device.heap.f64(this.work, this.shells).slice();
  }

  value(c: Configuration): number {
    return this.pairs.value(c) + this.parameters[this.shells]! / this.temperature;
  }

  valuesAt(c: Configuration, temperatures: readonly number[]): Float64Array {
    const energy = this.value(c) * this.temperature;
    return Float64Array.from(temperatures, (t) => energy / t);
  }

  at(temperature: number): LinearSpins {
    const made = new LinearSpins(this.space, { shells: this.shells, temperature });
    made.parameters.set(this.parameters);
    made.assign();
    return made;
  }

  addDerivative(c: Configuration, weight: number, gradient: Field): void {
    this.pairs.addDerivative(c, weight, gradient);
  }

  addForce(c: Configuration, weight: number, p: Field): void {
    this.pairs.addForce(c, weight, p);
  }

  batch(capacity: number): ModelBatch {
    const { shells, space, sums, temperature, parameters } = this;
    const { heap } = space.lattice.device;
    const spins = heap.allocate(8 * space.length * capacity);
    const features = heap.allocate(8 * shells * capacity);
    const values = new Float64Array(capacity);
    let asked = 0;
    const rows = () => heap.f64(features, shells * asked);
    return {
      capacity,
      spins,
      values: (count) => {
        asked = count;
        sums.write(spins, count, features);
        const c = rows();
        for (let b = 0; b < count; b++) {
          let energy = parameters[shells]!;
          for (let n = 0; n < shells; n++) energy -= parameters[n]! * c[shells * b + n]!;
          values[b] = energy / temperature;
        }
        return values.subarray(0, count);
      },
      pull: (weights, gradient) => {
        const c = rows();
        for (let b = 0; b < asked; b++) {
          const weight = weights[b]! / temperature;
          for (let n = 0; n < shells; n++) gradient[n]! -= weight * c[shells * b + n]!;
          gradient[shells]! += weight;
        }
      },
      gradients: (out) => {
        const c = rows();
        for (let b = 0; b < asked; b++) {
          for (let n = 0; n < shells; n++) out[(shells + 1) * b + n] = -c[shells * b + n]! / temperature;
          out[(shells + 1) * b + shells] = 1 / temperature;
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
