import type { Body, Int } from "../../../../../kernels/builder.ts";
import { ModuleBuilder, Vec } from "../../../../../kernels/builder.ts";
import type { ModuleIr } from "../../../../../kernels/ir.ts";

/**
 * Kernels for Green's functions of real quaternions, N x N of them a frequency. Row r of frequency l is the four components,
 * N numbers each, at [(l N + r) 4N]: an item is a row. Quaternions stand for 2 x 2 matrices q_0 + i q.sigma, so that
 *
 *   (a b)_0 = a_0 b_0 - a.b,   (a b)_vec = a_0 b + b_0 a - a x b.
 */

const LANES = 2;
const VEC = 8 * LANES;

type Quaternion = readonly [Vec, Vec, Vec, Vec];

/** Bytes of a row of `volume` quaternions. */
export const rowBytes = (volume: number): number => 32 * volume;

const loadFour = (k: Body, at: Int, stride: number): Quaternion =>
  [0, 1, 2, 3].map((i) => k.let(k.load(at, i * stride))) as unknown as Quaternion;

/** c + a b, component by component. */
const plusProduct = (c: readonly Vec[], a: Quaternion, b: Quaternion): Vec[] => [
  c[0]!.plus(a[0], b[0]).minus(a[1], b[1]).minus(a[2], b[2]).minus(a[3], b[3]),
  c[1]!.plus(a[0], b[1]).plus(a[1], b[0]).minus(a[2], b[3]).plus(a[3], b[2]),
  c[2]!.plus(a[0], b[2]).plus(a[2], b[0]).minus(a[3], b[1]).plus(a[1], b[3]),
  c[3]!.plus(a[0], b[3]).plus(a[3], b[0]).minus(a[1], b[2]).plus(a[2], b[1]),
];

/**
 * "update": row += a B, a the quaternion of the row (each number for both lanes, four vecs an item), B a row of its frequency,
 * whose address stands in `sources`. "fill": see emitFill.
 */
export function quaternionKernels(volume: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: LANES, bytes: 8 });
  const plane = 8 * volume;
  m.kernel("update", ["i32", "i32", "i32"] as const, (k, { begin, end }, green, numbers, sources) => {
    k.for(begin, end, (item) => {
      const a = loadFour(k, k.let(numbers.add(item.mul(4 * VEC))), VEC);
      const b = k.let(k.loadInt(k.let(sources.add(item.mul(4)))));
      const row = k.let(green.add(item.mul(rowBytes(volume))));
      k.for(
        0,
        plane,
        (offset) => {
          const to = k.let(row.add(offset));
          const from = loadFour(k, k.let(b.add(offset)), plane);
          const old = [0, 1, 2, 3].map((i) => k.load(to, i * plane));
          plusProduct(old, a, from).forEach((sum, i) => k.store(to, i * plane, sum));
        },
        VEC,
      );
    });
  });
  emitFill(m, volume);
  return m.finish();
}

/** "numbers": a = G[r, i] X for every row r, each number twice; addresses of the X in `matrices`, `column` the byte of i. */
export function quaternionNumberKernels(volume: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("numbers", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end }, green, numbers, matrices, column) => {
    k.for(begin, end, (item) => {
      const g = loadFour(k, k.let(green.add(item.mul(rowBytes(volume))).add(column)), 8 * volume);
      const x = loadFour(k, k.let(k.loadInt(k.let(matrices.add(item.mul(4))))), 8);
      const to = k.let(numbers.add(item.mul(64)));
      plusProduct([0, 0, 0, 0].map(Vec.of), g, x).forEach((sum, i) => {
        const value = k.let(sum);
        k.store(to, 16 * i, value);
        k.store(to, 16 * i + 8, value);
      });
    });
  });
  return m.finish();
}

/** Vecs of a row done at once; accumulators are four times as many. */
const TILE = 2;

/**
 * The first column of G[r, c] = sum_k V_k[r] d_k conj(V_k[c]), which is all of a quaternion. `columns`: row k is the upper
 * components of V_k, N real then N imaginary numbers. `factors`: for item's row r and every k the two components of V_k
 * there (re, im each, both lanes), `poles`: for its frequency and every k the number d_k; addresses in `sources` (two i32).
 */
function emitFill(m: ModuleBuilder, volume: number): void {
  const n = 2 * volume;
  const vecs = volume / LANES;
  const plane = 8 * volume;
  m.kernel("fill", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch }, green, columns, sources) => {
    k.for(begin, end, (item) => {
      const source = k.let(sources.add(item.mul(8)));
      const [f, d, u] = [k.let(k.loadInt(source)), k.let(k.loadInt(source, 4)), k.let(scratch.add(0))];
      k.for(0, n, () => {
        const [dr, di] = [k.let(k.load(d)), k.let(k.load(d, VEC))];
        for (let s = 0; s < 2; s++) {
          const [fr, fi] = [k.let(k.load(f, 2 * s * VEC)), k.let(k.load(f, (2 * s + 1) * VEC))];
          k.store(u, 2 * s * VEC, fr.mul(dr).minus(fi, di));
          k.store(u, (2 * s + 1) * VEC, fr.mul(di).plus(fi, dr));
        }
        k.set(f, f.add(4 * VEC));
        k.set(d, d.add(2 * VEC));
        k.set(u, u.add(4 * VEC));
      });
      const row = k.let(green.add(item.mul(rowBytes(volume))));
      const tile = (first: Int, size: number) => {
        const sums = Array.from({ length: 4 * size }, () => k.let(Vec.of(0)));
        const [at, w] = [k.let(columns.add(first)), k.let(scratch.add(0))];
        k.for(0, n, () => {
          const [ur, ui, lr, li] = loadFour(k, w, VEC);
          for (let i = 0; i < size; i++) {
            const [vr, vi] = [k.let(k.load(at, i * VEC)), k.let(k.load(at, plane + i * VEC))];
            const add = (s: number, next: (sum: Vec) => Vec) => k.set(sums[4 * i + s]!, next(sums[4 * i + s]!));
            // G00 = q0 + i q3, G10 = i q1 - q2
            add(0, (sum) => sum.plus(ur, vr).plus(ui, vi));
            add(3, (sum) => sum.plus(ui, vr).minus(ur, vi));
            add(1, (sum) => sum.plus(li, vr).minus(lr, vi));
            add(2, (sum) => sum.minus(lr, vr).minus(li, vi));
          }
          k.set(at, at.add(2 * plane));
          k.set(w, w.add(4 * VEC));
        });
        const to = k.let(row.add(first));
        for (let i = 0; i < size; i++) for (let s = 0; s < 4; s++) k.store(to, s * plane + i * VEC, sums[4 * i + s]!);
      };
      const tiled = vecs - (vecs % TILE);
      if (tiled > 0) k.for(0, tiled * VEC, (first) => tile(first, TILE), TILE * VEC);
      if (tiled < vecs) k.for(tiled * VEC, vecs * VEC, (first) => tile(first, 1), VEC);
    });
  });
}
