import type { Field } from "../../../lattice/field.ts";
import type { TapeRecord } from "../record.ts";
import { type MatrixValue, type RealValue, ScalarValue } from "../values.ts";
import { linearKernels } from "./linear-kernels.ts";

type FieldValue = MatrixValue | RealValue;

/** Vecs of a block of a field. */
const vecs = (tape: TapeRecord, field: Field) => field.length / tape.space.lattice.volume;

/** A new field of the kind of another. */
export const newLike = (tape: TapeRecord, value: FieldValue): FieldValue =>
  value.kind === "matrix" ? tape.newMatrix() : tape.newReal(value.slots);

/** y = or += a x on fields of one kind. */
export function addScaled(tape: TapeRecord, y: Field, x: Field, a: number, write = false): void {
  const { device, blocks } = tape.space.lattice;
  const { scale, addScaled } = linearKernels(tape.space);
  device.run(write ? scale : addScaled, blocks, y.address, x.address, vecs(tape, y), a);
}

/** dS/ds of dS = <cotangent, x> ds: Re sum tr(G x) for matrices, sum g x for real numbers. */
function along(tape: TapeRecord, cotangent: Field, value: FieldValue): number {
  const { device, blocks, width } = tape.space.lattice;
  const { traceProduct, dot } = linearKernels(tape.space);
  const fields = [cotangent.address, value.field.address] as const;
  if (value.kind === "matrix") return device.sum(traceProduct, blocks, 1, width.lanes, ...fields)[0]!;
  return device.sum(dot, blocks, 1, width.lanes, ...fields, vecs(tape, cotangent))[0]!;
}

/** sum_i s_i x_i of fields of one kind. */
export function combineFields(tape: TapeRecord, terms: readonly (readonly [ScalarValue, FieldValue])[]): FieldValue {
  const first = terms[0]![1];
  for (const [, x] of terms)
    if (x.kind !== first.kind || x.field.length !== first.field.length)
      throw new TypeError(
        "combine: the fields differ; matrix fields, or real fields with the same slots, can be added",
      );
  const output = newLike(tape, first);
  terms.forEach(([s, x], i) => addScaled(tape, output.field, x.field, s.value, i === 0));
  return tape.record({
    inputs: terms.flat(),
    output,
    pull() {
      const g = output.cotangent!;
      for (const [s, x] of terms) {
        if (x.active) addScaled(tape, tape.cotangent(x), g, s.value);
        if (s.active) s.cotangent += along(tape, g, x);
      }
    },
  }) as FieldValue;
}

/** x y, number by number. */
export function multiplyReals(tape: TapeRecord, x: RealValue, y: RealValue): RealValue {
  if (x.slots !== y.slots) throw new TypeError(`times: real fields of ${x.slots} and ${y.slots} slots`);
  const { device, blocks } = tape.space.lattice;
  const { product, addProduct } = linearKernels(tape.space);
  const output = tape.newReal(x.slots);
  device.run(product, blocks, output.field.address, x.field.address, y.field.address, x.slots);
  const pullTo = (one: RealValue, other: RealValue) => {
    if (!one.active) return;
    const [to, g] = [tape.cotangent(one).address, output.cotangent!.address];
    device.run(addProduct, blocks, to, g, other.field.address, x.slots);
  };
  return tape.record({
    inputs: [x, y],
    output,
    pull() {
      pullTo(x, y);
      pullTo(y, x);
    },
  }) as RealValue;
}

/** The sum of all numbers of a real field, over slots and sites. */
export function sumOfReal(tape: TapeRecord, x: RealValue): ScalarValue {
  const { device, blocks, width } = tape.space.lattice;
  const { total, addNumber } = linearKernels(tape.space);
  const [value] = device.sum(total, blocks, 1, width.lanes, x.field.address, x.slots);
  const output = new ScalarValue(value!);
  return tape.record({
    inputs: [x],
    output,
    pull() {
      if (x.active) device.run(addNumber, blocks, tape.cotangent(x).address, x.slots, output.cotangent);
    },
  }) as ScalarValue;
}

/** A function of numbers, with its partial derivatives. */
export function scalarFunction(
  tape: TapeRecord,
  inputs: readonly ScalarValue[],
  value: number,
  derivatives: readonly number[],
): ScalarValue {
  const output = new ScalarValue(value);
  return tape.record({
    inputs,
    output,
    pull() {
      inputs.forEach((x, i) => {
        if (x.active) x.cotangent += output.cotangent * derivatives[i]!;
      });
    },
  }) as ScalarValue;
}
