import {
  at,
  type Complex,
  copyMatrix,
  letComplex,
  matrixBytes,
  multiplyFunction,
  peek,
  poke,
  setIdentity,
} from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { Group } from "../group.ts";

/**
 * The function (u, work): puts a link that rounding has moved a little back into the group: Gram-Schmidt on the rows,
 * then the phase of the determinant out of the last row (for N = 2 and 3 that row is built from the others).
 */
export function projectFunction(m: ModuleBuilder, group: Group): FunctionRef {
  const { n } = group;
  return m.helper(`project${group.name}`, ["i32", "i32"] as const, (k, u, work) => {
    if (n === 2) {
      const row = normalise(k, row0(k, n, u, 0));
      storeRow(k, n, u, 0, row);
      storeRow(k, n, u, 1, [
        { re: row[1]!.re.neg(), im: row[1]!.im },
        { re: row[0]!.re, im: row[0]!.im.neg() },
      ]);
      return;
    }
    const rows: number = n === 3 ? 2 : n;
    for (let i = 0; i < rows; i++) {
      let row = row0(k, n, u, i);
      for (let j = 0; j < i; j++) row = removeComponent(k, row, row0(k, n, u, j));
      storeRow(k, n, u, i, normalise(k, row));
    }
    if (n === 3) storeRow(k, n, u, 2, crossProduct(k, row0(k, n, u, 0), row0(k, n, u, 1)));
    else if (n > 3) removePhase(k, m, n, u, work);
  });
}

const row0 = (k: Body, n: number, u: Int, i: number): Complex[] =>
  Array.from({ length: n }, (_, j) => letComplex(k, peek(k, n, at(u), i, j)));

function storeRow(k: Body, n: number, u: Int, i: number, row: readonly Complex[]): void {
  row.forEach((z, j) => poke(k, n, at(u), i, j, z));
}

function normalise(k: Body, row: readonly Complex[]): Complex[] {
  let norm: Vec = Vec.of(0);
  for (const z of row) norm = norm.plus(z.re, z.re).plus(z.im, z.im);
  const scale = k.let(Vec.of(1).div(norm.sqrt()));
  return row.map((z) => letComplex(k, { re: z.re.mul(scale), im: z.im.mul(scale) }));
}

/** row - (other^* . row) other */
function removeComponent(k: Body, row: readonly Complex[], other: readonly Complex[]): Complex[] {
  let re: Vec = Vec.of(0);
  let im: Vec = Vec.of(0);
  row.forEach((z, c) => {
    const o = other[c]!;
    re = re.plus(o.re, z.re).plus(o.im, z.im);
    im = im.plus(o.re, z.im).minus(o.im, z.re);
  });
  const s = letComplex(k, { re, im });
  return row.map((z, c) => {
    const o = other[c]!;
    return letComplex(k, {
      re: z.re.minus(s.re, o.re).plus(s.im, o.im),
      im: z.im.minus(s.re, o.im).minus(s.im, o.re),
    });
  });
}

/** conj(a x b) */
function crossProduct(k: Body, a: readonly Complex[], b: readonly Complex[]): Complex[] {
  return [0, 1, 2].map((i) => {
    const [p, q] = [(i + 1) % 3, (i + 2) % 3];
    const [x, y, z, w] = [a[p]!, b[q]!, a[q]!, b[p]!];
    const re = x.re.mul(y.re).minus(x.im, y.im).minus(z.re, w.re).plus(z.im, w.im);
    const im = x.re.mul(y.im).plus(x.im, y.re).minus(z.re, w.im).minus(z.im, w.re);
    return letComplex(k, { re, im: im.neg() });
  });
}

/** Divides the last row by det u, a phase after Gram-Schmidt. */
function removePhase(k: Body, m: ModuleBuilder, n: number, u: Int, work: Int): void {
  const det = determinant(k, m, n, u, work);
  const size = k.let(det.re.mul(det.re).plus(det.im, det.im).sqrt());
  const phase = letComplex(k, { re: det.re.div(size), im: det.im.div(size) });
  const row = row0(k, n, u, n - 1);
  storeRow(
    k,
    n,
    u,
    n - 1,
    row.map((z) => ({ re: z.re.mul(phase.re).plus(z.im, phase.im), im: z.im.mul(phase.re).minus(z.re, phase.im) })),
  );
}

/**
 * det u = (-1)^n c_n by Faddeev and LeVerrier: M = 1; for j = 1 … n: P = u M, c_j = -tr P / j, M = P + c_j.
 * It needs no pivots, so every lane does the same; for unitary u its error is a few binomials (n over n/2) of rounding.
 */
function determinant(k: Body, m: ModuleBuilder, n: number, u: Int, work: Int): Complex {
  const product = multiplyFunction(m, n);
  const p = k.let(work.add(matrixBytes(k, n)));
  setIdentity(k, n, at(work));
  const c = letComplex(k, { re: Vec.of(0), im: Vec.of(0) });
  const j = k.let(Vec.of(1));
  k.for(0, n, () => {
    k.call(product, p, u, work);
    const trace = letComplex(k, { re: Vec.of(0), im: Vec.of(0) });
    for (let d = 0; d < n; d++) {
      const z = peek(k, n, at(p), d, d);
      k.set(trace.re, trace.re.add(z.re));
      k.set(trace.im, trace.im.add(z.im));
    }
    k.set(c.re, trace.re.div(j).neg());
    k.set(c.im, trace.im.div(j).neg());
    k.set(j, j.add(1));
    copyMatrix(k, n, at(work), at(p));
    for (let d = 0; d < n; d++) {
      const z = peek(k, n, at(work), d, d);
      poke(k, n, at(work), d, d, { re: z.re.add(c.re), im: z.im.add(c.im) });
    }
  });
  const sign = n % 2 === 0 ? 1 : -1;
  return letComplex(k, { re: c.re.mul(sign), im: c.im.mul(sign) });
}
