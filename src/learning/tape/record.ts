import type { Field } from "../../lattice/field.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { FieldPool } from "./pool.ts";
import { MatrixValue, RealValue, type Value } from "./values.ts";

/** One operation that was done: what it read, what it gave, and its pull-back. */
export interface Step {
  readonly inputs: readonly Value[];
  readonly output: Value;
  /**
   * Adds to the cotangents of the active inputs (`record.cotangent`, and `.cotangent` of scalars) what the cotangent of the
   * output makes of them. `gradient` is that of the parameters, where it is wanted.
   */
  pull(gradient: Float64Array | undefined): void;
  /** Has parameters of its own, which it adds to the gradient itself. */
  readonly parametric?: boolean;
  /** Gives back what the step keeps besides its output. */
  free?(): void;
}

export interface SweepOptions {
  /**
   * The cotangent of the output that the sweep begins with: a number for a scalar (1 by default), a field in the layout of
   * the output otherwise. It is copied.
   */
  readonly seed?: number | Field;
  /** Inputs whose cotangents are wanted, each with the field it is added to. */
  readonly into?: readonly (readonly [MatrixValue | RealValue, Field])[];
  /** The derivatives with respect to the parameters are added here, each at the index of its parameter. */
  readonly gradient?: Float64Array;
  /** Keeps the values, so that other sweeps can follow; by default they are freed as the sweep passes them. */
  readonly keep?: boolean;
}

/** The list of the steps that were done, and the sweep back through it. `Tape` adds the operations. */
export class TapeRecord {
  readonly space: LinkSpace;
  readonly pool: FieldPool;
  private readonly steps: Step[] = [];
  private readonly leaves: Value[] = [];

  constructor(space: LinkSpace, pool: FieldPool = new FieldPool(space.lattice.device)) {
    this.space = space;
    this.pool = pool;
  }

  /** How many steps are recorded. */
  get length(): number {
    return this.steps.length;
  }

  /** A matrix field of the pool, for the result of a step. */
  newMatrix(): MatrixValue {
    return new MatrixValue(this.pool.borrow(this.space.length), "pool");
  }

  /** A real field of the pool. */
  newReal(slots: number): RealValue {
    return new RealValue(this.pool.borrow(this.space.lattice.volume * slots), "pool", slots);
  }

  leaf<V extends Value>(value: V): V {
    this.leaves.push(value);
    return value;
  }

  record<S extends Step>(step: S): S["output"] {
    this.steps.push(step);
    return step.output;
  }

  /** The field that the cotangent of a value is added to, zeros at first. */
  cotangent(value: MatrixValue | RealValue): Field {
    return (value.cotangent ??= this.pool.borrowZero(value.field.length));
  }

  /** The cotangent of a value that may not be wanted: then a field of any content, to be given back by `endScrap`. */
  cotangentOrScrap(value: MatrixValue | RealValue): { readonly field: Field; readonly end: () => void } {
    if (value.active) return { field: this.cotangent(value), end: () => {} };
    const field = this.pool.borrow(value.field.length);
    return { field, end: () => this.pool.giveBack(field) };
  }

  /**
   * The sweep: carries the cotangent of `output` back through the steps. Values are freed once their step is passed, which
   * ends the tape (it can record anew), unless `keep` is set. Throws a TypeError for a seed that does not fit or a wanted
   * value that is no input, and whatever an action throws in its derivative: then `release()` gives back what is left.
   */
  backward(output: Value, options: SweepOptions = {}): void {
    const { into = [], gradient, keep = false } = options;
    this.activate(into, gradient !== undefined);
    try {
      for (const [value, field] of into) value.cotangent = field;
      this.plant(output, options.seed);
      for (let i = this.steps.length - 1; i >= 0; i--) {
        const step = this.steps[i]!;
        if (step.output.active && hasCotangent(step.output)) step.pull(gradient);
        this.endCotangent(step.output);
        if (!keep) this.endStep(this.steps.pop()!);
      }
      if (gradient)
        for (const leaf of this.leaves)
          if (leaf.kind === "scalar" && leaf.parameter !== undefined) gradient[leaf.parameter]! += leaf.cotangent;
    } finally {
      for (const [value] of into) value.cotangent = undefined;
      for (const step of this.steps) this.endCotangent(step.output);
      for (const leaf of this.leaves) this.endCotangent(leaf);
    }
    if (!keep) this.release();
  }

  /** Marks what the sweep has to reach: all on the way from a wanted input or parameter. */
  private activate(into: NonNullable<SweepOptions["into"]>, parameters: boolean): void {
    const wanted = new Set<Value>(into.map(([value]) => value));
    for (const leaf of this.leaves) leaf.active = leaf.kind === "scalar" ? parameters : wanted.delete(leaf);
    for (const { inputs, output, parametric } of this.steps)
      output.active = inputs.some(({ active }) => active) || (parameters && parametric === true);
    if (wanted.size > 0) throw new TypeError("backward: `into` names a value that is no input of this tape");
  }

  private plant(output: Value, seed: number | Field = 1): void {
    if (output.kind === "scalar") {
      if (typeof seed !== "number") throw new TypeError("backward: the output is a number; its seed must be one");
      output.cotangent += seed;
      return;
    }
    if (typeof seed === "number" || seed.length !== output.field.length)
      throw new TypeError(
        `backward: the output is a field of ${output.field.length} numbers; give its cotangent, a field like it, as seed`,
      );
    if (!output.active) return;
    const { cotangent } = output;
    if (!cotangent) (output.cotangent = this.pool.borrow(seed.length)).assign(seed);
    else {
      const [to, from] = [cotangent.view(), seed.view()];
      for (let i = 0; i < to.length; i++) to[i]! += from[i]!;
    }
  }

  private endCotangent(value: Value): void {
    if (value.kind === "scalar") value.cotangent = 0;
    else if (value.cotangent) {
      this.pool.giveBack(value.cotangent);
      value.cotangent = undefined;
    }
  }

  private endStep(step: Step): void {
    step.free?.();
    const { output } = step;
    if (output.kind === "scalar" || output.isGone) return;
    if (output.owner === "pool") this.pool.giveBack(output.field);
    output.end();
  }

  /** Frees all values and forgets all steps: the tape can record anew. Its pool keeps the memory for the next time. */
  release(): void {
    for (let i = this.steps.length - 1; i >= 0; i--) this.endStep(this.steps[i]!);
    for (const leaf of this.leaves) if (leaf.kind !== "scalar") leaf.end();
    this.steps.length = 0;
    this.leaves.length = 0;
  }
}

const hasCotangent = (value: Value) =>
  value.kind === "scalar" ? value.cotangent !== 0 : value.cotangent !== undefined;
