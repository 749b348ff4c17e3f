/** Configurations with the exact action of each: what a regression learns from and is judged by. */
export interface Pairs {
  readonly count: number;
  /** Numbers of a configuration. */
  readonly length: number;
  /** The spins of pair i, laid out as a spin field; a view that is good until pairs are added. */
  spins(i: number): Float64Array;
  /** S of pair i. */
  value(i: number): number;
}

/** The newest pairs, up to `capacity` of them. Pair 0 is the oldest. */
export class PairBuffer implements Pairs {
  readonly capacity: number;
  readonly length: number;
  private readonly configurations: Float64Array;
  private readonly values: Float64Array;
  /** Pairs that were added, those that are gone included. */
  private seen = 0;

  constructor(capacity: number, length: number) {
    this.capacity = capacity;
    this.length = length;
    this.configurations = new Float64Array(capacity * length);
    this.values = new Float64Array(capacity);
  }

  get count(): number {
    return Math.min(this.seen, this.capacity);
  }

  /** Copies a pair in, in place of the oldest where there is no room. Throws a RangeError for an action that is not finite. */
  add(spins: Float64Array, value: number): void {
    if (spins.length !== this.length)
      throw new RangeError(`a configuration of ${spins.length} numbers among those of ${this.length}`);
    if (!Number.isFinite(value))
      throw new RangeError(`an action of ${value} cannot be learnt from: the target has no weight there`);
    const slot = this.seen % this.capacity;
    this.configurations.set(spins, slot * this.length);
    this.values[slot] = value;
    this.seen += 1;
  }

  spins(i: number): Float64Array {
    const at = this.slot(i) * this.length;
    return this.configurations.subarray(at, at + this.length);
  }

  value(i: number): number {
    return this.values[this.slot(i)]!;
  }

  private slot(i: number): number {
    return this.seen > this.capacity ? (this.seen + i) % this.capacity : i;
  }

  /** All pairs, oldest first, for checkpoints. */
  save(): { readonly spins: Float64Array; readonly values: Float64Array } {
    const { count, length } = this;
    const spins = new Float64Array(count * length);
    for (let i = 0; i < count; i++) spins.set(this.spins(i), i * length);
    return { spins, values: Float64Array.from({ length: count }, (_, i) => this.value(i)) };
  }

  /** In place of what is there; a buffer that has `save`d them goes on as the one that did. */
  restore(spins: Float64Array, values: Float64Array): void {
    if (values.length > this.capacity || spins.length !== values.length * this.length)
      throw new RangeError(
        `${values.length} actions and ${spins.length} numbers of spins do not fit a buffer of ${this.capacity} configurations of ${this.length}: they belong to another training or lattice`,
      );
    this.seen = 0;
    values.forEach((value, i) => {
      this.add(spins.subarray(i * this.length, (i + 1) * this.length), value);
    });
  }
}

/** Pairs in plain arrays, `length` numbers of spins each, one configuration after the other. */
export function pairsOf(configurations: Float64Array, values: Float64Array): Pairs {
  const count = values.length;
  const length = configurations.length / count;
  if (!Number.isInteger(length))
    throw new RangeError(`${configurations.length} numbers of spins are not ${count} configurations of one size`);
  return {
    count,
    length,
    spins: (i) => configurations.subarray(i * length, (i + 1) * length),
    value: (i) => values[i]!,
  };
}

/** Some of the pairs, in the order of `indices`. */
export const chosen = (pairs: Pairs, indices: ArrayLike<number>): Pairs => ({
  count: indices.length,
  length: pairs.length,
  spins: (i) => pairs.spins(indices[i]!),
  value: (i) => pairs.value(indices[i]!),
});
