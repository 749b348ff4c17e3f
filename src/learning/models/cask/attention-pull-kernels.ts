import { at, multiplyFunction } from "../../../kernels/algebra/matrix.ts";
import { type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { tracelessAntiHermitian } from "../../../lattice/links/algebra.ts";
import { exponentialPullBackFunction } from "../../../lattice/links/exponential-pull-back.ts";
import { type LinkLayout, vecBytes } from "../../../lattice/links/layout.ts";
import { addHeads, turnsPerTrace } from "./attention-kernels.ts";
import { forLinks, pairs, places } from "./emit.ts";
import { type FarKind, farKernel } from "./far.ts";
import { traceBack, weighBack } from "./ladder-kernels.ts";
import { plaquettesBack } from "./plaquette-kernels.ts";
import { productFunction } from "./products.ts";

export type AttentionPullKernel =
  | "turn"
  | "share"
  | "activation"
  | "weigh"
  | "trace"
  | "plaquettes"
  | "staples"
  | FarKind;

/** The pull-backs of attention-kernels.ts. Cotangents carry a d in front. Items are blocks. */
export function attentionPullKernels(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  turn(m, layout);
  share(m, layout);
  activation(m, layout);
  weighBack(m, layout);
  traceBack(m, layout);
  plaquettesBack(m, layout, true);
  plaquettesBack(m, layout, false);
  for (const kind of ["far", "farWeights", "farPlanes"] as const) farKernel(m, layout, kind);
  return m.finish();
}

/**
 * turn(u, v, sum, stride, heads, delta, du, lambda): du += delta' exp(Q) and minus Lambda = -TA(L(Q, U delta')) to
 * `lambda`, so that Re tr[delta' d(exp Q) U] = Re tr[Lambda dQ].
 */
function turn(m: ModuleBuilder, layout: LinkLayout): void {
  const { group } = layout;
  const { n } = group;
  const exponential = exponentialPullBackFunction(m, group);
  const product = multiplyFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("turn", types, (k, { begin, end, scratch }, u, v, sum, apart, heads, delta, du, lambda) => {
    const [q, w, e, work] = places(k, layout, scratch, 4) as [Int, Int, Int, Int];
    forLinks(k, layout, begin, end, ({ shift }) => {
      const [d, l] = [k.let(delta.add(shift)), k.let(lambda.add(shift))];
      addHeads(m, k, n, q, { v: v.add(shift), sum: sum.add(shift), apart, heads });
      const norm = tracelessAntiHermitian(k, group, at(q), at(q), -1);
      k.call(product, w, k.let(u.add(shift)), d);
      k.call(exponential, e, l, q, w, norm, work);
      tracelessAntiHermitian(k, group, at(l), at(l), -1);
      k.call(accumulate, k.let(du.add(shift)), d, e);
    });
  });
}

/** share(lambda, v, sum, dv, g): the part of one head in Q = -TA(V A): dv = -A Lambda, g = -Lambda V, with -Lambda in `lambda`. */
function share(m: ModuleBuilder, layout: LinkLayout): void {
  const product = productFunction(m, layout.group.n);
  m.kernel("share", ["i32", "i32", "i32", "i32", "i32"] as const, (k, { begin, end }, lambda, v, sum, dv, g) => {
    forLinks(k, layout, begin, end, ({ shift }) => {
      const [l, value, staple] = [lambda, v, sum].map((field) => k.let(field.add(shift))) as [Int, Int, Int];
      k.call(product, k.let(dv.add(shift)), staple, l);
      k.call(product, k.let(g.add(shift)), l, value);
    });
  });
}

/**
 * activation(a, da, total): da <- da (1 + a^2) pi / (4 (N + 0.01)), which makes the cotangent of a that of a~, and
 * total -= da, for the rectangles that are subtracted from it.
 */
function activation(m: ModuleBuilder, layout: LinkLayout): void {
  m.kernel("activation", ["i32", "i32", "i32"] as const, (k, { begin, end }, a, da, total) => {
    const slope = Vec.of(2 * Math.PI * turnsPerTrace(layout.group.n));
    k.for(begin.mul(pairs(layout)), end.mul(pairs(layout)), (i) => {
      const shift = k.let(i.mul(vecBytes(layout)));
      const x = k.let(k.load(k.let(a.add(shift))));
      const to = k.let(da.add(shift));
      const b = k.let(k.load(to).mul(slope.plus(x.mul(slope), x)));
      k.store(to, 0, b);
      const sum = k.let(total.add(shift));
      k.store(sum, 0, k.load(sum).sub(b));
    });
  });
}
