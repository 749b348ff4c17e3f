import {
  at,
  type Complex,
  forRows,
  letComplex,
  loadRow,
  matrixBytes,
  peek,
  poke,
  rowTimesColumn,
} from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ValueType } from "../../../kernels/ir.ts";

/** Most matrices that one function multiplies. */
export const LONGEST_CHAIN = 4;

/** Bytes of scratch that the functions need for their rows. */
export const rowsBytes = (k: { vecBytes: number }, n: number) => 2 * Math.max(matrixBytes(k, 1) * n, 1);

const pattern = (daggers: readonly boolean[]) => daggers.map((d) => (d ? "D" : "N")).join("");

/**
 * The function (out, rows, coefficient: vec, a, b, …): out = or += coefficient op(a) op(b) …, for one to four matrices;
 * out must overlap none of them. Row by row: a row of the first goes through all the others, by way of `rows` in memory
 * (a store is what keeps the engine from delaying the arithmetic until more is live than there are registers).
 * Where `scaled` is false the coefficient is not looked at.
 */
export function chainFunction(
  m: ModuleBuilder,
  n: number,
  daggers: readonly boolean[],
  { scaled, accumulate }: { scaled: boolean; accumulate: boolean },
): FunctionRef {
  const name = `chain${pattern(daggers)}${scaled ? "*" : ""}${accumulate ? "+" : ""}${n}`;
  const types: ValueType[] = ["i32", "i32", "vec", ...daggers.map(() => "i32" as const)];
  return m.helper(name, types, (k, ...args) => {
    const [out, rows, coefficient, ...matrices] = args as [Int, Int, Vec, ...Int[]];
    forRows(k, n, (i) => {
      const first = loadRow(k, n, at(matrices[0]!), i, daggers[0]);
      let row = scaled ? first.map((z) => times(k, z, coefficient)) : first;
      const store = (j: number, z: Complex) => {
        const before = accumulate ? peek(k, n, at(out), i, j) : undefined;
        poke(k, n, at(out), i, j, before ? { re: before.re.add(z.re), im: before.im.add(z.im) } : z);
      };
      if (matrices.length === 1) row.forEach((z, j) => store(j, z));
      matrices.slice(1).forEach((matrix, t) => {
        const dagger = daggers[t + 1]!;
        const last = t === matrices.length - 2;
        const target = at(rows, t % 2 === 0 ? 0 : 2 * n * k.vecBytes);
        for (let j = 0; j < n; j++) {
          const z = rowTimesColumn(k, n, row, at(matrix), j, dagger);
          if (last) store(j, z);
          else poke(k, n, target, 0, j, z);
        }
        if (!last) row = loadRow(k, n, target, 0);
      });
    });
  });
}

const times = (k: Body, z: Complex, by: Vec): Complex => letComplex(k, { re: z.re.mul(by), im: z.im.mul(by) });

/**
 * The function (sum, rows, coefficient: vec, a, b, …): the vec at `sum` += coefficient Re tr[op(a) op(b) …], for one to
 * four matrices. Of four, tr[a b c d] = sum (a b)_ij conj((d^dagger c^dagger)_ij), so no product of three is formed.
 */
export function traceFunction(m: ModuleBuilder, n: number, daggers: readonly boolean[]): FunctionRef {
  const types: ValueType[] = ["i32", "i32", "vec", ...daggers.map(() => "i32" as const)];
  return m.helper(`trace${pattern(daggers)}${n}`, types, (k, ...args) => {
    const [sum, rows, coefficient, ...matrices] = args as [Int, Int, Vec, ...Int[]];
    const total = k.let(Vec.of(0));
    if (matrices.length === 1)
      for (let d = 0; d < n; d++) k.set(total, total.add(peek(k, n, at(matrices[0]!), d, d).re));
    else {
      const [a, b, c, d] = matrices.map((pointer) => at(pointer));
      const last = matrices.length - 1;
      forRows(k, n, (i) => {
        const left = loadRow(k, n, a!, i, daggers[0]);
        const right = loadRow(k, n, matrices.length === 4 ? d! : at(matrices[last]!), i, !daggers[last]);
        if (matrices.length === 2)
          return k.set(
            total,
            left.reduce((part, z, j) => dot(part, z, right[j]!), total),
          );
        const buffer = at(rows);
        for (let j = 0; j < n; j++) poke(k, n, buffer, 0, j, rowTimesColumn(k, n, left, b!, j, daggers[1]));
        for (let j = 0; j < n; j++) {
          const z = matrices.length === 3 ? right[j]! : letComplex(k, rowTimesColumn(k, n, right, c!, j, !daggers[2]));
          k.set(total, dot(total, peek(k, n, buffer, 0, j), z));
        }
      });
    }
    k.store(sum, 0, k.load(sum).plus(coefficient, total));
  });
}

/** sum + Re(a conj(b)) */
const dot = (sum: Vec, a: Complex, b: Complex): Vec => sum.plus(a.re, b.re).plus(a.im, b.im);
