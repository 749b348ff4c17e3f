import { at, forElements, letComplex, multiply, multiplyFunction, peek } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { tracelessAntiHermitian } from "../../../lattice/links/algebra.ts";
import { exponentialFunction } from "../../../lattice/links/exponential.ts";
import { exponentialPullBackFunction } from "../../../lattice/links/exponential-pull-back.ts";
import { blockBytes, type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import {
  addParts,
  forLinks,
  forMatrices,
  isPlaquette,
  putPart,
  roomAfterTerms,
  type StoutForm,
  setBlockZero,
  staplesOf,
  tangentsOf,
} from "./parts.ts";
import { plaquetteTangents } from "./plaquettes.ts";
import { type Products, productsOf } from "./products.ts";

export type StoutKernel = "smear" | "local" | "spread" | "gather" | "gradient";

/**
 * One stout layer U' = exp(Q) U, Q = TA(C U^dagger), in terms of the staples A = C^dagger = sum_i rho_i A_i, so that
 * Q = -TA(U A). Items are blocks.
 *
 * What `smear` keeps of the staples is A, and the `strength` of `local` is then 1. Where there is one term only it is A_0,
 * and the strength rho_0: then `local` finds the derivative with respect to rho by the way, and there is no `gradient`.
 */
export function stoutKernels(form: StoutForm): ModuleIr {
  const m = new ModuleBuilder(form.layout.width);
  smear(m, form);
  local(m, form);
  if (form.bySites && form.terms.some(isPlaquette)) spread(m, form);
  gather(m, form);
  if (form.terms.length > 1) gradient(m, form);
  return m.finish();
}

/** smear(u, a, out, neighbours, …rho): a = the staples (see above), out = exp(Q) u. */
function smear(m: ModuleBuilder, form: StoutForm): void {
  const { layout, terms } = form;
  const products = productsOf(m, layout.group);
  const exponential = exponentialFunction(m, layout.group.n);
  const types = ["i32", "i32", "i32", "i32", ...terms.map(() => "f64" as const)] as const;
  m.kernel("smear", types, (k, { begin, end, scratch }, u, a, out, neighbours, ...rho) => {
    const parts = staplesOf(k, m, form, u, neighbours, scratch);
    const room = roomAfterTerms(k, form, scratch);
    const [q, e, work] = places(k, layout, scratch, 3) as [Int, Int, Int];
    const factor = terms.length === 1 ? k.let(rho[0]!.neg()) : -1;
    k.for(begin, end, (block) => {
      const to = k.let(a.add(block.mul(blockBytes(layout))));
      if (terms.length === 1) putPart(k, form, parts[0]!, block, to);
      else {
        setBlockZero(k, layout, a, block);
        addParts(k, m, form, parts, { block, to, room, rho });
      }
      forLinks(k, layout, block, (shift) => {
        const link = k.let(u.add(shift));
        const norm2 = exponent(k, layout, products, q, link, k.let(a.add(shift)), factor);
        k.call(exponential, e, q, norm2, work);
        const image = k.let(out.add(shift));
        products.multiply(k, image, e, link);
        products.complete(k, image);
      });
    });
  });
}

/**
 * local(partials, u, a, delta, g, strength): the part of the pull-back at the link itself, with A = strength a. With
 * delta' in `delta`, w = U delta' and Lambda = TA(L(Q, w)), so that Re tr[delta' d(exp Q) U] = Re tr[Lambda dQ]:
 * delta = delta' exp(Q) - A Lambda, and with g = Lambda U what goes on through A is -Re tr[g dA]. The sum is that of
 * Re tr[g a], minus the derivative with respect to the strength.
 */
function local(m: ModuleBuilder, form: StoutForm): void {
  const { layout } = form;
  const { n } = layout.group;
  const products = productsOf(m, layout.group);
  const exponential = exponentialPullBackFunction(m, layout.group);
  const product = multiplyFunction(m, n);
  const inPlace = m.helper("timesInPlace", ["i32", "i32"] as const, (k, x, y) =>
    // row by row: a row is loaded as a whole before it is written
    multiply(k, n, at(x), at(x), at(y)),
  );
  const addTrace = addTraceFunction(m, n);
  const types = ["i32", "i32", "i32", "i32", "i32", "f64"] as const;
  m.kernel("local", types, (k, range, partials, u, a, delta, g, strength) => {
    const { begin, end, scratch, chunk } = range;
    const [q, w, e, l, work] = places(k, layout, scratch, 5) as [Int, Int, Int, Int, Int];
    const factor = k.let(strength.neg());
    const sum = k.let(partials.add(chunk.mul(k.vecBytes)));
    k.store(sum, 0, 0);
    k.for(begin, end, (block) =>
      forLinks(k, layout, block, (shift) => {
        const [link, staples, d, onward] = [u, a, delta, g].map((field) => k.let(field.add(shift))) as [
          Int,
          Int,
          Int,
          Int,
        ];
        const norm2 = exponent(k, layout, products, q, link, staples, factor);
        k.call(product, w, link, d);
        k.call(exponential, e, l, q, w, norm2, work);
        products.multiply(k, onward, l, link);
        products.complete(k, onward);
        k.call(addTrace, sum, onward, staples);
        k.call(inPlace, d, e);
        products.multiply(k, w, staples, l);
        products.complete(k, w);
        addScaled(k, layout, d, w, factor);
      }),
    );
  });
}

/** spread(u, g, delta, far, neighbours, rho): `gather` for plaquettes by sites, but for far links only to `far`, less rho. */
function spread(m: ModuleBuilder, form: StoutForm): void {
  const { layout } = form;
  const tangents = plaquetteTangents(m, layout);
  const types = ["i32", "i32", "i32", "i32", "i32", "f64"] as const;
  m.kernel("spread", types, (k, { begin, end, scratch }, u, g, delta, far, neighbours, rho) => {
    const room = roomAfterTerms(k, form, scratch);
    const directions = form.terms.find(isPlaquette)!.directions;
    k.for(begin, end, (block) => {
      const to = k.let(delta.add(block.mul(blockBytes(layout))));
      const whole = (at: Int, out: Int) => k.call(tangents, u, g, neighbours, at, out, far, scratch);
      const part = { directions, whole, one: () => {} };
      addParts(k, m, form, [part], { block, to, room, rho: [rho] });
    });
  });
}

/**
 * gather(u, g, delta, far, neighbours, …rho): delta += sum_i rho_i A_i'(g), the part of the pull-back through the staples
 * of the links around; of plaquettes by sites, what `spread` left in `far`. Every link collects what the others have for
 * it, so no two workers write to one place.
 */
function gather(m: ModuleBuilder, form: StoutForm): void {
  const { layout, terms } = form;
  const types = ["i32", "i32", "i32", "i32", "i32", ...terms.map(() => "f64" as const)] as const;
  m.kernel("gather", types, (k, { begin, end, scratch }, u, g, delta, far, neighbours, ...rho) => {
    const parts = tangentsOf(k, m, form, { u, g, far, neighbours }, scratch);
    const room = roomAfterTerms(k, form, scratch);
    k.for(begin, end, (block) => {
      const to = k.let(delta.add(block.mul(blockBytes(layout))));
      addParts(k, m, form, parts, { block, to, room, rho });
    });
  });
}

/** gradient(partials, u, g, neighbours): component i is sum Re tr[A_i g], minus the derivative with respect to rho_i. */
function gradient(m: ModuleBuilder, form: StoutForm): void {
  const { layout, terms } = form;
  const addTrace = addTraceFunction(m, layout.group.n);
  m.kernel("gradient", ["i32", "i32", "i32", "i32"] as const, (k, range, partials, u, g, neighbours) => {
    const { begin, end, scratch, chunk } = range;
    const parts = staplesOf(k, m, form, u, neighbours, scratch);
    const room = roomAfterTerms(k, form, scratch);
    const sums = parts.map((_, i) => k.let(partials.add(chunk.mul(terms.length * k.vecBytes).add(i * k.vecBytes))));
    for (const sum of sums) k.store(sum, 0, 0);
    k.for(begin, end, (block) => {
      const own = k.let(g.add(block.mul(blockBytes(layout))));
      parts.forEach((part, i) =>
        forMatrices(k, form, part, block, room, (mu, staple) =>
          k.call(addTrace, sums[i]!, staple, k.let(own.add(mu * linkBytes(layout)))),
        ),
      );
    });
  });
}

/** Places for matrices from the start of the scratch memory on. */
const places = (k: Body, layout: LinkLayout, scratch: Int, count: number): Int[] =>
  Array.from({ length: count }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));

/** out = factor TA(U A); returns the vec of its squared norm. */
function exponent(
  k: Body,
  layout: LinkLayout,
  products: Products,
  out: Int,
  link: Int,
  staples: Int,
  factor: number | Vec,
): Vec {
  products.multiply(k, out, link, staples);
  products.complete(k, out);
  return tracelessAntiHermitian(k, layout.group, at(out), at(out), factor);
}

/** out += by x */
function addScaled(k: Body, { group }: LinkLayout, out: Int, x: Int, by: Vec): void {
  const shift = k.let(out.sub(x));
  forElements(k, group.n, (p, o) => k.store(p.add(shift), o, k.load(p.add(shift), o).plus(by, k.load(p, o))), at(x));
}

/** (sum, a, b): the vec at `sum` += Re tr(a b). */
function addTraceFunction(m: ModuleBuilder, n: number): FunctionRef {
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
