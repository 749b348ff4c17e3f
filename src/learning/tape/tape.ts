import type { Field } from "../../lattice/field.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { Configuration } from "../../lattice/space.ts";
import type { DifferentiableAction } from "../../physics/action.ts";
import type { FieldMap } from "../../physics/maps/field-map.ts";
import { exponential, projected, rotated, smeared } from "./operations/exponential.ts";
import { actionOf, imageOf, type ParameterSlice } from "./operations/leaves.ts";
import { combineFields, multiplyReals, scalarFunction, sumOfReal } from "./operations/linear.ts";
import { applied, type PointwiseFunction } from "./operations/pointwise.ts";
import { runWords } from "./operations/words.ts";
import { TapeRecord } from "./record.ts";
import { MatrixValue, RealValue, ScalarValue, scalarOf, type Value } from "./values.ts";
import { WordProgram } from "./words/program.ts";
import { letter } from "./words/word.ts";

/** The programs of local products, by space and daggers. */
const products = new WeakMap<LinkSpace, Map<string, WordProgram>>();

/** Values of one kind, with factors. */
type Terms<V extends Value> = readonly (readonly [number | ScalarValue, V])[];

const isField = (x: Value): x is MatrixValue | RealValue => x.kind !== "scalar";

/** The fields of a word program, in its order. */
export interface WordInputs {
  readonly sources: readonly MatrixValue[];
  readonly reals?: readonly RealValue[];
  readonly constants?: readonly (number | ScalarValue)[];
}

/**
 * Reverse mode over whole-field operations. Every operation runs at once, in fields of the pool, and is written down;
 * `backward` goes back through the list and adds the derivatives of one value to fields and to a gradient of parameters.
 *
 *     const tape = new Tape(space, pool);
 *     const u = tape.input(links);
 *     const c = tape.words(staples, { sources: [u] });
 *     const image = tape.stout(c, u, tape.weight(parameters, 0));
 *     tape.backward(image, { seed: delta, into: [[u, result]], gradient });
 *
 * A value lives until the backward sweep has passed it (unless `keep`), or until `release()`; then the tape is empty and
 * may record again. The same operations again use the same memory, so nothing is allocated after the first time. Fields
 * given to the tape must stay as they are until then.
 */
export class Tape extends TapeRecord {
  /** Links, or any matrix field, of the caller. Not copied. */
  input(field: Field): MatrixValue {
    this.needs(field, this.space.length, "input");
    return this.leaf(new MatrixValue(field, "other"));
  }

  /** A real field of the caller, [block][slot][lane]. Not copied. */
  realInput(field: Field, slots: number): RealValue {
    this.needs(field, this.space.lattice.volume * slots, "realInput");
    return this.leaf(new RealValue(field, "other", slots));
  }

  /** Parameter number `index`; its derivative goes to the same index of the gradient. */
  weight(parameters: Float64Array, index: number): ScalarValue {
    if (!(index in parameters)) throw new RangeError(`weight: no parameter ${index}; there are ${parameters.length}`);
    return this.leaf(new ScalarValue(parameters[index]!, index));
  }

  private needs(field: Field, length: number, what: string): void {
    if (field.length !== length) throw new RangeError(`${what}: a field of ${field.length} numbers, not ${length}`);
  }

  /** The matrix field of a program of kind "sum". */
  words(program: WordProgram, inputs: WordInputs): MatrixValue {
    return this.program(program, inputs, "sum") as MatrixValue;
  }

  /** The real field of a program of kind "trace": slot s is the sum of Re tr of the words of list s. */
  traces(program: WordProgram, inputs: WordInputs): RealValue {
    return this.program(program, inputs, "trace") as RealValue;
  }

  private program(program: WordProgram, inputs: WordInputs, kind: WordProgram["kind"]): MatrixValue | RealValue {
    if (program.kind !== kind || program.space !== this.space)
      throw new TypeError(`tape: expected a program of kind "${kind}" on the space of the tape`);
    return runWords(this, program, { ...inputs, constants: inputs.constants?.map(scalarOf) });
  }

  /** op(a) op(b), link by link. */
  multiply(a: MatrixValue, b: MatrixValue, { daggerA = false, daggerB = false } = {}): MatrixValue {
    const known = products.get(this.space) ?? new Map<string, WordProgram>();
    products.set(this.space, known);
    const key = `${daggerA} ${daggerB}`;
    const lists = this.space.lattice.extents.map((_, mu) => [
      { letters: [letter(0, mu, [], daggerA), letter(1, mu, [], daggerB)] },
    ]);
    const program =
      known.get(key) ?? new WordProgram(this.space, "sum", { sources: 2, reals: [], constants: 0, lists });
    known.set(key, program);
    return this.words(program, { sources: [a, b] });
  }

  /** sum_i s_i x_i of values of one kind. */
  combine<V extends Value>(terms: Terms<V>): V {
    if (terms.length === 0) throw new TypeError("combine: no terms; there is no zero without a kind");
    const list = terms.map(([s, x]): readonly [ScalarValue, Value] => [scalarOf(s), x]);
    const fields = list.filter((term): term is readonly [ScalarValue, MatrixValue | RealValue] => isField(term[1]));
    if (fields.length === list.length) return combineFields(this, fields) as Value as V;
    const numbers = list.filter((term): term is readonly [ScalarValue, ScalarValue] => !isField(term[1]));
    if (numbers.length < list.length) throw new TypeError("combine: fields and numbers cannot be added");
    const value = numbers.reduce((sum, [s, x]) => sum + s.value * x.value, 0);
    const derivatives = numbers.flatMap(([s, x]) => [x.value, s.value]);
    return scalarFunction(this, numbers.flat(), value, derivatives) as Value as V;
  }

  /** The sum of values of one kind. */
  add<V extends Value>(...values: readonly V[]): V {
    return this.combine(values.map((x) => [1, x] as const));
  }

  /** s x; of two numbers their product. */
  scale<V extends Value>(x: V, s: number | ScalarValue): V {
    return this.combine<V>([[s, x]]);
  }

  /** TA(x) = (x - x^dagger)/2 less its trace part; for U(1) i Im x. */
  ta(x: MatrixValue): MatrixValue {
    return projected(this, x);
  }

  /** exp(TA(x)): the exponential of x where x is traceless and anti-Hermitian; other parts of x are projected away first. */
  exp(x: MatrixValue): MatrixValue {
    return exponential(this, x);
  }

  /** exp(TA(x)) u in one go. */
  expUpdate(x: MatrixValue, u: MatrixValue): MatrixValue {
    return rotated(this, x, u);
  }

  /** exp(TA(rho c u^dagger)) u in one go: a stout layer, given the sum c of open paths that run as u. */
  stout(c: MatrixValue, u: MatrixValue, rho: number | ScalarValue = 1): MatrixValue {
    return smeared(this, c, u, scalarOf(rho));
  }

  /** f(x), number by number. */
  apply(f: PointwiseFunction, x: RealValue): RealValue {
    return applied(this, f, x);
  }

  /** x y, number by number. */
  times(x: RealValue, y: RealValue): RealValue {
    return multiplyReals(this, x, y);
  }

  /** The sum over all slots and sites. */
  sum(x: RealValue): ScalarValue {
    return sumOfReal(this, x);
  }

  /** A function of numbers: its value and its partial derivatives there, one an input. */
  scalar(
    inputs: readonly ScalarValue[],
    f: (...x: number[]) => { readonly value: number; readonly derivatives: readonly number[] },
  ): ScalarValue {
    const { value, derivatives } = f(...inputs.map((x) => x.value));
    return scalarFunction(this, inputs, value, derivatives);
  }

  /** x^2 */
  square(x: ScalarValue): ScalarValue {
    return this.scalar([x], (value) => ({ value: value * value, derivatives: [2 * value] }));
  }

  /** S of the links u, with the auxiliary fields of the configuration. */
  action(u: MatrixValue, action: DifferentiableAction, configuration: Configuration): ScalarValue {
    return actionOf(this, u, action, configuration);
  }

  /** The image of u under a map; with `slice` its parameters are that part of the caller's, and are differentiated. */
  map(u: MatrixValue, map: FieldMap, slice?: ParameterSlice): MatrixValue {
    return imageOf(this, u, map, slice);
  }

  /**
   * Takes a derivative with respect to the matrix field `output` back to `input`, in place (`Image.pull` of a map): `delta`
   * holds dS/doutput before and dS/dinput after, dS/dparameters is added to `gradient`. All values are kept.
   */
  pull(output: MatrixValue, input: MatrixValue, delta: Field, gradient?: Float64Array): void {
    const seed = this.pool.borrow(delta.length);
    seed.assign(delta);
    delta.zero();
    try {
      this.backward(output, { seed, into: [[input, delta]], ...(gradient ? { gradient } : {}), keep: true });
    } finally {
      this.pool.giveBack(seed);
    }
  }
}
