import type { Body, Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { type LinkLayout, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import { forPairsOf, places, scalarAt, scalarSeen, stride } from "./emit.ts";
import { farAt } from "./far.ts";
import { type ProductKind, productFunction, sidesFunction } from "./products.ts";

/**
 * Pull-backs of attention-kernels.ts that are sums over ladders of two sides and two rungs,
 *
 *   Re tr[H L' T^dagger L^dagger],  L = L_nu(n), L' = L_nu(n + mu), H = H_mu(n), T = T_mu(n + s nu).
 *
 * A ladder gives cotangents to its corner n at once; those of L' and T are far parts (far.ts).
 */

/** The links of a ladder and where their cotangents go. */
interface Ladder {
  readonly h: Int;
  readonly far: Int;
  readonly t: Int;
  readonly left: Int;
  readonly weight: Vec;
  readonly dLeft: Int;
  readonly dFar: Int;
  /** dFar is set, not added to. */
  readonly first: boolean;
  readonly dh?: Int;
  readonly dt?: Int;
  /** Its vec gets the ladder itself without the weight. */
  readonly trace?: Int;
}

/**
 * The pull-back of weight Re tr[H L' T^dagger L^dagger] by way of X = w L T and Y = w H L': dL' = X^dagger H, dL += T Y^dagger,
 * dH += L' X^dagger, dT = Y^dagger L.
 */
function pullLadder(m: ModuleBuilder, k: Body, n: number, ladder: Ladder, x: Int, y: Int): void {
  const { h, far: side, t, left, weight, dLeft, dFar, first, dh, dt, trace: sum } = ladder;
  const call = (out: Int, a: Int, b: Int, how: ProductKind) => k.call(productFunction(m, n, how), out, a, b);
  k.call(sidesFunction(m, n, sum !== undefined), x, y, left, t, h, side, weight, ...(sum ? [sum] : []));
  call(dFar, x, h, { daggerA: true, accumulate: !first });
  call(dLeft, t, y, { daggerB: true, accumulate: true });
  if (dh) call(dh, side, x, { daggerB: true, accumulate: true });
  if (dt) call(dt, y, left, { daggerA: true });
}

/**
 * weigh(v, line, g, a, da, dv, dline, far, blocks, neighbours, mu, s): from the cotangent g of the weighted sum of staples. The upper
 * staple at n is the ladder with H = g(n), T = v(n + s nu) and weight a(n); the lower one at n + s nu is that with H = v(n),
 * T = g(n + s nu) and weight a(n + s nu).
 */
export function weighBack(m: ModuleBuilder, layout: LinkLayout): void {
  const { n } = layout.group;
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel(
    "weigh",
    types,
    (k, { begin, end, scratch }, v, line, g, a, da, dv, dline, far, blocks, neighbours, mu, s) => {
      const walk = new Walker(m, k, layout, neighbours);
      const slots = places(k, layout, scratch, 6) as [Int, Int, Int, Int, Int, Int];
      const [s0, s1, s2, x, y, number] = slots;
      forPairsOf(k, layout, { begin, end, mu }, ({ block, nu, shift, pair, other }) => {
        const here = walk.start(block);
        const top = stride(k, walk, here, nu, true, s);
        const parts = farAt(layout, far, blocks, block, other);
        const across = k.let(block.mul(layout.dimension).add(nu).mul(linkBytes(layout)));
        const common = {
          far: walk.link(line, walk.step(here, mu, true), nu, s0).pointer,
          left: k.let(line.add(across)),
          dLeft: k.let(dline.add(across)),
          dFar: k.let(parts.side),
        };
        pullLadder(
          m,
          k,
          n,
          {
            ...common,
            h: k.let(g.add(shift)),
            t: walk.link(v, top, mu, s1).pointer,
            weight: k.let(k.load(k.let(scalarAt(a, layout, block, pair)))),
            first: true,
            dt: k.let(parts.rung),
            trace: k.let(scalarAt(da, layout, block, pair)),
          },
          x,
          y,
        );
        pullLadder(
          m,
          k,
          n,
          {
            ...common,
            h: k.let(v.add(shift)),
            t: walk.link(g, top, mu, s2).pointer,
            weight: scalarSeen(m, k, layout, a, top, pair, number),
            first: false,
            dh: k.let(dv.add(shift)),
            trace: k.let(parts.number),
          },
          x,
          y,
        );
      });
    },
  );
}

/**
 * trace(h, t, line, b, dh, dline, far, blocks, neighbours, mu, s): from the cotangent b of Re tr[H_mu V_mu nu], V of T and the lines.
 */
export function traceBack(m: ModuleBuilder, layout: LinkLayout): void {
  const { n } = layout.group;
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("trace", types, (k, { begin, end, scratch }, h, t, line, b, dh, dline, far, blocks, neighbours, mu, s) => {
    const walk = new Walker(m, k, layout, neighbours);
    const [s0, s1, x, y] = places(k, layout, scratch, 4) as [Int, Int, Int, Int];
    forPairsOf(k, layout, { begin, end, mu }, ({ block, nu, shift, pair, other }) => {
      const here = walk.start(block);
      const parts = farAt(layout, far, blocks, block, other);
      const across = k.let(block.mul(layout.dimension).add(nu).mul(linkBytes(layout)));
      const ladder = {
        h: k.let(h.add(shift)),
        far: walk.link(line, walk.step(here, mu, true), nu, s0).pointer,
        t: walk.link(t, stride(k, walk, here, nu, true, s), mu, s1).pointer,
        left: k.let(line.add(across)),
        weight: k.let(k.load(k.let(scalarAt(b, layout, block, pair)))),
        dLeft: k.let(dline.add(across)),
        dFar: k.let(parts.side),
        first: true,
        dh: k.let(dh.add(shift)),
        dt: k.let(parts.rung),
      };
      pullLadder(m, k, n, ladder, x, y);
    });
  });
}
