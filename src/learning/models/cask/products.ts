import {
  addProduct,
  at,
  type Complex,
  conj,
  forRows,
  letComplex,
  loadRow,
  type Matrix,
  multiplyFunction,
  peek,
  poke,
  rowTimesColumn,
} from "../../../kernels/algebra/matrix.ts";
import type { Body, FunctionRef, Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";

/**
 * Products of links, sums of paths of links and elements of the algebra, and of their cotangents made of the same. For
 * SU(2) all of these are real quaternions, ((a, b), (-b*, a*)), so half the arithmetic is enough; cotangents that come from
 * outside are not, and must not be factors here (they may be what is added to).
 */

export interface ProductKind {
  readonly daggerA?: boolean;
  readonly daggerB?: boolean;
  readonly accumulate?: boolean;
}

/** The first row of a quaternion, or of its dagger. */
type Quaternion = readonly [Complex, Complex];

function quaternion(k: Body, m: Matrix, dagger = false): Quaternion {
  const [a, b] = loadRow(k, 2, m, 0) as [Complex, Complex];
  return dagger ? [conj(a), { re: b.re.neg(), im: b.im.neg() }] : [a, b];
}

/** (p, q) (c, d) = (p c - q d*, p d + q c*) */
function timesQuaternion(k: Body, [p, q]: Quaternion, [c, d]: Quaternion): Quaternion {
  const minus = (z: Complex): Complex => ({ re: z.re.neg(), im: z.im.neg() });
  const first = addProduct(addProduct(undefined, p, c), q, minus(d), true);
  return [letComplex(k, first), letComplex(k, addProduct(addProduct(undefined, p, d), q, c, true))];
}

/** Stores both rows, or adds them to what is there. */
function storeQuaternion(k: Body, out: Matrix, [a, b]: Quaternion, accumulate = false): void {
  const rows = [
    [a, b],
    [{ re: b.re.neg(), im: b.im }, conj(a)],
  ] as const;
  rows.forEach((row, i) => {
    row.forEach((z, j) => {
      const before = accumulate ? peek(k, 2, out, i, j) : undefined;
      poke(k, 2, out, i, j, before ? { re: before.re.add(z.re), im: before.im.add(z.im) } : z);
    });
  });
}

/** The function (out, a, b): out = or += op(a) op(b). */
export function productFunction(m: ModuleBuilder, n: number, how: ProductKind = {}): FunctionRef {
  if (n !== 2) return multiplyFunction(m, n, how);
  const name = `quaternions${how.daggerA ? "D" : "N"}${how.daggerB ? "D" : "N"}${how.accumulate ? "+" : ""}`;
  return m.helper(name, ["i32", "i32", "i32"] as const, (k, out, a, b) => {
    const product = timesQuaternion(k, quaternion(k, at(a), how.daggerA), quaternion(k, at(b), how.daggerB));
    storeQuaternion(k, at(out), product, how.accumulate);
  });
}

/** The function (out, a, b, w: vec): out = w op(a) b^dagger. */
export function scaledProductFunction(m: ModuleBuilder, n: number, daggerA: boolean): FunctionRef {
  const types = ["i32", "i32", "i32", "vec"] as const;
  return m.helper(`scaledProduct${daggerA ? "D" : "N"}${n}`, types, (k, out, a, b, w) => {
    const scaled = (z: Complex): Complex => ({ re: z.re.mul(w), im: z.im.mul(w) });
    if (n === 2) {
      const [x, y] = timesQuaternion(k, quaternion(k, at(a), daggerA), quaternion(k, at(b), true));
      storeQuaternion(k, at(out), [letComplex(k, scaled(x)), letComplex(k, scaled(y))]);
      return;
    }
    forRows(k, n, (i) => {
      const x = loadRow(k, n, at(a), i, daggerA);
      for (let j = 0; j < n; j++) poke(k, n, at(out), i, j, scaled(rowTimesColumn(k, n, x, at(b), j, true)));
    });
  });
}

/** The function (sum, a, b, c, d, row): the vec at `sum` = Re tr[a b c^dagger d^dagger]; `row` takes one of a matrix. */
export function traceFunction(m: ModuleBuilder, n: number): FunctionRef {
  const types = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper(`trace${n}`, types, (k, sum, a, b, c, d, row) => {
    if (n === 2) {
      const [left, right] = [
        [a, b],
        [d, c],
      ].map(([x, y]) => timesQuaternion(k, quaternion(k, at(x!)), quaternion(k, at(y!)))) as [Quaternion, Quaternion];
      k.store(sum, 0, realProduct(left, right).mul(2));
      return;
    }
    k.store(sum, 0, 0);
    forRows(k, n, (i) => {
      const x = loadRow(k, n, at(a), i);
      for (let j = 0; j < n; j++) poke(k, n, at(row), 0, j, rowTimesColumn(k, n, x, at(b), j));
      const y = loadRow(k, n, at(d), i);
      for (let j = 0; j < n; j++) {
        const z = letComplex(k, rowTimesColumn(k, n, y, at(c), j));
        const lower = peek(k, n, at(row), 0, j);
        k.store(sum, 0, k.load(sum).plus(lower.re, z.re).plus(lower.im, z.im));
      }
    });
  });
}

/** Re sum_j x_j y_j^* */
const realProduct = ([a, b]: Quaternion, [c, d]: Quaternion): Vec =>
  a.re.mul(c.re).plus(a.im, c.im).plus(b.re, d.re).plus(b.im, d.im);

/**
 * The function (x, y, left, t, h, side, w: vec, sum?): x = w left t, y = w h side; with `traced` the vec at `sum` =
 * Re tr[h side t^dagger left^dagger].
 */
export function sidesFunction(m: ModuleBuilder, n: number, traced: boolean): FunctionRef {
  const last: "i32"[] = traced ? ["i32"] : [];
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "vec", ...last] as const;
  return m.helper(`sides${traced ? "Traced" : ""}${n}`, types, (k, x, y, left, t, h, side, w, ...rest) => {
    const [sum] = rest;
    const scaled = (z: Complex): Complex => ({ re: z.re.mul(w), im: z.im.mul(w) });
    if (n === 2) {
      const pairs: [Int, Quaternion][] = (
        [
          [x, left, t],
          [y, h, side],
        ] as const
      ).map(([out, a, b]) => [out, timesQuaternion(k, quaternion(k, at(a)), quaternion(k, at(b)))]);
      if (sum) k.store(sum, 0, realProduct(pairs[0]![1], pairs[1]![1]).mul(2));
      for (const [out, [a, b]] of pairs)
        storeQuaternion(k, at(out), [letComplex(k, scaled(a)), letComplex(k, scaled(b))]);
      return;
    }
    if (sum) k.store(sum, 0, 0);
    forRows(k, n, (i) => {
      const a = loadRow(k, n, at(left), i);
      for (let j = 0; j < n; j++) poke(k, n, at(x), i, j, rowTimesColumn(k, n, a, at(t), j));
      const b = loadRow(k, n, at(h), i);
      for (let j = 0; j < n; j++) {
        const z = letComplex(k, rowTimesColumn(k, n, b, at(side), j));
        const other = letComplex(k, peek(k, n, at(x), i, j));
        if (sum) k.store(sum, 0, k.load(sum).plus(z.re, other.re).plus(z.im, other.im));
        poke(k, n, at(y), i, j, scaled(z));
        poke(k, n, at(x), i, j, scaled(other));
      }
    });
  });
}

/** The function (out, from): out += from. */
export function addMatrixFunction(m: ModuleBuilder, n: number): FunctionRef {
  return m.helper(`addMatrix${n}`, ["i32", "i32"] as const, (k, out, from) => {
    const one = (i: Int | number) => {
      const [to, x] = typeof i === "number" ? [out, from] : [k.let(out.add(i)), k.let(from.add(i))];
      const offset = typeof i === "number" ? i : 0;
      k.store(to, offset, k.load(to, offset).add(k.load(x, offset)));
    };
    if (n <= 4) for (let i = 0; i < 2 * n * n; i++) one(i * k.vecBytes);
    else k.for(0, 2 * n * n, (i) => one(k.let(i.mul(k.vecBytes))));
  });
}
