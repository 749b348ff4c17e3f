import { at, copyMatrix, letComplex, multiplyFunction, peek } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { Kernels } from "../../../kernels/device.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { tracelessAntiHermitian } from "../../../lattice/links/algebra.ts";
import { EXPONENTIAL_MATRICES, exponentialFunction } from "../../../lattice/links/exponential.ts";
import {
  EXPONENTIAL_DERIVATIVE_MATRICES,
  exponentialDerivativeFunction,
} from "../../../lattice/links/exponential-derivative.ts";
import { type LinkLayout, layoutKey, linkBytes } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addFunction } from "../../../physics/loops/path-sum.ts";

export type ExponentialKernel =
  | "project"
  | "addProjected"
  | "exp"
  | "expPull"
  | "rotate"
  | "rotatePull"
  | "smear"
  | "smearPull";

/** The kernels of TA(x), exp(TA(x)) and what is built on them, link by link; items are blocks. */
export const exponentialKernels = ({ lattice, layout }: LinkSpace): Kernels<ExponentialKernel> =>
  lattice.device.kernels<ExponentialKernel>(`tape exponential/${layoutKey(layout)}`, () => exponentialModule(layout));

function exponentialModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  project(m, layout);
  exponential(m, layout);
  rotate(m, layout);
  smear(m, layout);
  return m.finish();
}

/** Calls `emit` for every link of the range, with the address of its matrix in each field. */
function forLinks(
  k: Body,
  layout: LinkLayout,
  { begin, end }: { readonly begin: Int; readonly end: Int },
  fields: readonly Int[],
  emit: (matrices: Int[]) => void,
): void {
  k.for(begin.mul(layout.dimension), end.mul(layout.dimension), (link) => {
    const shift = k.let(link.mul(linkBytes(layout)));
    emit(fields.map((field) => k.let(field.add(shift))));
  });
}

const places = (k: Body, layout: LinkLayout, scratch: Int, count: number): Int[] =>
  Array.from({ length: count }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));

/** project(out, x): out = TA(x); addProjected(out, x): out += TA(x). */
function project(m: ModuleBuilder, layout: LinkLayout): void {
  m.kernel("project", ["i32", "i32"] as const, (k, range, out, x) =>
    forLinks(k, layout, range, [out, x], ([to, from]) => {
      tracelessAntiHermitian(k, layout.group, at(to!), at(from!), 1);
    }),
  );
  const add = addFunction(m, layout.group.n, false, true);
  m.kernel("addProjected", ["i32", "i32"] as const, (k, range, out, x) => {
    const [t] = places(k, layout, range.scratch, 1);
    forLinks(k, layout, range, [out, x], ([to, from]) => {
      tracelessAntiHermitian(k, layout.group, at(t!), at(from!), 1);
      k.call(add, to!, t!, Vec.of(1));
    });
  });
}

/** exp(out, x): out = exp(TA(x)). expPull(x, g, cx): cx += TA(L(TA(x), g)), see exponential-derivative.ts. */
function exponential(m: ModuleBuilder, layout: LinkLayout): void {
  const { group } = layout;
  const exp = exponentialFunction(m, group.n);
  m.kernel("exp", ["i32", "i32"] as const, (k, range, out, x) => {
    const [q, work] = places(k, layout, range.scratch, 1 + EXPONENTIAL_MATRICES);
    forLinks(k, layout, range, [out, x], ([to, from]) => {
      const norm = tracelessAntiHermitian(k, group, at(q!), at(from!), 1);
      k.call(exp, to!, q!, norm, work!);
    });
  });
  const derivative = exponentialDerivativeFunction(m, group.n);
  const add = addFunction(m, group.n, false, true);
  m.kernel("expPull", ["i32", "i32", "i32"] as const, (k, range, x, g, cx) => {
    const [q, w, e, l, work] = places(k, layout, range.scratch, 4 + EXPONENTIAL_DERIVATIVE_MATRICES);
    forLinks(k, layout, range, [x, g, cx], ([from, cotangent, to]) => {
      const norm = tracelessAntiHermitian(k, group, at(q!), at(from!), 1);
      copyMatrix(k, group.n, at(w!), at(cotangent!));
      k.call(derivative, e!, l!, q!, w!, norm, work!);
      tracelessAntiHermitian(k, group, at(l!), at(l!), 1);
      k.call(add, to!, l!, Vec.of(1));
    });
  });
}

/**
 * rotate(out, x, u): out = exp(TA(x)) u. rotatePull(x, u, g, cx, cu): with e = exp(TA(x)) dS = Re tr[u g de] + Re tr[g e du],
 * so cx += TA(L(TA(x), u g)) and cu += g e.
 */
function rotate(m: ModuleBuilder, layout: LinkLayout): void {
  const { group } = layout;
  const { n } = group;
  const exp = exponentialFunction(m, n);
  const product = multiplyFunction(m, n);
  m.kernel("rotate", ["i32", "i32", "i32"] as const, (k, range, out, x, u) => {
    const [q, e, work] = places(k, layout, range.scratch, 2 + EXPONENTIAL_MATRICES);
    forLinks(k, layout, range, [out, x, u], ([to, from, link]) => {
      const norm = tracelessAntiHermitian(k, group, at(q!), at(from!), 1);
      k.call(exp, e!, q!, norm, work!);
      k.call(product, to!, e!, link!);
    });
  });
  const derivative = exponentialDerivativeFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  const add = addFunction(m, n, false, true);
  m.kernel("rotatePull", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, x, u, g, cx, cu) => {
    const [q, w, e, l, work] = places(k, layout, range.scratch, 4 + EXPONENTIAL_DERIVATIVE_MATRICES);
    forLinks(k, layout, range, [x, u, g, cx, cu], ([from, link, cotangent, toX, toU]) => {
      const norm = tracelessAntiHermitian(k, group, at(q!), at(from!), 1);
      k.call(product, w!, link!, cotangent!);
      k.call(derivative, e!, l!, q!, w!, norm, work!);
      k.call(accumulate, toU!, cotangent!, e!);
      tracelessAntiHermitian(k, group, at(l!), at(l!), 1);
      k.call(add, toX!, l!, Vec.of(1));
    });
  });
}

/**
 * smear(out, c, u, rho): out = exp(TA(rho c u^dagger)) u.
 *
 * smearPull(partials, c, u, g, cc, cu, rho): with q = TA(rho c u^dagger) and Lambda = TA(L(q, u g)) dS = Re tr[Lambda
 * d(rho c u^dagger)] + Re tr[g e^q du], so cc += rho u^dagger Lambda, cu += g e^q - rho c^dagger Lambda, and dS/drho is the
 * sum of Re tr[Lambda c u^dagger] (gauge.md 3.3; Morningster and Peardon, section III).
 */
function smear(m: ModuleBuilder, layout: LinkLayout): void {
  const { group } = layout;
  const { n } = group;
  const exp = exponentialFunction(m, n);
  const product = multiplyFunction(m, n);
  const timesDagger = multiplyFunction(m, n, { daggerB: true });
  m.kernel("smear", ["i32", "i32", "i32", "f64"] as const, (k, range, out, c, u, rho) => {
    const [q, e, work] = places(k, layout, range.scratch, 2 + EXPONENTIAL_MATRICES);
    forLinks(k, layout, range, [out, c, u], ([to, staple, link]) => {
      k.call(timesDagger, q!, staple!, link!);
      const norm = scaledProjection(m, k, layout, q!, q!, rho);
      k.call(exp, e!, q!, norm, work!);
      k.call(product, to!, e!, link!);
    });
  });
  const derivative = exponentialDerivativeFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  const daggerAccumulate = multiplyFunction(m, n, { daggerA: true, accumulate: true });
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64"] as const;
  m.kernel("smearPull", types, (k, range, partials, c, u, g, cc, cu, rho) => {
    const [omega, q, w, e, l, work] = places(k, layout, range.scratch, 5 + EXPONENTIAL_DERIVATIVE_MATRICES);
    const sum = k.let(partials.add(range.chunk.mul(k.vecBytes)));
    k.store(sum, 0, 0);
    const trace = traceProductFunction(m, n);
    forLinks(k, layout, range, [c, u, g, cc, cu], ([staple, link, cotangent, toC, toU]) => {
      k.call(timesDagger, omega!, staple!, link!);
      const norm = scaledProjection(m, k, layout, q!, omega!, rho);
      k.call(product, w!, link!, cotangent!);
      k.call(derivative, e!, l!, q!, w!, norm, work!);
      k.call(accumulate, toU!, cotangent!, e!);
      tracelessAntiHermitian(k, group, at(l!), at(l!), 1);
      k.call(trace, sum, l!, omega!);
      k.call(scaling(m, layout), l!, l!, rho);
      k.call(daggerAccumulate, toC!, link!, l!);
      k.call(scaling(m, layout), l!, l!, Vec.of(-1));
      k.call(daggerAccumulate, toU!, staple!, l!);
    });
  });
}

/** out = TA(rho x), and the squared norm of it. */
function scaledProjection(m: ModuleBuilder, k: Body, layout: LinkLayout, out: Int, x: Int, rho: Vec): Vec {
  const norm = tracelessAntiHermitian(k, layout.group, at(out), at(x), 1);
  k.call(scaling(m, layout), out, out, rho);
  return k.let(norm.mul(rho).mul(rho));
}

/** (out, x, factor: vec): out = factor x; out may be x. */
const scaling = (m: ModuleBuilder, { group }: LinkLayout) => addFunction(m, group.n, false, false);

/** (sum, a, b): the vec at `sum` += Re tr(a b). */
function traceProductFunction(m: ModuleBuilder, n: number): FunctionRef {
  return m.helper(`traceProduct${n}`, ["i32", "i32", "i32"] as const, (k, sum, a, b) => {
    for (let i = 0; i < n; i++) {
      let part: Vec = k.load(sum);
      for (let j = 0; j < n; j++) {
        const [x, y] = [letComplex(k, peek(k, n, at(a), i, j)), letComplex(k, peek(k, n, at(b), j, i))];
        part = part.plus(x.re, y.re).minus(x.im, y.im);
      }
      k.store(sum, 0, part);
    }
  });
}
