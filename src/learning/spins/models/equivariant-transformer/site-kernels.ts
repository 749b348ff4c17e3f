import { type Body, type FunctionRef, type Int, ModuleBuilder, Vec } from "../../../../kernels/builder.ts";
import type { ModuleIr } from "../../../../kernels/ir.ts";
import { emitChain } from "./chain-kernel.ts";
import { ROLES } from "./shape.ts";
import { lanesTotal, polynomialAttention, reluAttention, sumTensors } from "./site-attention.ts";
import type { SiteLayout } from "./site-memory.ts";

/** The functions that the kernels of a module share. All take (state, weights, …). */
export interface SiteFunctions {
  /** (…, maps): S without its constant, from the spins and the first layer's maps, into the first vec of `out`. */
  readonly evaluate: FunctionRef;
  /** (…, from, to, offset of the site, spin …): the first layer's maps with the spin changed by so much. */
  readonly shift: FunctionRef | undefined;
  /** (…, offset of the site, spin …): writes a spin, all its images. */
  readonly put: FunctionRef;
}

/**
 * Kernels on one configuration, W sites in the lanes:
 * - begin(state, weights, field): the spins of a field, the maps of the first layer from them, and S;
 * - change(state, weights, from, to, offset of the site, its number in the field …): S with another spin;
 * - chain, capChain: see chain-kernel.ts.
 */
export function siteModule(layout: SiteLayout): ModuleIr {
  const { torus, shape, spins, maps, components } = layout;
  const m = new ModuleBuilder({ lanes: torus.lanes, bytes: 8 });
  const functions = emitFunctions(m, layout);
  m.kernel("begin", ["i32", "i32", "i32"] as const, (k, _, state, weights, field) => {
    emitFetch(k, layout, state, weights, field);
    if (shape.layers > 0) emitMaps(k, layout, 0, state, state.add(spins[0]), weights, state.add(maps[0]));
    k.call(functions.evaluate, state, weights, state.add(maps[0]));
  });
  const vectors = Array.from({ length: components }, () => "f64" as const);
  m.kernel("change", ["i32", "i32", "i32", "i32", "i32", ...vectors], (k, _, ...all) => {
    const [state, weights, from, to, site] = all.slice(0, 5) as Int[] as [Int, Int, Int, Int, Int];
    const spin = (all.slice(5) as Vec[]).map((x) => k.let(x));
    const before = spin.map((_, c) => k.let(k.loadSplat(state.add(site), spins[0] + c * torus.stride)));
    if (functions.shift)
      k.call(functions.shift, state, weights, from, to, site, ...spin.map((x, c) => x.sub(before[c]!)));
    k.call(functions.put, state, weights, site, ...spin);
    k.call(functions.evaluate, state, weights, to);
    k.call(functions.put, state, weights, site, ...before);
  });
  m.kernel("put", ["i32", "i32", "i32", ...vectors], (k, _, ...all) => {
    k.call(functions.put, ...(all as (Int | Vec)[]));
  });
  emitChain(m, layout, functions, "whole");
  emitChain(m, layout, functions, "cap");
  return m.finish();
}

function emitFunctions(m: ModuleBuilder, layout: SiteLayout): SiteFunctions {
  const { shape, torus, components, spins, out, maps } = layout;
  const vectors = Array.from({ length: components }, () => "vec" as const);
  const layers = Array.from({ length: shape.layers }, (_, l) =>
    m.helper(`layer-${l}`, ["i32", "i32", "i32"] as const, (k, state, weights, from) => {
      const input = state.add(spins[l === 0 ? 0 : 1 + ((l - 1) % 2)]!);
      if (l > 0) emitMaps(k, layout, l, state, input, weights, from);
      emitLayer(k, layout, l, state, weights, from, input, state.add(spins[1 + (l % 2)]!));
    }),
  );
  const evaluate = m.helper("evaluate", ["i32", "i32", "i32"] as const, (k, state, weights, first) => {
    for (const [l, layer] of layers.entries()) k.call(layer, state, weights, l === 0 ? first : state.add(maps[2]));
    const last = state.add(spins[shape.layers === 0 ? 0 : 1 + ((shape.layers - 1) % 2)]!);
    k.store(state, out, emitHead(k, layout, last, weights, state.add(out + 32)).neg());
  });
  const put = m.helper("put", ["i32", "i32", "i32", ...vectors], (k, ...all) => {
    const [state, weights, site] = all.slice(0, 3) as Int[] as [Int, Int, Int];
    const first = k.let(k.load(weights, layout.lanes).lt(0.5));
    const at = k.let(state.add(site));
    for (const [c, x] of (all.slice(3) as Vec[]).entries())
      for (const image of torus.images) {
        const offset = spins[0] + c * torus.stride + image;
        k.store(at, offset, first.select(x, k.load(at, offset)));
      }
  });
  const shift =
    shape.layers === 0
      ? undefined
      : m.helper("shift", ["i32", "i32", "i32", "i32", "i32", ...vectors], (k, ...all) => {
          const [, weights, from, to, site] = all.slice(0, 5) as Int[] as [Int, Int, Int, Int, Int];
          emitShift(k, layout, weights, from, to, site, all.slice(5) as Vec[]);
        });
  return { evaluate, put, shift };
}

/** Every block of W sites, or every several: its place in the planes, and the offsets in the torus. */
function forBlocks(
  k: Body,
  { torus }: SiteLayout,
  emit: (at: Int, ...offsets: [Int, ...Int[]]) => void,
  several = 1,
): void {
  const W = torus.lanes;
  const each = (i: Int) => {
    const table = k.let(i.shl(2).add(torus.offsets));
    const offsets = Array.from({ length: several }, (_, b) => k.let(k.loadInt(table, 4 * W * b)));
    emit(k.let(i.shl(3)), ...(offsets as [Int, ...Int[]]));
  };
  k.for(0, torus.volume, each, W * several);
}

/** Blocks that attend at once: the more, the less often keys and values are read, until the registers are full. */
const together = ({ torus }: SiteLayout): number => ((torus.volume / torus.lanes) % 2 === 0 ? 2 : 1);

/** The spins of a field, component a of site i at [n i + a], into the torus. */
function emitFetch(k: Body, layout: SiteLayout, state: Int, weights: Int, field: Int): void {
  const { components, torus, spins } = layout;
  const first = k.let(k.load(weights, layout.lanes).lt(0.5));
  forBlocks(k, layout, (at, offset) => {
    const [from, to] = [k.let(field.add(at.mul(components))), k.let(state.add(offset))];
    for (let c = 0; c < components; c++) {
      const one = k.loadSplat(from, 8 * c);
      const both = k.let(torus.lanes === 1 ? one : first.select(one, k.loadSplat(from, 8 * (components + c))));
      for (const image of torus.images) k.store(to, spins[0] + c * torus.stride + image, both);
    }
  });
}

/**
 * A^role_i = sum_n w^role_n sum_{j in shell n of i} X_j for query, key and value of all heads: first the sums over shells, one
 * small loop each, then their combinations. Fused, far more would be alive than there are registers.
 */
function emitMaps(k: Body, layout: SiteLayout, layer: number, state: Int, x: Int, weights: Int, to: Int): void {
  const { components, torus, shape, plane, sums } = layout;
  const spins = k.let(x);
  const target = k.let(to);
  for (let n = 0; n <= shape.neighbours; n++)
    forBlocks(k, layout, (at, offset) => {
      const [from, write] = [k.let(spins.add(offset)), k.let(state.add(at))];
      for (let c = 0; c < components; c++) {
        const terms = torus.shells[n]!.map((d) => k.load(from, c * torus.stride + d));
        k.store(write, sums + (n * components + c) * plane, pairwise(terms));
      }
    });
  const step = ROLES * 8;
  forBlocks(k, layout, (at) => {
    const [read, write] = [k.let(state.add(at)), k.let(target.add(at))];
    for (let head = 0; head < shape.heads; head++) {
      const total = Array.from({ length: ROLES * components }, () => k.let(Vec.of(0)));
      const w = k.let(weights.add(layout.weights + (layer * shape.heads + head) * step * (shape.neighbours + 1)));
      const shell = k.let(read.add(0));
      k.for(0, shape.neighbours + 1, () => {
        const terms = Array.from({ length: components }, (_, c) => k.let(k.load(shell, sums + c * plane)));
        for (let role = 0; role < ROLES; role++) {
          const weight = k.let(k.loadSplat(w, 8 * role));
          for (const [c, term] of terms.entries()) {
            const sum = total[role * components + c]!;
            k.set(sum, sum.plus(weight, term));
          }
        }
        k.set(w, w.add(step));
        k.set(shell, shell.add(components * plane));
      });
      for (const [i, sum] of total.entries()) k.store(write, (head * ROLES * components + i) * plane, sum);
    }
  });
}

/** A sum as a tree, so that no addition waits for all before it. */
function pairwise(terms: readonly Vec[]): Vec {
  if (terms.length === 1) return terms[0]!;
  const half = terms.length >> 1;
  return pairwise(terms.slice(0, half)).add(pairwise(terms.slice(half)));
}

/** The first layer's maps when the spin at a site changes by `by`: they are linear in it. */
function emitShift(k: Body, layout: SiteLayout, weights: Int, from: Int, to: Int, site: Int, by: readonly Vec[]): void {
  const { components, torus, shape } = layout;
  const zero = k.let(weights.add(layout.tables + torus.origin).sub(site));
  forBlocks(k, layout, (at, offset) => {
    const [read, write, table] = [k.let(from.add(at)), k.let(to.add(at)), k.let(zero.add(offset))];
    for (let map = 0; map < shape.heads * ROLES; map++) {
      const w = k.let(k.load(table, map * torus.stride));
      for (const [c, x] of by.entries()) {
        const plane = (map * components + c) * layout.plane;
        k.store(write, plane, k.load(read, plane).plus(w, x));
      }
    }
  });
}

/** X'_i = Y_i / |Y_i|, Y_i = X_i + sum_j P_ij V_j, to all places of the torus. */
function emitLayer(
  k: Body,
  layout: SiteLayout,
  layer: number,
  state: Int,
  weights: Int,
  maps: Int,
  input: Int,
  output: Int,
): void {
  const { components, torus, shape } = layout;
  const relu = shape.attention === "relu";
  if (!relu) sumTensors(k, layout, layer, state, maps, weights);
  const attend = relu ? reluAttention(layout) : polynomialAttention(layout, state);
  const [x, to] = [k.let(input), k.let(output)];
  const row = (at: Int, ...offsets: Int[]) => {
    const y = offsets.map((offset) =>
      Array.from({ length: components }, (_, c) => k.let(k.load(x.add(offset), c * torus.stride))),
    );
    attend(k, y, maps, at);
    for (const [b, block] of y.entries()) {
      const write = k.let(to.add(offsets[b]!));
      const norm2 = block.slice(1).reduce((sum, v) => sum.plus(v, v), block[0]!.mul(block[0]!));
      const scale = k.let(Vec.of(1).div(norm2.sqrt()));
      for (const [c, v] of block.entries()) {
        const z = k.let(v.mul(scale));
        for (const image of torus.images) k.store(write, c * torus.stride + image, z);
      }
    }
  };
  forBlocks(k, layout, row, together(layout));
}

/** sum_n K_n sum_<ij>_n X_i.X_j, in all lanes. */
function emitHead(k: Body, layout: SiteLayout, spins: Int, weights: Int, spare: Int): Vec {
  const { components, torus, shape } = layout;
  const x = k.let(spins);
  const couplings = Array.from({ length: shape.head }, (_, n) => k.let(k.loadSplat(weights, layout.couplings + 8 * n)));
  const total = k.let(Vec.of(0));
  forBlocks(k, layout, (_, offset) => {
    const from = k.let(x.add(offset));
    const own = Array.from({ length: components }, (_, c) => k.let(k.load(from, c * torus.stride)));
    for (let n = 1; n <= shape.head; n++) {
      const pairs = torus.halves[n]!;
      const sumOf = (half: boolean) =>
        own.map((_, c) => {
          const terms = pairs.filter((p) => p.half === half).map((p) => k.load(from, c * torus.stride + p.offset));
          return terms.length === 0 ? undefined : terms.reduce((sum, next) => sum.add(next));
        });
      const [whole, half] = [sumOf(false), sumOf(true)];
      const field = own.map((_, c) => {
        const [w, h] = [whole[c], half[c]];
        return w && h ? w.add(h.mul(0.5)) : (w ?? h!.mul(0.5));
      });
      const product = field.slice(1).reduce((sum, f, c) => sum.plus(own[c + 1]!, f), own[0]!.mul(field[0]!));
      k.set(total, total.plus(couplings[n - 1]!, product));
    }
  });
  return lanesTotal(k, total, spare, torus.lanes);
}
