import type { Int } from "../../../../../kernels/builder.ts";
import { ModuleBuilder, Vec } from "../../../../../kernels/builder.ts";
import type { ModuleIr } from "../../../../../kernels/ir.ts";

/**
 * Kernels for Green's functions G_l = (z_l - h)^-1, dense n x n. Row r of G_l is n real parts, then n imaginary ones, at
 * [(l n + r) 2n]: an item is a row, so that workers share them.
 */

const LANES = 2;
const VEC = 8 * LANES;

/** Bytes of a row. */
export const rowBytes = (n: number): number => 16 * n;

/**
 * "update": row += x_0 B_0 + x_1 B_1 for two complex numbers x of the row and two rows B of its frequency.
 * "fill": G_l = V diag(d_l) V^†, from eigenvectors.
 */
export function greenKernels(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: LANES, bytes: 8 });
  emitUpdate(m, n);
  emitFill(m, n);
  return m.finish();
}

/**
 * The numbers x of every row come twice each (both lanes): re_0, im_0, re_1, im_1, one vec each. `sources` holds for each item
 * the address of the rows B of its frequency (re_0, im_0, re_1, im_1, n numbers each).
 */
function emitUpdate(m: ModuleBuilder, n: number): void {
  m.kernel("update", ["i32", "i32", "i32"] as const, (k, { begin, end }, green, numbers, sources) => {
    k.for(begin, end, (item) => {
      const x = k.let(numbers.add(item.mul(4 * VEC)));
      const [re0, im0, re1, im1] = [0, 1, 2, 3].map((i) => k.let(k.load(x, i * VEC))) as [Vec, Vec, Vec, Vec];
      const b = k.let(k.loadInt(k.let(sources.add(item.mul(4)))));
      const row = k.let(green.add(item.mul(rowBytes(n))));
      k.for(
        0,
        8 * n,
        (offset) => {
          const from = k.let(b.add(offset));
          const to = k.let(row.add(offset));
          const [br0, bi0, br1, bi1] = [0, 1, 2, 3].map((i) => k.let(k.load(from, 8 * n * i))) as [Vec, Vec, Vec, Vec];
          k.store(to, 0, k.load(to).plus(re0, br0).minus(im0, bi0).plus(re1, br1).minus(im1, bi1));
          k.store(
            to,
            8 * n,
            k
              .load(to, 8 * n)
              .plus(re0, bi0)
              .plus(im0, br0)
              .plus(re1, bi1)
              .plus(im1, br1),
          );
        },
        VEC,
      );
    });
  });
}

/**
 * "numbers": for every row r the two complex numbers x = (G[r, 2i], G[r, 2i + 1]) X of an update at site i, each twice, as
 * "update" takes them. `matrices` holds for each item the address of the 2 x 2 matrix X of its frequency (re, im of 00, 01, 10,
 * 11), `column` is the byte of column 2i in a row.
 */
export function numberKernels(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("numbers", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end }, green, numbers, matrices, column) => {
    k.for(begin, end, (item) => {
      const row = k.let(green.add(item.mul(rowBytes(n))).add(column));
      const x = k.let(k.loadInt(k.let(matrices.add(item.mul(4)))));
      const to = k.let(numbers.add(item.mul(64)));
      const [ar, br, ai, bi] = [0, 8, 8 * n, 8 * n + 8].map((at) => k.let(k.load(row, at))) as [Vec, Vec, Vec, Vec];
      for (let s = 0; s < 2; s++) {
        const [cr, ci, dr, di] = [16 * s, 16 * s + 8, 32 + 16 * s, 40 + 16 * s].map((at) => k.let(k.load(x, at))) as [
          Vec,
          Vec,
          Vec,
          Vec,
        ];
        const re = k.let(ar.mul(cr).minus(ai, ci).plus(br, dr).minus(bi, di));
        const im = k.let(ar.mul(ci).plus(ai, cr).plus(br, di).plus(bi, dr));
        for (let lane = 0; lane < 2; lane++) {
          k.store(to, 32 * s + 8 * lane, re);
          k.store(to, 32 * s + 16 + 8 * lane, im);
        }
      }
    });
  });
  return m.finish();
}

/** Vecs of a row done at once; accumulators are twice as many. */
const TILE = 4;

/**
 * G[r, c] = sum_k V_k[r] d_k conj(V_k[c]). `columns`: row k is V_k, n real then n imaginary numbers. `factors`: for item's
 * row r and every k the number V_k[r], both lanes (re, im). `poles`: for its frequency and every k the number d_k, likewise.
 * Both are addresses for each item in `sources` (two i32).
 */
function emitFill(m: ModuleBuilder, n: number): void {
  const vecs = n / LANES;
  m.kernel("fill", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch }, green, columns, sources) => {
    k.for(begin, end, (item) => {
      const source = k.let(sources.add(item.mul(8)));
      const factors = k.let(k.loadInt(source));
      const poles = k.let(k.loadInt(source, 4));
      k.for(
        0,
        2 * VEC * n,
        (offset) => {
          const f = k.let(factors.add(offset));
          const d = k.let(poles.add(offset));
          const [fr, fi, dr, di] = [k.load(f), k.load(f, VEC), k.load(d), k.load(d, VEC)].map((v) => k.let(v)) as [
            Vec,
            Vec,
            Vec,
            Vec,
          ];
          const to = k.let(scratch.add(offset));
          k.store(to, 0, fr.mul(dr).minus(fi, di));
          k.store(to, VEC, fr.mul(di).plus(fi, dr));
        },
        2 * VEC,
      );
      const row = k.let(green.add(item.mul(rowBytes(n))));
      const tiled = vecs - (vecs % TILE);
      const tile = (first: Int, size: number) => {
        const sums = Array.from({ length: 2 * size }, () => k.let(Vec.of(0)));
        const at = k.let(columns.add(first));
        const u = k.let(scratch.add(0));
        k.for(0, n, () => {
          const [ur, ui] = [k.let(k.load(u)), k.let(k.load(u, VEC))];
          for (let i = 0; i < size; i++) {
            const [vr, vi] = [k.let(k.load(at, i * VEC)), k.let(k.load(at, 8 * n + i * VEC))];
            k.set(sums[2 * i]!, sums[2 * i]!.plus(ur, vr).plus(ui, vi));
            k.set(sums[2 * i + 1]!, sums[2 * i + 1]!.plus(ui, vr).minus(ur, vi));
          }
          k.set(at, at.add(rowBytes(n)));
          k.set(u, u.add(2 * VEC));
        });
        const to = k.let(row.add(first));
        for (let i = 0; i < size; i++) {
          k.store(to, i * VEC, sums[2 * i]!);
          k.store(to, 8 * n + i * VEC, sums[2 * i + 1]!);
        }
      };
      if (tiled > 0) k.for(0, tiled * VEC, (first) => tile(first, TILE), TILE * VEC);
      if (tiled < vecs) k.for(tiled * VEC, vecs * VEC, (first) => tile(first, 1), VEC);
    });
  });
}
