/** Numbers under names: how tuned things go into checkpoints. JSON holds every one of them exactly, but -0 (see `settle`). */
export type FlatRecord = Readonly<Record<string, number>>;

/** An array of numbers with a name and a shape, row-major: how they go into files of weights. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** `data` as name.0, name.1, … */
export function putArray(record: Record<string, number>, name: string, data: Float64Array): void {
  data.forEach((x, i) => (record[`${name}.${i}`] = x));
}

/** One number of a record. Throws an Error that says where it belongs when it is not there. */
export function numberIn(record: FlatRecord, key: string): number {
  const x = record[key];
  if (typeof x === "number" && Number.isFinite(x)) return x;
  throw new Error(
    `the saved training state has ${x === undefined ? `no "${key}"` : `"${key}" = ${String(x)}`}: it belongs to ` +
      `another optimiser or network, or is damaged; go on with the [training] table and the guide that it was saved with`,
  );
}

/** Reads name.0, name.1, … into `out`. Throws an Error where there are fewer, or more. */
export function takeArray(record: FlatRecord, name: string, out: Float64Array): void {
  if (`${name}.${out.length}` in record)
    throw new Error(
      `the saved training state has more than ${out.length} numbers under "${name}", and there are ${out.length} ` +
        `parameters: it belongs to another network; go on with the guide that it was saved with`,
    );
  for (let i = 0; i < out.length; i++) out[i] = numberIn(record, `${name}.${i}`);
}

/** The record as arrays: name.0, name.1, … become one of rank 1, a number by itself one of rank 0. */
export function toArrays(record: FlatRecord): NamedArray[] {
  const lists = new Map<string, number[]>();
  const scalars: NamedArray[] = [];
  for (const [key, x] of Object.entries(record)) {
    const [, name, index] = /^(.+)\.(\d+)$/.exec(key) ?? [];
    if (name === undefined) scalars.push({ name: key, shape: [], data: Float64Array.of(x) });
    else lists.set(name, Object.assign(lists.get(name) ?? [], { [Number(index)]: x }));
  }
  return [
    ...scalars,
    ...[...lists].map(([name, list]) => ({ name, shape: [list.length], data: new Float64Array(list) })),
  ];
}

/** The inverse of `toArrays`. */
export function fromArrays(arrays: readonly NamedArray[]): Record<string, number> {
  const record: Record<string, number> = {};
  for (const { name, shape, data } of arrays)
    if (shape.length === 0) record[name] = data[0]!;
    else putArray(record, name, data);
  return record;
}

/** Whether all numbers are finite. Turns -0, which JSON would lose, into 0. */
export function settle(data: Float64Array): boolean {
  let finite = true;
  for (let i = 0; i < data.length; i++) {
    data[i]! += 0;
    finite &&= Number.isFinite(data[i]!);
  }
  return finite;
}
