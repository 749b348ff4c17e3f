import { type Body, type Int, ModuleBuilder, Vec } from "../../../../kernels/builder.ts";
import type { ModuleIr } from "../../../../kernels/ir.ts";
import { type PairAttention, pairAttention } from "./pair-attention.ts";
import { around, dot, forSites, loadVector, storeVector, zeros } from "./pair-emit.ts";
import { mapAt, mapRecord, type PairLayout, VEC } from "./pair-memory.ts";
import { couplingAt, ROLES, weightAt } from "./shape.ts";
import { kernelWeight } from "./site-memory.ts";

/** Items of a range that one pair counts as: a piece of a range has at least 16 (device.ts), and is thus one pair. */
export const ITEMS_PER_PAIR = 16;

/**
 * Kernels on pairs of configurations, one in each lane, so that nothing need be gathered:
 * - forward(spins, count, pairs, work, weights): from the spins of configurations 2 p and 2 p + 1 (the last once more where it has no
 *   partner) all that the pull-back needs, and C_n of the last spins;
 * - pull(pairs, work, weights, seeds): times seeds [p][lane] the derivatives of S with respect to the weights, into the
 *   gradient of each pair, and to the spins, into `spinBars` of the work.
 */
export function pairModule(layout: PairLayout): ModuleIr {
  const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
  const attention = pairAttention(layout);
  const forward = layout.maps.map((_, l) =>
    m.helper(`forward-${l}`, ["i32", "i32", "i32"] as const, (k, pair, weights, work) => {
      emitMaps(k, layout, l, pair, weights, work);
      emitLayer(k, layout, l, attention, pair, weights);
    }),
  );
  const types = ["i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("forward", types, (k, { begin, end, chunk }, spins, count, pairs, works, weights) => {
    const work = k.let(works.add(chunk.mul(layout.workBytes)));
    forPairs(k, begin, end, (p) => {
      const pair = k.let(pairs.add(p.mul(layout.pairBytes)));
      emitFetch(k, layout, spins, count, p, pair, weights);
      for (const layer of forward) k.call(layer, pair, weights, work);
      emitSums(k, layout, pair);
    });
  });
  const pull = layout.maps.map((_, l) =>
    m.helper(`pull-${l}`, ["i32", "i32", "i32"] as const, (k, pair, weights, work) => {
      emitNormPull(k, layout, l, pair, work);
      attention.pull(k, l, pair, weights, work);
      emitMapsPull(k, layout, l, pair, weights, work);
    }),
  );
  m.kernel("pull", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end, chunk }, pairs, works, weights, seeds) => {
    const work = k.let(works.add(chunk.mul(layout.workBytes)));
    forPairs(k, begin, end, (p) => {
      const pair = k.let(pairs.add(p.mul(layout.pairBytes)));
      const seed = k.let(k.load(seeds.add(p.mul(VEC))));
      emitHeadPull(k, layout, pair, weights, work, seed);
      for (const layer of [...pull].reverse()) k.call(layer, pair, weights, work);
    });
  });
  return m.finish();
}

/** The pairs whose first item lies in the range. */
function forPairs(k: Body, begin: Int, end: Int, emit: (p: Int) => void): void {
  const shift = Math.log2(ITEMS_PER_PAIR);
  const first = (at: Int) => at.add(ITEMS_PER_PAIR - 1).shr(shift);
  k.for(first(begin), k.let(first(end)), emit);
}

/** Two configurations into the lanes. */
function emitFetch(k: Body, layout: PairLayout, spins: Int, count: Int, p: Int, pair: Int, weights: Int): void {
  const bytes = 8 * layout.volume * layout.components;
  const one = k.let(spins.add(p.mul(2 * bytes)));
  const other = k.let(one.add(0));
  k.if(p.shl(1).add(1).lt(count), () => k.set(other, one.add(bytes)));
  const first = k.let(k.load(weights, layout.site.lanes).lt(0.5));
  k.for(
    0,
    bytes,
    (at) => {
      const to = pair.add(layout.spins[0]!).add(at.shl(1));
      k.store(to, 0, first.select(k.loadSplat(one.add(at)), k.loadSplat(other.add(at))));
    },
    8,
  );
}

const weight = (k: Body, { site, shape }: PairLayout, weights: Int, layer: number, map: number, n: number) =>
  k.let(k.loadSplat(weights, site.weights + 8 * kernelWeight(shape, layer, map, n)));

/** Sums over shells first, one small loop each, then their combinations, as in site-kernels.ts. */
function emitMaps(k: Body, layout: PairLayout, layer: number, pair: Int, weights: Int, work: Int): void {
  const { components, shape, volume, spins, maps, shellBars, site: own } = layout;
  const list = k.let(pair.add(spins[layer]!));
  const bytes = VEC * volume * components;
  for (let n = 0; n <= shape.neighbours; n++)
    forSites(k, layout, (site, at) => {
      storeVector(k, work.add(at), shellBars + n * bytes, around(k, layout, site).sum(list, n, 0));
    });
  forSites(k, layout, (site, at) => {
    const to = k.let(pair.add(maps[layer]!).add(site.mul(mapRecord(layout))));
    for (let head = 0; head < shape.heads; head++) {
      const totals = zeros(k, ROLES * components);
      const w = k.let(weights.add(own.weights + 8 * kernelWeight(shape, layer, ROLES * head, 0)));
      const shell = k.let(work.add(at));
      k.for(0, shape.neighbours + 1, () => {
        const terms = loadVector(k, components, shell, shellBars);
        for (let role = 0; role < ROLES; role++) {
          const factor = k.let(k.loadSplat(w, 8 * role));
          for (const [c, term] of terms.entries()) {
            const total = totals[role * components + c]!;
            k.set(total, total.plus(factor, term));
          }
        }
        k.set(w, w.add(8 * ROLES));
        k.set(shell, shell.add(bytes));
      });
      storeVector(k, to, mapAt(layout, head, 0, 0), totals);
    }
  });
}

function emitLayer(
  k: Body,
  layout: PairLayout,
  layer: number,
  attention: PairAttention,
  pair: Int,
  weights: Int,
): void {
  const { components, spins, maps, scales } = layout;
  attention.prepare?.(k, layer, pair, weights);
  forSites(k, layout, (site, at) => {
    const here = k.let(pair.add(at));
    const y = loadVector(k, components, here, spins[layer]!);
    attention.attend(k, layer, pair, weights, k.let(pair.add(maps[layer]!).add(site.mul(mapRecord(layout)))), y);
    const scale = k.let(Vec.of(1).div(dot(y, y).sqrt()));
    k.store(pair.add(site.mul(VEC)), scales[layer]!, scale);
    storeVector(
      k,
      here,
      spins[layer + 1]!,
      y.map((v) => v.mul(scale)),
    );
  });
}

/** C_n = sum_i X_i.(A_n X)_i / 2. */
function emitSums(k: Body, layout: PairLayout, pair: Int): void {
  const { components, shape, spins, sums } = layout;
  const last = spins[shape.layers]!;
  const list = k.let(pair.add(last));
  const totals = zeros(k, shape.head);
  forSites(k, layout, (site, at) => {
    const near = around(k, layout, site);
    const own = loadVector(k, components, list.add(at), 0);
    for (const [n, total] of totals.entries()) k.set(total, total.add(dot(own, near.sum(list, n + 1, 0))));
  });
  storeVector(
    k,
    pair,
    sums,
    totals.map((total) => total.mul(0.5)),
  );
}

/** bar X_i = -seed sum_n K_n (A_n X)_i, and dS/dK_n = -seed C_n. */
function emitHeadPull(k: Body, layout: PairLayout, pair: Int, weights: Int, work: Int, seed: Vec): void {
  const { shape, spins, spinBars, sums, gradient, site: own } = layout;
  const list = k.let(pair.add(spins[shape.layers]!));
  const slope = k.let(seed.neg());
  forSites(k, layout, (site, at) => {
    const near = around(k, layout, site);
    const bar = zeros(k, layout.components);
    for (let n = 0; n < shape.head; n++) {
      const coupling = k.let(k.loadSplat(weights, own.couplings + 8 * n));
      const field = near.sum(list, n + 1, 0);
      for (const [c, b] of bar.entries()) k.set(b, b.plus(coupling, field[c]!));
    }
    storeVector(
      k,
      work.add(at),
      spinBars,
      bar.map((b) => b.mul(slope)),
    );
  });
  for (let n = 0; n < shape.head; n++)
    k.store(pair, gradient + VEC * couplingAt(shape, n), k.load(pair, sums + VEC * n).mul(slope));
}

/** bar Y_i = (bar X_i - (bar X_i.X_i) X_i) / |Y_i|, of the spins behind the layer. */
function emitNormPull(k: Body, layout: PairLayout, layer: number, pair: Int, work: Int): void {
  const { components, spins, scales, spinBars, outBars } = layout;
  forSites(k, layout, (site, at) => {
    const here = k.let(work.add(at));
    const bar = loadVector(k, components, here, spinBars);
    const x = loadVector(k, components, pair.add(at), spins[layer + 1]!);
    const along = k.let(dot(bar, x));
    const scale = k.let(k.load(pair.add(site.mul(VEC)), scales[layer]!));
    storeVector(
      k,
      here,
      outBars,
      bar.map((b, c) => b.minus(along, x[c]!).mul(scale)),
    );
  });
}

/**
 * bar w_n = sum_i bar A_i.(A_n X)_i, and bar X_i = bar Y_i + sum_n sum_{j in shell n of i} U_n,j with U_n,j = sum over maps of
 * w_n bar A_j: the shells are symmetric.
 */
function emitMapsPull(k: Body, layout: PairLayout, layer: number, pair: Int, weights: Int, work: Int): void {
  const { components, shape, volume, spins, mapBars, shellBars, outBars, spinBars, gradient } = layout;
  const list = k.let(pair.add(spins[layer]!));
  const bytes = VEC * volume * components;
  const count = shape.heads * ROLES;
  for (let n = 0; n <= shape.neighbours; n++) {
    const w = Array.from({ length: count }, (_, map) => weight(k, layout, weights, layer, map, n));
    const slopes = zeros(k, count);
    forSites(k, layout, (site, at) => {
      const shell = around(k, layout, site).sum(list, n, 0);
      const from = k.let(work.add(site.mul(mapRecord(layout))));
      const sum = zeros(k, components);
      for (let map = 0; map < count; map++) {
        const bar = loadVector(k, components, from, mapBars + VEC * components * map);
        k.set(slopes[map]!, slopes[map]!.add(dot(bar, shell)));
        for (const [c, s] of sum.entries()) k.set(s, s.plus(w[map]!, bar[c]!));
      }
      storeVector(k, work.add(at), shellBars + n * bytes, sum);
    });
    for (const [map, slope] of slopes.entries())
      k.store(pair, gradient + VEC * weightAt(shape, layer, 0, map, n), slope);
  }
  const bars = k.let(work.add(shellBars));
  forSites(k, layout, (site, at) => {
    const near = around(k, layout, site);
    const total = loadVector(k, components, work.add(at), outBars);
    for (let n = 0; n <= shape.neighbours; n++) {
      const sum = near.sum(bars, n, n * bytes);
      for (const [c, t] of total.entries()) k.set(t, t.add(sum[c]!));
    }
    storeVector(k, work.add(at), spinBars, total);
  });
}
