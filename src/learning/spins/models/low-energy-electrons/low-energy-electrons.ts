import type { Field } from "../../../../lattice/field.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { ParameterBlock } from "../../../../physics/maps/field-map.ts";
import type { Couplings } from "../../../../physics/spins/actions/double-exchange/hamiltonian.ts";
import { lnWeight } from "../../../../physics/spins/actions/double-exchange/weight.ts";
import { forceOf } from "../../../../physics/spins/force.ts";
import type { LocalAction, SpinAction } from "../../../../physics/spins/spin-action.ts";
import type { ModelBatch, SpinModel } from "../../model.ts";
import { type LinearSpins, linearSpins } from "../linear-spins/linear-spins.ts";
import { localBy } from "./local.ts";
import { orbitalsNear } from "./orbitals.ts";
import { ProjectedElectrons } from "./projected.ts";

export interface LowEnergyElectronsOptions extends Couplings {
  readonly mu: number;
  readonly temperature: number;
  /** Orbitals of the hopping within this of mu are kept. */
  readonly window: number;
  /** Shells of neighbours with a coupling each. */
  readonly shells: number;
}

/**
 * An effective model of spins that electrons hop among: the electrons of the few orbitals near the Fermi energy, and a
 * coupling of pairs for all the others,
 *
 *   S_eff = -sum_k ln(1 + exp(-(e_k - mu)/T)) + (E_0 - sum_n J_n C_n)/T,  C_n = sum_<ij>_n S_i.S_j,
 *
 * e_k the levels in the space of those orbitals (projected.ts), whose coupling J to the spins is trained too. Orbitals far
 * away answer to the spins smoothly, to second order by pairs; those near mu do not: on an even torus at half filling 2 L - 2
 * of them lie at mu itself, and no finite number of spin products describes what they do at low temperature. What is
 * diagonalised has 2 m rows for m orbitals instead of 2 N.
 *
 * Its parameters are J, J_1 … J_shells, E_0. Throws a RangeError where no orbital lies in the window or the lattice has fewer shells.
 */
export class LowEnergyElectrons implements SpinModel {
  readonly temperature: number;
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  readonly addForce: SpinAction["addForce"];
  readonly local: LocalAction;
  /** Rows of the matrix that is diagonalised. */
  readonly rows: number;
  private readonly space: SpinSpace;
  private readonly options: LowEnergyElectronsOptions;
  private readonly electrons: ProjectedElectrons;
  private readonly pairs: LinearSpins;

  constructor(space: SpinSpace, options: LowEnergyElectronsOptions) {
    const { mu, window, shells, temperature, J } = options;
    this.space = space;
    this.options = options;
    this.temperature = temperature;
    this.electrons = new ProjectedElectrons(space, orbitalsNear(space, options, mu, window));
    this.rows = this.electrons.rows;
    this.pairs = linearSpins(space, { shells, temperature });
    this.parameters = Float64Array.of(J, ...this.pairs.parameters);
    this.layout = [
      { name: "coupling", shape: [1] },
      { name: "couplings", shape: [shells] },
      { name: "constant", shape: [1] },
    ];
    this.addForce = forceOf(space, (c, weight, gradient) => this.addDerivative(c, weight, gradient));
    this.local = localBy(space, (c) => this.value(c));
  }

  assign(): void {
    this.pairs.parameters.set(this.parameters.subarray(1));
    this.pairs.assign();
  }

  /** The coupling of the kept electrons to the spins. */
  private get coupling(): number {
    return this.parameters[0]!;
  }

  value(c: Configuration): number {
    const levels = this.electrons.levelsOf(c.field.view(), this.coupling);
    return this.pairs.value(c) - lnWeight(levels, 1 / this.temperature, this.options.mu);
  }

  valuesAt(c: Configuration, temperatures: readonly number[]): Float64Array {
    const levels = this.electrons.levelsOf(c.field.view(), this.coupling);
    const pairs = this.pairs.valuesAt(c, temperatures);
    return pairs.map((value, k) => value - lnWeight(levels, 1 / temperatures[k]!, this.options.mu));
  }

  at(temperature: number): LowEnergyElectrons {
    const made = new LowEnergyElectrons(this.space, { ...this.options, temperature });
    made.parameters.set(this.parameters);
    made.assign();
    return made;
  }

  addDerivative(c: Configuration, weight: number, gradient: Field): void {
    this.pairs.addDerivative(c, weight, gradient);
    const beta = 1 / this.temperature;
    this.electrons.addDerivative(c.field.view(), this.coupling, beta, this.options.mu, weight, gradient.view());
  }

  /** The configurations are diagonalised one after the other, by one worker. */
  batch(capacity: number): ModelBatch {
    const { electrons, space, parameters } = this;
    const { mu } = this.options;
    const beta = 1 / this.temperature;
    const pairs = this.pairs.batch(capacity);
    const size = parameters.length;
    const values = new Float64Array(capacity);
    const rows = new Float64Array(capacity * (size - 1));
    let asked = 0;
    const spins = (b: number) => space.lattice.device.heap.f64(pairs.spins + 8 * space.length * b, space.length);
    const slope = (b: number) => electrons.slope(spins(b), parameters[0]!, beta, mu).slope;
    return {
      capacity,
      spins: pairs.spins,
      values(count) {
        asked = count;
        values.set(pairs.values(count));
        for (let b = 0; b < count; b++) values[b]! -= lnWeight(electrons.levelsOf(spins(b), parameters[0]!), beta, mu);
        return values.subarray(0, count);
      },
      pull(weights, gradient) {
        pairs.pull(weights, gradient.subarray(1));
        for (let b = 0; b < asked; b++) gradient[0]! += weights[b]! * slope(b);
      },
      gradients(out) {
        pairs.gradients!(rows);
        for (let b = 0; b < asked; b++) {
          out[size * b] = slope(b);
          out.set(rows.subarray((size - 1) * b, (size - 1) * (b + 1)), size * b + 1);
        }
      },
      release: () => pairs.release(),
    };
  }
}
