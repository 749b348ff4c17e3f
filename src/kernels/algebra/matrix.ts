import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../builder.ts";

/** A complex number a lane. */
export interface Complex {
  readonly re: Vec;
  readonly im: Vec;
}

/** An N x N complex matrix in memory: row-major, (re, im), each a vec. */
export interface Matrix {
  readonly pointer: Int;
  readonly offset: number;
}

/** A row number: known at emit time for small N, a loop index beyond (kernels.md: the body must fit the cache). */
export type Row = number | Int;

/** Largest N whose rows are unrolled. */
const UNROLL = 4;

export const at = (pointer: Int, offset = 0): Matrix => ({ pointer, offset });

export function matrixBytes(k: { vecBytes: number }, n: number): number {
  return 2 * n * n * k.vecBytes;
}

export function forRows(k: Body, n: number, emit: (row: Row) => void): void {
  if (n <= UNROLL) for (let i = 0; i < n; i++) emit(i);
  else k.for(0, n, emit);
}

/** Element (i, j) as an address; i may be a loop index. */
function element(k: Body, n: number, m: Matrix, i: Row, j: Row): Matrix {
  const unit = 2 * k.vecBytes;
  let { pointer, offset } = m;
  if (typeof i === "number") offset += i * n * unit;
  else pointer = pointer.add(i.mul(n * unit));
  if (typeof j === "number") offset += j * unit;
  else pointer = pointer.add(j.mul(unit));
  return { pointer, offset };
}

/** Element (i, j) as a value, not yet loaded into a local. */
export function peek(k: Body, n: number, m: Matrix, i: Row, j: Row): Complex {
  const e = element(k, n, m, i, j);
  return { re: k.load(e.pointer, e.offset), im: k.load(e.pointer, e.offset + k.vecBytes) };
}

export function poke(k: Body, n: number, m: Matrix, i: Row, j: Row, value: Complex): void {
  const e = element(k, n, m, i, j);
  k.store(e.pointer, e.offset, value.re);
  k.store(e.pointer, e.offset + k.vecBytes, value.im);
}

export const letComplex = (k: Body, z: Complex): Complex => ({ re: k.let(z.re), im: k.let(z.im) });
export const conj = (z: Complex): Complex => ({ re: z.re, im: z.im.neg() });

/** Row i of m, or of m^dagger, in locals. */
export function loadRow(k: Body, n: number, m: Matrix, i: Row, dagger = false): Complex[] {
  return Array.from({ length: n }, (_, j) => {
    const z = dagger ? peek(k, n, m, j, i) : peek(k, n, m, i, j);
    return letComplex(k, dagger ? conj(z) : z);
  });
}

/** acc + a b, or acc + a conj(b). */
export function addProduct(acc: Complex | undefined, a: Complex, b: Complex, conjugate = false): Complex {
  if (!acc)
    return conjugate
      ? { re: a.re.mul(b.re).plus(a.im, b.im), im: a.im.mul(b.re).minus(a.re, b.im) }
      : { re: a.re.mul(b.re).minus(a.im, b.im), im: a.re.mul(b.im).plus(a.im, b.re) };
  return conjugate
    ? { re: acc.re.plus(a.re, b.re).plus(a.im, b.im), im: acc.im.plus(a.im, b.re).minus(a.re, b.im) }
    : { re: acc.re.plus(a.re, b.re).minus(a.im, b.im), im: acc.im.plus(a.re, b.im).plus(a.im, b.re) };
}

/** Entry j of (row m), or of (row m^dagger), as an expression. */
export function rowTimesColumn(
  k: Body,
  n: number,
  row: readonly Complex[],
  m: Matrix,
  j: Row,
  dagger = false,
): Complex {
  let sum: Complex | undefined;
  for (let c = 0; c < n; c++) {
    const b = letComplex(k, dagger ? peek(k, n, m, j, c) : peek(k, n, m, c, j));
    sum = addProduct(sum, row[c]!, b, dagger);
  }
  return sum!;
}

/** The row vector (row m), or (row m^dagger), in locals. */
export function timesRow(k: Body, n: number, row: readonly Complex[], m: Matrix, dagger = false): Complex[] {
  return Array.from({ length: n }, (_, j) => letComplex(k, rowTimesColumn(k, n, row, m, j, dagger)));
}

/** out = or += op(a) op(b); out must not overlap a or b. */
export function multiply(
  k: Body,
  n: number,
  out: Matrix,
  a: Matrix,
  b: Matrix,
  how: { daggerA?: boolean; daggerB?: boolean; accumulate?: boolean } = {},
): void {
  forRows(k, n, (i) => {
    const row = loadRow(k, n, a, i, how.daggerA);
    for (let j = 0; j < n; j++) {
      const z = rowTimesColumn(k, n, row, b, j, how.daggerB);
      const before = how.accumulate ? peek(k, n, out, i, j) : undefined;
      poke(k, n, out, i, j, before ? { re: before.re.add(z.re), im: before.im.add(z.im) } : z);
    }
  });
}

/** `multiply` as an internal function (out, a, b) of the module, for code where many products would be unrolled. */
export function multiplyFunction(
  m: ModuleBuilder,
  n: number,
  how: { daggerA?: boolean; daggerB?: boolean; accumulate?: boolean } = {},
): FunctionRef {
  const name = `multiply${how.daggerA ? "D" : "N"}${how.daggerB ? "D" : "N"}${how.accumulate ? "+" : ""}${n}`;
  return m.helper(name, ["i32", "i32", "i32"] as const, (k, out, a, b) => multiply(k, n, at(out), at(a), at(b), how));
}

/** Applies `emit` to every real number of a matrix: offset in vec from its start. */
export function forElements(k: Body, n: number, emit: (pointer: Int, offset: number) => void, matrix: Matrix): void {
  const count = 2 * n * n;
  if (n <= UNROLL) for (let i = 0; i < count; i++) emit(matrix.pointer, matrix.offset + i * k.vecBytes);
  else k.for(0, count, (i) => emit(matrix.pointer.add(i.mul(k.vecBytes)), matrix.offset));
}

export function setZero(k: Body, n: number, m: Matrix): void {
  forElements(k, n, (p, o) => k.store(p, o, 0), m);
}

export function setIdentity(k: Body, n: number, m: Matrix): void {
  setZero(k, n, m);
  for (let i = 0; i < n; i++) k.store(m.pointer, m.offset + 2 * (i * n + i) * k.vecBytes, 1);
}

/** out = m */
export function copyMatrix(k: Body, n: number, out: Matrix, m: Matrix): void {
  const count = 2 * n * n;
  for (let i = 0; i < count; i++)
    k.store(out.pointer, out.offset + i * k.vecBytes, k.load(m.pointer, m.offset + i * k.vecBytes));
}

/** Re tr(op(a) b^dagger) with row-fused first factors given by `rows`. */
export function realTraceWithDagger(k: Body, n: number, rows: (i: Row) => Complex[], b: (i: Row) => Complex[]): Vec {
  const sum = k.let(Vec.of(0));
  forRows(k, n, (i) => {
    const x = rows(i);
    const y = b(i);
    let part: Vec = sum;
    for (let j = 0; j < n; j++) part = part.plus(x[j]!.re, y[j]!.re).plus(x[j]!.im, y[j]!.im);
    k.set(sum, part);
  });
  return sum;
}
