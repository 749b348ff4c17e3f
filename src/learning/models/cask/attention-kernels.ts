import { cosSinTurns } from "../../../kernels/algebra/elementary.ts";
import { at, setZero } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { tracelessAntiHermitian } from "../../../lattice/links/algebra.ts";
import { exponentialFunction } from "../../../lattice/links/exponential.ts";
import { type LinkLayout, Walker } from "../../../lattice/links/layout.ts";
import { type Corner, forCorners, forLinks, places, scalarAt, stride } from "./emit.ts";
import { productFunction, scaledProductFunction, traceFunction } from "./products.ts";

export type AttentionKernel = "rectangles" | "attend" | "weigh" | "turn";

/**
 * The attention of a layer, one distance s at a time. L_nu(n) is the straight line of s links from n; the numbers r and
 * a lie as [block][mu][nu, not counting mu][lane]. Items are blocks.
 */
export function attentionKernels(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  rectangles(m, layout);
  attend(m, layout);
  weigh(m, layout);
  turn(m, layout);
  return m.finish();
}

/** a~ in turns of the tangent: tan(pi a~ / (4 (N + 0.01))) = tan(2 pi turns). */
export const turnsPerTrace = (n: number): number => 1 / (8 * (n + 0.01));

/**
 * Re tr[H_mu(n) V_mu nu(n)] with the extended staple V = L_nu(n + mu) T_mu(n + s nu)^dagger L_nu(n)^dagger, for every
 * pair of directions (for which `isNew`, where that is given); `emit` gets the address of its vec.
 */
function traces(
  m: ModuleBuilder,
  layout: LinkLayout,
  k: Body,
  { begin, end, scratch }: { begin: Int; end: Int; scratch: Int },
  fields: { h: Int; t: Int; line: Int; neighbours: Int; s: Int; isNew?: (mu: Int, nu: Int) => Int },
  emit: (trace: Int, corner: Corner) => void,
): void {
  const { h, t, line, neighbours, s, isNew } = fields;
  const walk = new Walker(m, k, layout, neighbours);
  const [s0, s1, row, sum] = places(k, layout, scratch, 4) as [Int, Int, Int, Int];
  const trace = traceFunction(m, layout.group.n);
  const one = (corner: Corner) => {
    const { block, mu, nu, shift } = corner;
    const here = walk.start(block);
    const side = walk.link(line, walk.step(here, mu, true), nu, s0);
    const top = walk.link(t, stride(k, walk, here, nu, true, s), mu, s1);
    const left = walk.link(line, here, nu, row);
    k.call(trace, sum, k.let(h.add(shift)), side.pointer, top.pointer, left.pointer, row);
    emit(sum, corner);
  };
  forCorners(k, layout, begin, end, (corner) => {
    if (isNew) k.if(isNew(corner.mu, corner.nu), () => one(corner));
    else one(corner);
  });
}

/** rectangles(r, u, line, neighbours, s): r = Re tr[U_mu V[U]], the 1 x s rectangles; those of s = 1 are done once a plane. */
function rectangles(m: ModuleBuilder, layout: LinkLayout): void {
  m.kernel("rectangles", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, r, u, line, neighbours, s) => {
    const isNew = (mu: Int, nu: Int) => mu.lt(nu).or(s.ne(1));
    traces(m, layout, k, range, { h: u, t: u, line, neighbours, s, isNew }, (trace, { block, mu, nu, pair }) => {
      k.store(k.let(scalarAt(r, layout, block, pair)), 0, k.load(trace));
      // the pair nu, mu, mu < nu: mu comes before nu, so it is number mu of the others
      const other = nu.mul(layout.dimension - 1).add(mu);
      k.if(s.eq(1), () => k.store(k.let(scalarAt(r, layout, block, other)), 0, k.load(trace)));
    });
  });
}

/** attend(a, r, query, key, line, neighbours, s): a = tan(pi (Re tr[U^Q_mu V[U^K]] - r)/(4 (N + 0.01))). */
function attend(m: ModuleBuilder, layout: LinkLayout): void {
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("attend", types, (k, range, a, r, query, key, line, neighbours, s) =>
    traces(m, layout, k, range, { h: query, t: key, line, neighbours, s }, (trace, { block, pair }) => {
      const difference = k.load(trace).sub(k.load(k.let(scalarAt(r, layout, block, pair))));
      const { cos, sin } = cosSinTurns(k, difference.mul(turnsPerTrace(layout.group.n)));
      k.store(k.let(scalarAt(a, layout, block, pair)), 0, sin.div(cos));
    }),
  );
}

/**
 * weigh(sum, a, v, line, neighbours, s): sum_mu(n) += sum_nu a (upper + lower extended staple of v), for s = 1 from
 * zero. They are paths from n + mu to n; the lower ones lie at n - s nu.
 */
function weigh(m: ModuleBuilder, layout: LinkLayout): void {
  const { n } = layout.group;
  const [upper, lower] = [addStaple(m, n, "upper"), addStaple(m, n, "lower")];
  const types = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("weigh", types, (k, { begin, end, scratch }, sum, a, v, line, neighbours, s) => {
    const walk = new Walker(m, k, layout, neighbours);
    const [s0, s1, s2, row] = places(k, layout, scratch, 4) as [Int, Int, Int, Int];
    forCorners(
      k,
      layout,
      begin,
      end,
      ({ block, mu, nu, shift, pair }) => {
        const out = k.let(sum.add(shift));
        const weight = k.let(k.load(k.let(scalarAt(a, layout, block, pair))));
        const staple = (one: FunctionRef, from: Int, rung: Int) => {
          const side = walk.link(line, walk.step(from, mu, true), nu, s0);
          const top = walk.link(v, rung, mu, s1);
          const left = walk.link(line, from, nu, s2);
          k.call(one, out, side.pointer, top.pointer, left.pointer, row, weight);
        };
        const here = walk.start(block);
        staple(upper, here, stride(k, walk, here, nu, true, s));
        const below = stride(k, walk, here, nu, false, s);
        staple(lower, below, below);
      },
      ({ shift }) => k.if(s.eq(1), () => setZero(k, n, at(k.let(sum.add(shift))))),
    );
  });
}

/**
 * (out, side, rung, left, work, w: vec): out += w side rung^dagger left^dagger for upper, w side^dagger rung^dagger left for
 * lower staples.
 */
function addStaple(m: ModuleBuilder, n: number, which: "upper" | "lower"): FunctionRef {
  const isUpper = which === "upper";
  const types = ["i32", "i32", "i32", "i32", "i32", "vec"] as const;
  const first = scaledProductFunction(m, n, !isUpper);
  const last = productFunction(m, n, { daggerB: isUpper, accumulate: true });
  return m.helper(`${which}Staple${n}`, types, (k, out, side, rung, left, work, w) => {
    k.call(first, work, side, rung, w);
    k.call(last, out, work, left);
  });
}

/** turn(u, v, sum, stride, heads, out): out = exp(-TA(sum_h V_h A_h)) U; the heads lie `stride` bytes apart. */
function turn(m: ModuleBuilder, layout: LinkLayout): void {
  const { n } = layout.group;
  const exponential = exponentialFunction(m, n);
  const product = productFunction(m, n);
  const types = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("turn", types, (k, { begin, end, scratch }, u, v, sum, apart, heads, out) => {
    const [q, e, work] = places(k, layout, scratch, 3) as [Int, Int, Int];
    forLinks(k, layout, begin, end, ({ shift }) => {
      addHeads(m, k, n, q, { v: v.add(shift), sum: sum.add(shift), apart, heads });
      const norm = tracelessAntiHermitian(k, layout.group, at(q), at(q), -1);
      k.call(exponential, e, q, norm, work);
      k.call(product, k.let(out.add(shift)), e, k.let(u.add(shift)));
    });
  });
}

/** out = sum_h V_h A_h at one link. */
export function addHeads(
  m: ModuleBuilder,
  k: Body,
  n: number,
  out: Int,
  { v, sum, apart, heads }: { v: Int; sum: Int; apart: Int; heads: Int },
): void {
  const accumulate = productFunction(m, n, { accumulate: true });
  const [value, staple] = [k.let(v), k.let(sum)];
  setZero(k, n, at(out));
  k.for(0, heads, () => {
    k.call(accumulate, out, value, staple);
    k.set(value, value.add(apart));
    k.set(staple, staple.add(apart));
  });
}
