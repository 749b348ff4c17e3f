import { at, letComplex, multiplyFunction, peek } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { tracelessAntiHermitian } from "../../../lattice/links/algebra.ts";
import { exponentialFunction } from "../../../lattice/links/exponential.ts";
import { exponentialPullBackFunction } from "../../../lattice/links/exponential-pull-back.ts";
import type { LinkLayout } from "../../../lattice/links/layout.ts";
import { linkBytes } from "../../../lattice/links/layout.ts";
import { addFunction } from "../../../physics/loops/path-sum.ts";
import type { SmearingTerm } from "../../../physics/maps/stout/terms.ts";
import { forLinks, places } from "./emit.ts";

export type SmearingKernel = "staples" | "smear" | "local" | "gather";

/** The terms that share one weight. */
export type Tied = readonly SmearingTerm[];

/** Whether these are the plaquettes alone, whose staples have a pull-back of their own (plaquette-kernels.ts). */
export const isPlaquette = (terms: Tied): boolean => terms.length === 1 && terms[0]!.family === "plaquette";

/**
 * Stout smearing in parts, so that several smearings of the same links, `roles` of them at a time, share what they can. A_t
 * are the staples of weight t, every path once; they lie one field after the other, `stride` bytes apart, as do their
 * cotangents G_t. Role r is the smearing exp(-TA(sum_t rho_rt U A_t)) B, where B may be other links than U; rho come role
 * by role. Items are blocks.
 */
export function smearingKernels(layout: LinkLayout, tied: readonly Tied[], roles: number): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  staples(m, layout, tied);
  smear(m, layout, tied.length, roles);
  local(m, layout, tied.length, roles);
  gather(m, layout, tied);
  return m.finish();
}

const mostScratch = (list: readonly { readonly scratchMatrices: number }[]) =>
  Math.max(...list.map(({ scratchMatrices }) => scratchMatrices));

/** staples(u, a, stride, neighbours): a_t = A_t. */
function staples(m: ModuleBuilder, layout: LinkLayout, tied: readonly Tied[]): void {
  const { n } = layout.group;
  const most = mostScratch(tied.flat().map(({ source }) => source));
  const functions = tied.map((terms) => terms.map(({ source }) => source.emit(m, layout)));
  m.kernel("staples", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end, scratch }, u, a, stride, neighbours) => {
    const staple = k.let(scratch.add(most * linkBytes(layout)));
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      functions.forEach((list, t) => {
        const out = k.let(a.add(shift).add(stride.mul(t)));
        list.forEach((one, i) => {
          const { multiplicity } = tied[t]![i]!;
          const plain = list.length === 1 && multiplicity === 1;
          k.call(one, u, neighbours, block, mu, plain ? out : staple, scratch);
          if (!plain) k.call(addFunction(m, n, false, i > 0), out, staple, Vec.of(1 / multiplicity));
        });
      });
    });
  });
}

/** out = sum_t rho_t x_t */
function weightedSum(m: ModuleBuilder, k: Body, n: number, out: Int, x: readonly Int[], rho: readonly Vec[]): void {
  rho.forEach((weight, t) => {
    k.call(addFunction(m, n, false, t > 0), out, x[t]!, weight);
  });
}

/** smear(u, a, stride, base, …out, …rho): out_r = exp(-TA(sum_t rho_rt U A_t)) B. */
function smear(m: ModuleBuilder, layout: LinkLayout, count: number, roles: number): void {
  const { n } = layout.group;
  const exponential = exponentialFunction(m, n);
  const product = multiplyFunction(m, n);
  const types = ["i32", "i32", "i32", "i32", ...several("i32", roles), ...several("f64", roles * count)] as const;
  m.kernel("smear", types, (k, { begin, end, scratch }, u, a, stride, base, ...rest) => {
    const [outs, rho] = split(rest, roles, count);
    const [q, e, ...free] = places(k, layout, scratch, 2 + count + 1) as [Int, Int, ...Int[]];
    const work = free[count]!;
    forLinks(k, layout, begin, end, ({ shift }) => {
      const link = k.let(u.add(shift));
      const closed = free.slice(0, count);
      closed.forEach((out, t) => {
        k.call(product, out, link, k.let(a.add(shift).add(stride.mul(t))));
      });
      outs.forEach((out, r) => {
        weightedSum(m, k, n, q, closed, rho[r]!);
        const norm = tracelessAntiHermitian(k, layout.group, at(q), at(q), -1);
        k.call(exponential, e, q, norm, work);
        k.call(product, k.let(out.add(shift)), e, k.let(base.add(shift)));
      });
    });
  });
}

/**
 * local(partials, u, a, stride, base, du, dbase, g, …delta, …rho): the pull-back at the link itself. With the cotangent
 * delta_r of what role r makes and Lambda_r = TA(L(Q_r, B delta_r)), so that Re tr[delta_r d(exp Q_r) B] = Re tr[Lambda_r dQ_r]
 * (lattice/links/exponential-pull-back.ts), and M_t = -sum_r rho_rt Lambda_r: dbase += sum_r delta_r exp(Q_r),
 * du += sum_t A_t M_t, g_t += M_t U. Component (r, t) of the sum is -dS/drho_rt = sum Re tr[U A_t Lambda_r].
 */
function local(m: ModuleBuilder, layout: LinkLayout, count: number, roles: number): void {
  const { group } = layout;
  const { n } = group;
  const exponential = exponentialPullBackFunction(m, group);
  const product = multiplyFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  const addTrace = realTraceFunction(m, n);
  const seven = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  const types = [...seven, ...several("i32", roles), ...several("f64", roles * count)] as const;
  m.kernel("local", types, (k, range, partials, u, a, stride, base, du, dbase, g, ...rest) => {
    const { begin, end, scratch, chunk } = range;
    const [deltas, rho] = split(rest, roles, count);
    const sums = k.let(partials.add(chunk.mul(roles * count * k.vecBytes)));
    for (let i = 0; i < roles * count; i++) k.store(sums, i * k.vecBytes, 0);
    const [q, w, e, l, ...free] = places(k, layout, scratch, 4 + 2 * count + 1) as [Int, Int, Int, Int, ...Int[]];
    const [closed, turned, work] = [free.slice(0, count), free.slice(count, 2 * count), free[2 * count]!];
    forLinks(k, layout, begin, end, ({ shift }) => {
      const link = k.let(u.add(shift));
      const staples = closed.map((_, t) => k.let(a.add(shift).add(stride.mul(t))));
      closed.forEach((out, t) => {
        k.call(product, out, link, staples[t]!);
      });
      deltas.forEach((delta, r) => {
        const d = k.let(delta.add(shift));
        weightedSum(m, k, n, q, closed, rho[r]!);
        const norm = tracelessAntiHermitian(k, group, at(q), at(q), -1);
        k.call(product, w, k.let(base.add(shift)), d);
        k.call(exponential, e, l, q, w, norm, work);
        k.call(accumulate, k.let(dbase.add(shift)), d, e);
        rho[r]!.forEach((weight, t) => {
          k.call(addTrace, k.let(sums.add((r * count + t) * k.vecBytes)), closed[t]!, l);
          k.call(addFunction(m, n, false, r > 0), turned[t]!, l, k.let(weight.neg()));
        });
      });
      turned.forEach((x, t) => {
        k.call(accumulate, k.let(du.add(shift)), staples[t]!, x);
        k.call(accumulate, k.let(g.add(shift).add(stride.mul(t))), x, link);
      });
    });
  });
}

/** The last parameters of `smear` and `local`: one field a role, then the rho, role by role. */
function split(rest: readonly (Int | Vec)[], roles: number, count: number): [readonly Int[], readonly Vec[][]] {
  const rho = rest.slice(roles) as Vec[];
  const fields = rest.slice(0, roles) as Int[];
  return [fields, fields.map((_, r) => rho.slice(r * count, (r + 1) * count))];
}

/**
 * gather(u, g, stride, du, neighbours): du += sum_t A_t'(g_t), the part of the pull-back through the staples around, but for
 * plaquettes.
 */
function gather(m: ModuleBuilder, layout: LinkLayout, tied: readonly Tied[]): void {
  const add = addFunction(m, layout.group.n, false, true);
  const others = tied.flatMap((terms, t) => (isPlaquette(terms) ? [] : terms.map((term) => ({ term, t }))));
  if (others.length === 0) return;
  const most = mostScratch(others.map(({ term }) => term.tangent));
  const tangents = others.map(({ term }) => term.tangent.emit(m, layout));
  const types = ["i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("gather", types, (k, { begin, end, scratch }, u, g, stride, du, neighbours) => {
    const part = k.let(scratch.add(most * linkBytes(layout)));
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      others.forEach(({ term, t }, i) => {
        k.call(tangents[i]!, u, k.let(g.add(stride.mul(t))), neighbours, block, mu, part, scratch);
        k.call(add, k.let(du.add(shift)), part, Vec.of(1 / term.multiplicity));
      });
    });
  });
}

const several = <T extends "i32" | "f64">(type: T, count: number): T[] => Array<T>(count).fill(type);

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
