import { at, type Matrix, peek } from "../../../kernels/algebra/matrix.ts";
import { type Body, Int, Vec } from "../../../kernels/builder.ts";
import type { LinkLayout } from "../../../lattice/links/layout.ts";

/** A quaternion a lane: q0 + i q.sigma, the matrix (q0 + i q3, q2 + i q1; -q2 + i q1, q0 - i q3). */
export type Quaternion = readonly [Vec, Vec, Vec, Vec];

/** Rows and columns of one SU(2) subgroup in memory: rows i, j of U, columns i, j of A. */
export interface Block {
  readonly rows: readonly [Int, Int];
  readonly columns: readonly [Int, Int];
}

/**
 * Does `emit` for every SU(2) subgroup (i, j) of SU(N): (1,2), (2,3), (1,3) for SU(3) as in N. Cabibbo, E. Marinari,
 * Phys. Lett. B 119 (1982) 387; all pairs in lexicographic order beyond; `backwards` takes them in reverse. `part` numbers
 * them from 0, the last one first where backwards.
 */
export function forSubgroups(
  k: Body,
  { group }: LinkLayout,
  link: Int,
  staple: Int,
  emit: (block: Block, part: Int) => void,
  backwards = false,
): void {
  const { n } = group;
  const unit = 2 * k.vecBytes;
  const block = (i: number | Int, j: number | Int): Block => ({
    rows: [k.let(link.add(Int.of(i).mul(n * unit))), k.let(link.add(Int.of(j).mul(n * unit)))],
    columns: [k.let(staple.add(Int.of(i).mul(unit))), k.let(staple.add(Int.of(j).mul(unit)))],
  });
  if (n <= 3) {
    const pairs = [
      [0, 1],
      [1, 2],
      [0, 2],
    ].slice(0, n === 2 ? 1 : 3) as [number, number][];
    const parts = [...pairs.entries()];
    for (const [part, [i, j]] of backwards ? parts.reverse() : parts) emit(block(i, j), Int.of(part));
    return;
  }
  const step = backwards ? -1 : 1;
  const part = k.let(Int.of(backwards ? (n * (n - 1)) / 2 - 1 : 0));
  k.for(0, n - 1, (x) => {
    const i = backwards ? k.let(Int.of(n - 2).sub(x)) : x;
    k.for(i.add(1), n, (y) => {
      emit(block(i, backwards ? k.let(i.add(n).sub(y)) : y), part);
      k.set(part, part.add(step));
    });
  });
}

/**
 * The part of the 2 x 2 block of W = U A that an SU(2) rotation g of rows i, j sees: Re tr(g W) = 2 (g m)_0 with
 * m0 + i m3 = (W_ii + W_jj^*)/2, m2 + i m1 = (W_ij - W_ji^*)/2 (gauge.md 1.5). Only these four of its numbers are made.
 */
export function blockOfProduct(k: Body, n: number, { rows, columns }: Block): Quaternion {
  const entry = (pointer: Int, c: number, stride: number): Complex => {
    const m: Matrix = at(pointer, c * stride * 2 * k.vecBytes);
    const z = peek(k, 1, m, 0, 0);
    return { re: k.let(z.re), im: k.let(z.im) };
  };
  const m = Array.from({ length: 4 }, () => k.let(Vec.of(0)));
  for (let c = 0; c < n; c++) {
    const [u, v] = [entry(rows[0], c, 1), entry(rows[1], c, 1)];
    const [a, b] = [entry(columns[0], c, n), entry(columns[1], c, n)];
    const [m0, m1, m2, m3] = m as [Vec, Vec, Vec, Vec];
    k.set(m0, m0.plus(u.re, a.re).minus(u.im, a.im).plus(v.re, b.re).minus(v.im, b.im));
    k.set(m3, m3.plus(u.re, a.im).plus(u.im, a.re).minus(v.re, b.im).minus(v.im, b.re));
    k.set(m2, m2.plus(u.re, b.re).minus(u.im, b.im).minus(v.re, a.re).plus(v.im, a.im));
    k.set(m1, m1.plus(u.re, b.im).plus(u.im, b.re).plus(v.re, a.im).plus(v.im, a.re));
  }
  return m.map((x) => k.let(x.mul(0.5))) as unknown as Quaternion;
}

interface Complex {
  readonly re: Vec;
  readonly im: Vec;
}

/** Rows i, j <- g (rows i, j). */
export function rotateRows(k: Body, n: number, [g0, g1, g2, g3]: Quaternion, { rows }: Block): void {
  const [p, q] = rows;
  for (let c = 0; c < n; c++) {
    const o = 2 * c * k.vecBytes;
    const u = { re: k.let(k.load(p, o)), im: k.let(k.load(p, o + k.vecBytes)) };
    const v = { re: k.let(k.load(q, o)), im: k.let(k.load(q, o + k.vecBytes)) };
    k.store(p, o, g0.mul(u.re).minus(g3, u.im).plus(g2, v.re).minus(g1, v.im));
    k.store(p, o + k.vecBytes, g0.mul(u.im).plus(g3, u.re).plus(g2, v.im).plus(g1, v.re));
    k.store(q, o, g0.mul(v.re).plus(g3, v.im).minus(g2, u.re).minus(g1, u.im));
    k.store(q, o + k.vecBytes, g0.mul(v.im).minus(g3, v.re).minus(g2, u.im).plus(g1, u.re));
  }
}

export function norm2(q: Quaternion): Vec {
  return q[0].mul(q[0]).plus(q[1], q[1]).plus(q[2], q[2]).plus(q[3], q[3]);
}

/** a b^dagger, in locals. */
export function timesDagger(k: Body, a: Quaternion, b: Quaternion): Quaternion {
  // (a0 + i a.sigma)(b0 - i b.sigma) = a0 b0 + a.b + i sigma.(a b0 - a0 b + a x b)
  const vector = (i: 1 | 2 | 3): Vec => {
    const [j, l] = [(i % 3) + 1, ((i + 1) % 3) + 1] as [1 | 2 | 3, 1 | 2 | 3];
    return k.let(a[i].mul(b[0]).minus(a[0], b[i]).plus(a[j], b[l]).minus(a[l], b[j]));
  };
  const scalar = k.let(a[0].mul(b[0]).plus(a[1], b[1]).plus(a[2], b[2]).plus(a[3], b[3]));
  return [scalar, vector(1), vector(2), vector(3)];
}
