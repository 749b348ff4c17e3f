import type { Field } from "../../../../lattice/field.ts";
import { shellCount } from "../../../../lattice/shells.ts";
import type { Configuration } from "../../../../lattice/space.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { ParameterBlock } from "../../../../physics/maps/field-map.ts";
import { forceOf } from "../../../../physics/spins/force.ts";
import type { LocalAction, SpinChain } from "../../../../physics/spins/spin-action.ts";
import type { ModelBatch, SpinModel, StoredBlock } from "../../model.ts";
import { TransformerBatch } from "./batch.ts";
import { grown, storedTransformer } from "./grow.ts";
import { layoutOf, parameterCount, type TransformerShape } from "./shape.ts";
import { SingleConfiguration } from "./single.ts";
import { type StartOptions, startOf } from "./start.ts";

export interface TransformerOptions extends TransformerShape {
  /** T, in the unit of the energies. */
  readonly temperature: number;
  /** Where the parameters start: all of them in their order, or how they are drawn. */
  readonly start: Float64Array | StartOptions;
}

/**
 * The equivariant Transformer of Y. Nagai and A. Tomiya (arXiv:2306.11527), S_eff = H_eff / T. With X = S at first, each of L
 * layers makes
 *
 *   A^r_i = sum_n w^r_n sum_{j in shell n of i} X_j,  r = Q, K, V, n = 0 (the site itself) to n_max,
 *   Y_i = X_i + sum over heads of sum_j P_ij V_j,  P = max(G, 0) or a G + b G^2,  G_ij = Q_i.K_j / sqrt(components),
 *   X_i <- Y_i / |Y_i|,
 *
 * and H_eff = E_0 - sum_(n <= n_h) J_n sum_<ij>_n X_i.X_j of the last spins. Scores are invariant when all spins are turned or
 * reflected and weights depend on the distance only, so the spins turn with S and H_eff has the symmetries of spins and lattice.
 *
 * XY and O(3) spins. The parameters do not depend on the lattice, which must have the shells; where a shell reaches half-way
 * round, it has fewer sites there (every distinct site counts once), so the same weight means less. Sums over j grow with the
 * volume, since no score is normalised by it. The order of the parameters is that of `layoutOf`.
 *
 * Throws a TypeError for Ising spins, a RangeError where the lattice has fewer shells or the number of parameters is another.
 */
export class EquivariantTransformer implements SpinModel {
  readonly space: SpinSpace;
  readonly shape: TransformerShape;
  readonly temperature: number;
  readonly parameters: Float64Array;
  readonly layout: readonly ParameterBlock[];
  private readonly single: SingleConfiguration;
  /** Stands where `local` was begun, whatever values are asked for meanwhile. */
  private readonly followed: SingleConfiguration;
  private readonly force: SpinModel["addForce"];
  private one: TransformerBatch | undefined;

  constructor(space: SpinSpace, { temperature, start, ...shape }: TransformerOptions) {
    refuse(space, shape);
    this.space = space;
    this.shape = shape;
    this.temperature = temperature;
    this.layout = layoutOf(shape);
    const count = parameterCount(shape);
    if (start instanceof Float64Array && start.length !== count)
      throw new RangeError(`equivariant-transformer: ${start.length} parameters given, this one has ${count}`);
    this.parameters = start instanceof Float64Array ? start.slice() : startOf(shape, start);
    this.single = new SingleConfiguration(space, shape);
    this.force = forceOf(space, (c, weight, gradient) => this.addDerivative(c, weight, gradient));
    this.followed = new SingleConfiguration(space, shape, this.single);
    this.assign();
  }

  assign(): void {
    this.single.assign(this.parameters, this.temperature);
  }

  grow(stored: readonly StoredBlock[]): void {
    const { shape, parameters } = storedTransformer(stored);
    this.parameters.set(grown(shape, parameters, this.shape, { seed: "grow" }));
    this.assign();
  }

  private get constant(): number {
    return this.parameters[this.parameters.length - 1]! / this.temperature;
  }

  value(c: Configuration): number {
    return this.single.value(c) + this.constant;
  }

  valuesAt(c: Configuration, temperatures: readonly number[]): Float64Array {
    const value = this.value(c);
    return Float64Array.from(temperatures, (t) => (value * this.temperature) / t);
  }

  at(temperature: number): EquivariantTransformer {
    return new EquivariantTransformer(this.space, { ...this.shape, temperature, start: this.parameters });
  }

  get local(): LocalAction {
    return this.followed;
  }

  metropolis(c: Configuration, chain: SpinChain): number {
    return this.single.metropolis(c, chain);
  }

  /** X^(L), the spins behind the last layer, laid out as a spin field. */
  spinsBehind(c: Configuration): Float64Array {
    this.single.value(c);
    return this.single.spinsBehind();
  }

  addDerivative(c: Configuration, weight: number, gradient: Field): void {
    this.one ??= this.make(1);
    const { heap } = this.space.lattice.device;
    heap.f64(this.one.spins, this.space.length).set(c.field.view());
    this.one.values(1);
    this.one.addDerivative(weight, gradient.view());
  }

  addForce(c: Configuration, weight: number, p: Field): void {
    this.force(c, weight, p);
  }

  batch(capacity: number): ModelBatch {
    return this.make(capacity);
  }

  private make(capacity: number): TransformerBatch {
    return new TransformerBatch(this.space, this.single, this.parameters, this.temperature, capacity);
  }
}

function refuse({ spins, lattice }: SpinSpace, { neighbours, head, layers }: TransformerShape): void {
  if (spins === "Ising")
    throw new TypeError(
      "equivariant-transformer turns spins and takes XY or O(3) spins; for Ising spins take linear-spins",
    );
  const count = shellCount(lattice.extents);
  for (const [name, n, least] of [
    ["neighbours", layers > 0 ? neighbours : 0, 0],
    ["head", head, 1],
  ] as const)
    if (!(Number.isInteger(n) && n >= least && n <= count))
      throw new RangeError(
        `equivariant-transformer: ${name} = ${n}; a lattice [${lattice.extents.join(", ")}] has ${count} shells, so give a whole number from ${least} to ${count}`,
      );
}

/** The Transformer on a space, see `EquivariantTransformer`. */
export const equivariantTransformer = (space: SpinSpace, options: TransformerOptions): EquivariantTransformer =>
  new EquivariantTransformer(space, options);
