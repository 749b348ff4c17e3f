import type { Body, Int, Vec } from "../../../../kernels/builder.ts";
import { dot, forSites, loadVector, storeVector, zeros } from "./pair-emit.ts";
import { mapAt, mapRecord, type PairLayout, VEC } from "./pair-memory.ts";
import { coefficientAt, ROLES } from "./shape.ts";
import { componentPairs, relu } from "./site-attention.ts";
import { tensorSize } from "./site-memory.ts";

/** The attention of a layer and its pull-back, for pairs of configurations. Addresses are those of a pair or its work. */
export interface PairAttention {
  /** What is needed before any row, from the maps at `maps`. */
  prepare?(k: Body, layer: number, pair: Int, weights: Int): void;
  /** y_i += sum_j P_ij V_j, the maps of site i at `own`. */
  attend(k: Body, layer: number, pair: Int, weights: Int, own: Int, y: readonly Vec[]): void;
  /** From dS/dY in `outBars` the derivatives of all maps into `mapBars`, and those of a and b into the gradient. */
  pull(k: Body, layer: number, pair: Int, weights: Int, work: Int): void;
}

export const pairAttention = (layout: PairLayout): PairAttention =>
  layout.shape.attention === "relu" ? reluPair(layout) : polynomialPair(layout);

/** Bar Q_i = sum_j Gbar_ij K_j, bar K_j = sum_i Gbar_ij Q_i, bar V_j = sum_i P_ij bar Y_i, Gbar = (bar Y_i.V_j) [G > 0]. */
function reluPair(layout: PairLayout): PairAttention {
  const { shape, components, volume, maps, outBars, mapBars } = layout;
  const record = mapRecord(layout);
  const read = (k: Body, at: Int, head: number, role: number) =>
    loadVector(k, components, at, mapAt(layout, head, role, 0));
  return {
    attend(k, layer, pair, _, own, y) {
      const all = k.let(pair.add(maps[layer]!));
      for (let head = 0; head < shape.heads; head++) {
        const q = read(k, own, head, 0);
        k.for(
          0,
          volume * record,
          (j) => {
            const from = k.let(all.add(j));
            const p = k.let(relu(k.let(dot(q, read(k, from, head, 1)))));
            for (const [c, sum] of y.entries()) k.set(sum, sum.plus(p, k.load(from, mapAt(layout, head, 2, c))));
          },
          record,
        );
      }
    },
    pull(k, layer, pair, _, work) {
      const [all, bars] = [k.let(pair.add(maps[layer]!)), k.let(work.add(mapBars))];
      k.for(0, volume * record, (at) => k.store(bars.add(at), 0, 0), VEC);
      forSites(k, layout, (site, at) => {
        const bar = loadVector(k, components, work.add(at), outBars);
        const offset = k.let(site.mul(record));
        for (let head = 0; head < shape.heads; head++) {
          const q = read(k, all.add(offset), head, 0);
          const queryBar = zeros(k, components);
          k.for(
            0,
            volume * record,
            (j) => {
              const [from, to] = [k.let(all.add(j)), k.let(bars.add(j))];
              const key = read(k, from, head, 1);
              const g = k.let(dot(q, key));
              const open = k.let(g.gt(0));
              const p = k.let(open.select(g, 0));
              const gBar = k.let(open.select(dot(bar, read(k, from, head, 2)), 0));
              for (let c = 0; c < components; c++) {
                const [keyAt, valueAt] = [mapAt(layout, head, 1, c), mapAt(layout, head, 2, c)];
                k.store(to, valueAt, k.load(to, valueAt).plus(p, bar[c]!));
                k.store(to, keyAt, k.load(to, keyAt).plus(gBar, q[c]!));
                k.set(queryBar[c]!, queryBar[c]!.plus(gBar, key[c]!));
              }
            },
            record,
          );
          storeVector(k, bars.add(offset), mapAt(layout, head, 0, 0), queryBar);
        }
      });
    },
  };
}

/**
 * P = a G + b G^2 through the sums over sites M1_cd = sum_j v_c k_d and M2_cde = sum_j v_c k_d k_e, d <= e; pulled back
 * through N1_cd = sum_i bar y_c q_d and N2_cde = sum_i bar y_c q_d q_e. Nothing costs more than the volume.
 */
function polynomialPair(layout: PairLayout): PairAttention {
  const { shape, components, maps, outBars, mapBars, tensors, tensorBars, gradient, site } = layout;
  const record = mapRecord(layout);
  const pairs = componentPairs(components);
  const row = components + pairs.length;
  const twice = pairs.map(([d, e]) => (d === e ? 1 : 2));
  const place = (head: number, c: number) => VEC * (head * tensorSize(components) + c * row);
  const coefficients = (k: Body, layer: number, head: number, weights: Int) =>
    [0, 1].map((power) =>
      k.let(k.loadSplat(weights, site.coefficients + 8 * ((layer * shape.heads + head) * 2 + power))),
    ) as [Vec, Vec];
  /** Where among M2 the pair of two components is. */
  const pairOf = (d: number, e: number) => pairs.findIndex(([p, q]) => p === Math.min(d, e) && q === Math.max(d, e));

  /** sum over sites of x_c z_d and x_c z_d z_e, to `to`. */
  const accumulate = (
    k: Body,
    head: number,
    to: Int,
    vectors: (k: Body, site: Int, at: Int) => readonly [Vec[], Vec[]],
  ) => {
    for (let c = 0; c < components; c++) {
      const sums = zeros(k, row);
      forSites(k, layout, (n, at) => {
        const [x, z] = vectors(k, n, at);
        const xz = z.map((v) => k.let(x[c]!.mul(v)));
        xz.forEach((v, d) => k.set(sums[d]!, sums[d]!.add(v)));
        for (const [i, [d, e]] of pairs.entries()) {
          const sum = sums[components + i]!;
          k.set(sum, sum.plus(xz[d]!, z[e]!));
        }
      });
      storeVector(k, to, place(head, c), sums);
    }
  };
  /** x_c = a sum_d T1_cd z_d + b sum_(d <= e) T2_cde z_d z_e, with pairs that differ doubled. */
  const applied = (k: Body, head: number, from: Int, [a, b]: readonly [Vec, Vec], z: readonly Vec[]): Vec[] => {
    const zz = pairs.map(([d, e], i) => k.let(z[d]!.mul(z[e]!).mul(b.mul(twice[i]!))));
    const az = z.map((v) => k.let(v.mul(a)));
    return z.map((_, c) =>
      k.let(
        [...az, ...zz].reduce((sum: Vec | undefined, v, i) => {
          const t = k.load(from, place(head, c) + VEC * i);
          return sum ? sum.plus(v, t) : v.mul(t);
        }, undefined)!,
      ),
    );
  };
  /** The derivative of x.applied(z) with respect to z. */
  const transposed = (
    k: Body,
    head: number,
    from: Int,
    [a, b]: readonly [Vec, Vec],
    x: readonly Vec[],
    z: readonly Vec[],
  ): Vec[] => {
    const twiceB = k.let(b.mul(2));
    const bars = zeros(k, components);
    for (const [c, v] of x.entries()) {
      const linear = k.let(v.mul(a));
      const square = k.let(v.mul(twiceB));
      for (const [d, bar] of bars.entries()) {
        const inner = z
          .map((ze, e) => ze.mul(k.load(from, place(head, c) + VEC * (components + pairOf(d, e)))))
          .reduce((sum, next) => sum.add(next));
        k.set(bar, bar.plus(linear, k.load(from, place(head, c) + VEC * d)).plus(square, inner));
      }
    }
    return bars;
  };
  const readMap = (k: Body, list: Int, n: Int, head: number, role: number) =>
    loadVector(k, components, list.add(n.mul(record)), mapAt(layout, head, role, 0));

  return {
    prepare(k, layer, pair) {
      const [all, to] = [k.let(pair.add(maps[layer]!)), k.let(pair.add(tensors[layer]!))];
      for (let head = 0; head < shape.heads; head++)
        accumulate(k, head, to, (b, n) => [readMap(b, all, n, head, 2), readMap(b, all, n, head, 1)]);
    },
    attend(k, layer, pair, weights, own, y) {
      const from = k.let(pair.add(tensors[layer]!));
      for (let head = 0; head < shape.heads; head++) {
        const q = loadVector(k, components, own, mapAt(layout, head, 0, 0));
        const out = applied(k, head, from, coefficients(k, layer, head, weights), q);
        for (const [c, sum] of y.entries()) k.set(sum, sum.add(out[c]!));
      }
    },
    pull(k, layer, pair, weights, work) {
      const [all, bars] = [k.let(pair.add(maps[layer]!)), k.let(work.add(mapBars))];
      const [forward, backward] = [k.let(pair.add(tensors[layer]!)), k.let(work.add(tensorBars))];
      for (let head = 0; head < shape.heads; head++) {
        const ab = coefficients(k, layer, head, weights);
        const outBar = (b: Body, at: Int) => loadVector(b, components, work.add(at), outBars);
        accumulate(k, head, backward, (b, n, at) => [outBar(b, at), readMap(b, all, n, head, 0)]);
        coefficientGradient(k, layer, head, pair, forward, backward);
        forSites(k, layout, (n, at) => {
          const [q, key, value] = Array.from({ length: ROLES }, (_, role) => readMap(k, all, n, head, role)) as [
            Vec[],
            Vec[],
            Vec[],
          ];
          const to = k.let(bars.add(n.mul(record)));
          storeVector(k, to, mapAt(layout, head, 0, 0), transposed(k, head, forward, ab, outBar(k, at), q));
          storeVector(k, to, mapAt(layout, head, 1, 0), transposed(k, head, backward, ab, value, key));
          storeVector(k, to, mapAt(layout, head, 2, 0), applied(k, head, backward, ab, key));
        });
      }
    },
  };

  /** dS/da = N1.M1 and dS/db = N2.M2. */
  function coefficientGradient(k: Body, layer: number, head: number, pair: Int, forward: Int, backward: Int): void {
    const sums = zeros(k, 2);
    for (let c = 0; c < components; c++)
      for (let i = 0; i < row; i++) {
        const at = place(head, c) + VEC * i;
        const power = i < components ? 0 : 1;
        const term = k.load(forward, at).mul(power === 0 ? 1 : twice[i - components]!);
        k.set(sums[power]!, sums[power]!.plus(term, k.load(backward, at)));
      }
    for (const power of [0, 1]) k.store(pair, gradient + VEC * coefficientAt(shape, layer, head, power), sums[power]!);
  }
}
