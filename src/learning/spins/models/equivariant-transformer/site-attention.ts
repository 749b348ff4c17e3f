import { type Body, type Int, Vec } from "../../../../kernels/builder.ts";
import { ROLES } from "./shape.ts";
import { type SiteLayout, tensorSize } from "./site-memory.ts";

/**
 * Y_i += sum_j P_ij V_j for some blocks of W sites, of which the queries are read `at` bytes into a plane; the y of several
 * blocks lie one behind the other.
 */
export type Attend = (k: Body, y: readonly (readonly Vec[])[], maps: Int, at: Int) => void;

const plane = ({ components, plane: bytes }: SiteLayout, head: number, role: number, c: number) =>
  ((head * ROLES + role) * components + c) * bytes;

/** max(x, 0); x is used twice. */
export const relu = (x: Vec): Vec => x.gt(0).select(x, 0);

/** P = max(G, 0), one row of G at a time, never kept. */
export function reluAttention(layout: SiteLayout): Attend {
  const { components, torus, shape } = layout;
  return (k, y, maps, at) => {
    for (let head = 0; head < shape.heads; head++) {
      const q = y.map((block, b) =>
        block.map((_, c) => k.let(k.load(maps.add(at), plane(layout, head, 0, c) + 8 * torus.lanes * b))),
      );
      k.for(
        0,
        8 * torus.volume,
        (j) => {
          const from = k.let(maps.add(j));
          const key = Array.from({ length: components }, (_, c) => k.let(k.loadSplat(from, plane(layout, head, 1, c))));
          const p = q.map((own) => {
            let product = own[0]!.mul(key[0]!);
            for (let c = 1; c < components; c++) product = product.plus(own[c]!, key[c]!);
            return k.let(relu(k.let(product)));
          });
          for (let c = 0; c < components; c++) {
            const value = k.let(k.loadSplat(from, plane(layout, head, 2, c)));
            for (const [b, block] of y.entries()) k.set(block[c]!, block[c]!.plus(p[b]!, value));
          }
        },
        8,
      );
    }
  };
}

/** Pairs (d, e), d <= e, of components. */
export const componentPairs = (components: number): readonly (readonly [number, number])[] =>
  Array.from({ length: components }, (_, d) =>
    Array.from({ length: components - d }, (_, e) => [d, d + e] as const),
  ).flat();

/**
 * The sums over all sites behind P = a G + b G^2, since sum_j (q.k_j) v_j = (sum_j v_j k_j) q and likewise for the square:
 * a sum_j v_c k_d, then b sum_j v_c k_d k_e for d <= e, doubled for d < e, both in all lanes.
 */
export function sumTensors(k: Body, layout: SiteLayout, layer: number, state: Int, maps: Int, weights: Int): void {
  const { components, shape, torus, tensors, coefficients, out } = layout;
  const pairs = componentPairs(components);
  const W = torus.lanes;
  for (let head = 0; head < shape.heads; head++) {
    const [a, b] = [0, 1].map((power) =>
      k.let(k.loadSplat(weights, coefficients + 8 * ((layer * shape.heads + head) * 2 + power))),
    ) as [Vec, Vec];
    for (let c = 0; c < components; c++) {
      const linear = Array.from({ length: components }, () => k.let(Vec.of(0)));
      const square = pairs.map(() => k.let(Vec.of(0)));
      k.for(
        0,
        8 * torus.volume,
        (j) => {
          const from = k.let(maps.add(j));
          const v = k.let(k.load(from, plane(layout, head, 2, c)));
          const key = linear.map((_, d) => k.let(k.load(from, plane(layout, head, 1, d))));
          const vk = key.map((x) => k.let(v.mul(x)));
          for (const [d, sum] of linear.entries()) k.set(sum, sum.add(vk[d]!));
          for (const [i, [d, e]] of pairs.entries()) k.set(square[i]!, square[i]!.plus(vk[d]!, key[e]!));
        },
        8 * W,
      );
      const to = tensors + 16 * (head * tensorSize(components) + c * (components + pairs.length));
      for (const [d, sum] of linear.entries())
        k.store(state, to + 16 * d, lanesTotal(k, sum, state.add(out + 32), W).mul(a));
      for (const [i, [d, e]] of pairs.entries()) {
        const total = lanesTotal(k, square[i]!, state.add(out + 32), W).mul(b);
        k.store(state, to + 16 * (components + i), d === e ? total : total.mul(2));
      }
    }
  }
}

/** P = a G + b G^2 from the sums that `sumTensors` left. */
export function polynomialAttention(layout: SiteLayout, state: Int): Attend {
  const { components, shape, tensors, torus } = layout;
  const pairs = componentPairs(components);
  return (k, y, maps, at) => {
    for (let head = 0; head < shape.heads; head++)
      for (const [b, block] of y.entries()) {
        const q = block.map((_, c) => k.let(k.load(maps.add(at), plane(layout, head, 0, c) + 8 * torus.lanes * b)));
        const qq = pairs.map(([d, e]) => k.let(q[d]!.mul(q[e]!)));
        for (const [c, sum] of block.entries()) {
          const from = tensors + 16 * (head * tensorSize(components) + c * (components + pairs.length));
          [...q, ...qq].forEach((x, i) => {
            k.set(sum, sum.plus(x, k.load(state, from + 16 * i)));
          });
        }
      }
  };
}

/** The sum over lanes, in all of them; the vec at `spare` is overwritten. */
export function lanesTotal(k: Body, x: Vec, spare: Int, lanes: 1 | 2): Vec {
  if (lanes === 1) return x;
  const value = k.let(x);
  k.storeSwapped(spare, 0, value);
  return k.let(value.add(k.load(spare)));
}
