import { expect } from "vitest";
import { Field } from "../../lattice/field.ts";
import { addForceOfDerivative } from "../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { FieldPool } from "./pool.ts";
import { Tape } from "./tape.ts";
import type { MatrixValue, RealValue, ScalarValue } from "./values.ts";
import { WordProgram } from "./words/program.ts";
import { letter } from "./words/word.ts";

/** The numbers that a function of a test depends on. */
export interface Inputs {
  readonly matrices: readonly MatrixValue[];
  readonly reals: readonly RealValue[];
  readonly weights: readonly ScalarValue[];
  /** What the weights are taken from. */
  readonly parameters: Float64Array;
}

/** A function on the tape, and what it is a function of. */
export interface Example {
  readonly name: string;
  /** Number of matrix fields; by default one. */
  readonly matrices?: number;
  /** Slots of every real field. */
  readonly reals?: readonly number[];
  readonly weights?: readonly number[];
  /** Typical size of the entries of the matrices, 1 by default. */
  readonly size?: number;
  /** Links in place of a random first matrix field; they move within the group. */
  readonly links?: (space: LinkSpace) => Field;
  run(tape: Tape, inputs: Inputs): ScalarValue;
}

const normals = (field: Field, name: string, size = 1): Field => {
  const stream = addressedRng("tape").at(name, 0);
  const view = field.view();
  for (let i = 0; i < view.length; i++) view[i] = size * stream.normal();
  return field;
};

export const randomMatrix = (space: LinkSpace, name: string, size = 1) =>
  normals(new Field(space.lattice.device, space.length), name, size);

export const randomReal = (space: LinkSpace, slots: number, name: string) =>
  normals(new Field(space.lattice.device, space.lattice.volume * slots), name);

const probes = new WeakMap<LinkSpace, WordProgram>();

/** Re sum tr(K x) with random K: a number in which every entry of x matters. */
export function probe(tape: Tape, x: MatrixValue): ScalarValue {
  const { space } = tape;
  const lists = [space.lattice.extents.map((_, mu) => ({ letters: [letter(0, mu), letter(1, mu)] }))];
  const program = probes.get(space) ?? new WordProgram(space, "trace", { sources: 2, reals: [], constants: 0, lists });
  probes.set(space, program);
  return tape.sum(tape.traces(program, { sources: [tape.input(constant(space, space.length)), x] }));
}

/** sum k x with random k. */
export const realProbe = (tape: Tape, x: RealValue): ScalarValue =>
  tape.sum(tape.times(tape.realInput(constant(tape.space, x.field.length), x.slots), x));

const constants = new WeakMap<LinkSpace, Map<number, Field>>();
function constant(space: LinkSpace, length: number): Field {
  const known = constants.get(space) ?? new Map<number, Field>();
  constants.set(space, known);
  const field = known.get(length) ?? normals(new Field(space.lattice.device, length), `probe ${length}`);
  known.set(length, field);
  return field;
}

const STEP = 4e-4;

/**
 * The largest error of a derivative of an example, relative to the size of the gradient: the pull-back of every input
 * and parameter against fourth-order differences along random directions.
 */
export function errorsOf(space: LinkSpace, example: Example): { readonly what: string; readonly error: number }[] {
  const { matrices = 1, reals = [], weights = [], size = 1, links } = example;
  const fields = Array.from({ length: matrices }, (_, i) =>
    i === 0 && links ? links(space) : randomMatrix(space, `matrix ${i}`, size),
  );
  const realFields = reals.map((slots, i) => randomReal(space, slots, `real ${i}`));
  const parameters = Float64Array.from(weights);
  const pool = new FieldPool(space.lattice.device);
  const start = () => {
    const tape = new Tape(space, pool);
    const inputs: Inputs = {
      matrices: fields.map((f) => tape.input(f)),
      reals: realFields.map((f, i) => tape.realInput(f, reals[i]!)),
      weights: weights.map((_, i) => tape.weight(parameters, i)),
      parameters,
    };
    return { tape, inputs, output: example.run(tape, inputs) };
  };
  const value = () => {
    const { tape, output } = start();
    tape.release();
    return output.value;
  };
  const { tape, inputs, output } = start();
  const all = [...inputs.matrices, ...inputs.reals];
  const into = all.map((v) => [v, new Field(space.lattice.device, v.field.length)] as const);
  const gradient = new Float64Array(weights.length);
  tape.backward(output, { into, gradient });
  expect(pool.lent).toBe(0);
  const { n } = space.group;
  const { lanes } = space.lattice.geometry;
  const errors = [...fields, ...realFields].map((field, f) => {
    const what = f < fields.length ? `matrix ${f}` : `real ${f - fields.length}`;
    const gradientField = into[f]![1];
    if (f === 0 && links) return { what, error: errorAlongGroup(space, field, gradientField, value) };
    const direction = normals(new Field(space.lattice.device, field.length), `direction ${f}`);
    const [v, g] = [direction.view().slice(), gradientField.view().slice()];
    direction.release();
    const base = field.view().slice();
    const differences = fourthOrder((h) => {
      const view = field.view();
      base.forEach((x, i) => {
        view[i] = x + h * v[i]!;
      });
      const there = value();
      field.view().set(base);
      return there;
    });
    const along = f < fields.length ? realTrace(g, v, n, lanes) : dot(g, v);
    return { what, error: relative(along, differences, Math.sqrt(dot(g, g))) };
  });
  const gradientSize = Math.hypot(...gradient);
  parameters.forEach((w, i) => {
    const differences = fourthOrder((h) => {
      parameters[i] = w + h;
      const there = value();
      parameters[i] = w;
      return there;
    });
    errors.push({ what: `weight ${i}`, error: relative(gradient[i]!, differences, gradientSize) });
  });
  for (const field of [...fields, ...realFields, ...into.map(([, f]) => f)]) field.release();
  pool.release();
  return errors;
}

/** The same along a direction of the momenta, for links that must stay in the group. */
function errorAlongGroup(space: LinkSpace, u: Field, delta: Field, value: () => number): number {
  const [f, p] = [space.momenta(), space.momenta()];
  addForceOfDerivative(space, u, delta, 1, f);
  space.drawMomenta(p, addressedRng("tape direction"), 0);
  const base = u.view().slice();
  const differences = fourthOrder((h) => {
    space.drift(u, p, h);
    const there = value();
    u.view().set(base);
    return there;
  });
  const [force, direction] = [f.view().slice(), p.view().slice()];
  for (const field of [f, p]) field.release();
  return relative(-dot(force, direction), differences, Math.sqrt(dot(force, force)));
}

/** A derivative that is zero where it should not be has no size, and is as wrong as can be. */
const relative = (exact: number, differences: number, scale: number) =>
  scale > 0 ? Math.abs(exact - differences) / scale : differences === 0 ? 0 : 1;

const fourthOrder = (at: (h: number) => number) =>
  (8 * (at(STEP) - at(-STEP)) - (at(2 * STEP) - at(-2 * STEP))) / (12 * STEP);

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Re sum tr(a b) of two matrix fields. */
function realTrace(a: Float64Array, b: Float64Array, n: number, lanes: number): number {
  let sum = 0;
  for (let start = 0; start < a.length; start += 2 * n * n * lanes)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let lane = 0; lane < lanes; lane++) {
          const p = start + 2 * (i * n + j) * lanes + lane;
          const q = start + 2 * (j * n + i) * lanes + lane;
          sum += a[p]! * b[q]! - a[p + lanes]! * b[q + lanes]!;
        }
  return sum;
}
