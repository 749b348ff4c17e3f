import { at, copyMatrix, letComplex, multiplyFunction, peek } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { tracelessAntiHermitian } from "../../../lattice/links/algebra.ts";
import { exponentialFunction } from "../../../lattice/links/exponential.ts";
import { exponentialDerivativeFunction } from "../../../lattice/links/exponential-derivative.ts";
import { blockBytes, type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import { addFunction } from "../../loops/path-sum.ts";
import type { SmearingTerm } from "./terms.ts";

export type StoutKernel = "smear" | "local" | "gather" | "gradient";

/**
 * One stout layer U' = exp(Q) U, Q = TA(C U^dagger), in terms of the staples A = C^dagger = sum_i rho_i A_i, so that
 * Q = -TA(U A). Items are blocks. The last parameters of `smear` and `gather` are the rho of the terms.
 */
export function stoutKernels(layout: LinkLayout, terms: readonly SmearingTerm[]): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const staples = terms.map(({ source }) => source.emit(m, layout));
  smear(m, layout, terms, staples);
  local(m, layout);
  gather(m, layout, terms);
  gradient(m, layout, terms, staples);
  return m.finish();
}

/** Calls `emit` for every link of the range, with the distance in bytes of its matrix from the start of a field. */
function forLinks(k: Body, layout: LinkLayout, begin: Int, end: Int, emit: (link: Link) => void): void {
  k.for(begin, end, (block) =>
    k.for(0, layout.dimension, (mu) =>
      emit({ block, mu, shift: k.let(block.mul(blockBytes(layout)).add(mu.mul(linkBytes(layout)))) }),
    ),
  );
}

interface Link {
  readonly block: Int;
  readonly mu: Int;
  readonly shift: Int;
}

/** Places for matrices from the start of the scratch memory on. */
const places = (k: Body, layout: LinkLayout, scratch: Int, count: number): Int[] =>
  Array.from({ length: count }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));

const mostScratch = (list: readonly { readonly scratchMatrices: number }[]) =>
  Math.max(...list.map(({ scratchMatrices }) => scratchMatrices));

/** smear(u, a, out, neighbours, …rho): a = sum_i rho_i A_i, out = exp(-TA(u a)) u. */
function smear(
  m: ModuleBuilder,
  layout: LinkLayout,
  terms: readonly SmearingTerm[],
  staples: readonly FunctionRef[],
): void {
  const { n } = layout.group;
  const exponential = exponentialFunction(m, n);
  const product = multiplyFunction(m, n);
  const types = ["i32", "i32", "i32", "i32", ...terms.map(() => "f64" as const)] as const;
  m.kernel("smear", types, (k, { begin, end, scratch }, u, a, out, neighbours, ...rho) => {
    const staple = k.let(scratch.add(mostScratch(terms.map(({ source }) => source)) * linkBytes(layout)));
    const [q, e, work] = places(k, layout, scratch, 3) as [Int, Int, Int];
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      const sum = k.let(a.add(shift));
      const link = k.let(u.add(shift));
      staples.forEach((one, i) => {
        k.call(one, u, neighbours, block, mu, staple, scratch);
        k.call(addFunction(m, n, false, i > 0), sum, staple, Vec.of(rho[i]!));
      });
      k.call(product, q, link, sum);
      const norm = tracelessAntiHermitian(k, layout.group, at(q), at(q), -1);
      k.call(exponential, e, q, norm, work);
      k.call(product, k.let(out.add(shift)), e, link);
    });
  });
}

/**
 * local(u, a, delta, g): the part of the pull-back at the link itself. With delta' in `delta`, w = U delta' and Lambda =
 * TA(L(Q, w)), so that Re tr[delta' d(exp Q) U] = Re tr[Lambda d(C U^dagger)]:
 * delta = delta' exp(Q) - A Lambda, and what goes on through A is g = -Lambda U, Re tr[g dA].
 */
function local(m: ModuleBuilder, layout: LinkLayout): void {
  const { group } = layout;
  const { n } = group;
  const exponential = exponentialDerivativeFunction(m, n);
  const product = multiplyFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  m.kernel("local", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end, scratch }, u, a, delta, g) => {
    const [q, w, e, l, work] = places(k, layout, scratch, 5) as [Int, Int, Int, Int, Int];
    forLinks(k, layout, begin, end, ({ shift }) => {
      const [link, sum, d] = [u, a, delta].map((field) => k.let(field.add(shift))) as [Int, Int, Int];
      k.call(product, q, link, sum);
      const norm = tracelessAntiHermitian(k, group, at(q), at(q), -1);
      k.call(product, w, link, d);
      k.call(exponential, e, l, q, w, norm, work);
      tracelessAntiHermitian(k, group, at(l), at(l), -1);
      k.call(product, k.let(g.add(shift)), l, link);
      k.call(product, q, d, e);
      k.call(accumulate, q, sum, l);
      copyMatrix(k, n, at(d), at(q));
    });
  });
}

/**
 * gather(u, g, delta, neighbours, …rho): delta += sum_i rho_i A_i'(g), the part of the pull-back through the staples of
 * the links around. Every link collects what the others have for it, so no two workers write to one place.
 */
function gather(m: ModuleBuilder, layout: LinkLayout, terms: readonly SmearingTerm[]): void {
  const add = addFunction(m, layout.group.n, false, true);
  const tangents = terms.map(({ tangent }) => tangent.emit(m, layout));
  const types = ["i32", "i32", "i32", "i32", ...terms.map(() => "f64" as const)] as const;
  m.kernel("gather", types, (k, { begin, end, scratch }, u, g, delta, neighbours, ...rho) => {
    const part = k.let(scratch.add(mostScratch(terms.map(({ tangent }) => tangent)) * linkBytes(layout)));
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      tangents.forEach((tangent, i) => {
        k.call(tangent, u, g, neighbours, block, mu, part, scratch);
        k.call(add, k.let(delta.add(shift)), part, Vec.of(rho[i]!));
      });
    });
  });
}

/** gradient(partials, u, g, neighbours): component i is sum Re tr[A_i g], the derivative with respect to rho_i. */
function gradient(
  m: ModuleBuilder,
  layout: LinkLayout,
  terms: readonly SmearingTerm[],
  staples: readonly FunctionRef[],
): void {
  const { n } = layout.group;
  m.kernel("gradient", ["i32", "i32", "i32", "i32"] as const, (k, range, partials, u, g, neighbours) => {
    const { begin, end, scratch, chunk } = range;
    const staple = k.let(scratch.add(mostScratch(terms.map(({ source }) => source)) * linkBytes(layout)));
    const sums = k.let(partials.add(chunk.mul(terms.length * k.vecBytes)));
    for (let i = 0; i < terms.length; i++) k.store(sums, i * k.vecBytes, 0);
    const addTrace = realTraceFunction(m, n);
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      staples.forEach((one, i) => {
        k.call(one, u, neighbours, block, mu, staple, scratch);
        k.call(addTrace, k.let(sums.add(i * k.vecBytes)), staple, k.let(g.add(shift)));
      });
    });
  });
}

/** (sum, a, b): the vec at `sum` += Re tr(a b). */
function realTraceFunction(m: ModuleBuilder, n: number): FunctionRef {
  return m.helper(`realTrace${n}`, ["i32", "i32", "i32"] as const, (k, sum, a, b) => {
    for (let i = 0; i < n; i++) {
      let part = k.load(sum);
      for (let j = 0; j < n; j++) {
        const [x, y] = [letComplex(k, peek(k, n, at(a), i, j)), letComplex(k, peek(k, n, at(b), j, i))];
        part = part.plus(x.re, y.re).minus(x.im, y.im);
      }
      k.store(sum, 0, part);
    }
  });
}
