import type { Body, FunctionRef, Int, ModuleBuilder } from "../../../kernels/builder.ts";
import { blockBytes, type LinkLayout, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import { planes } from "../../loops/families.ts";
import { type Products, productsOf } from "./products.ts";

/**
 * Plaquettes for all links of a block at once, which share products: with T = U_mu(n+nu) U_nu(n+mu)^+ and
 * V = U_mu(n)^+ U_nu(n), mu < nu, the plaquette at n gives
 *
 *   T^+ U_nu(n)^+ to A_mu(n),        T U_mu(n)^+ to A_nu(n),
 *   U_nu(n+mu)^+ V to A_mu(n+nu),    U_mu(n+nu)^+ V^+ to A_nu(n+mu).
 *
 * Staples walk along the two below, in 42 products a site in four dimensions. Their tangents take every plaquette once,
 * in 84 products where link by link there would be 120: what goes to the far links is kept and gathered from there in a
 * second pass, so that no two workers write to one place.
 */

/** Matrices for the far links, one pair a plane: [block][plane][to U_mu(n+nu), to U_nu(n+mu)]. */
export const farBytes = (layout: LinkLayout): number => 2 * planes(layout.dimension).length * linkBytes(layout);

/** Scratch that each of the functions here needs, in matrices. */
export const PLAQUETTE_MATRICES = 6;

/** (u, neighbours, block, out, scratch): the plaquette staples A_mu of a block, one matrix after the other, to `out`. */
export function plaquetteStaples(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
  const products = productsOf(m, layout.group);
  const upper = upperStaples(m, products);
  const lower = lowerStaple(m, products);
  const types = ["i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper("plaquetteStaples", types, (k, u, neighbours, block, out, scratch) => {
    const walk = new Walker(m, k, layout, neighbours);
    const [s0, s1, s2, t] = slots(k, layout, scratch, 4) as [Int, Int, Int, Int];
    const here = walk.start(block);
    const own = linksAt(k, layout, u, block);
    const sums = linksAt(k, layout, out);
    const begun = new Set<number>();
    for (const [mu, nu] of planes(layout.dimension)) {
      const right = walk.link(u, walk.step(here, mu, true), nu, s0).pointer;
      const top = walk.link(u, walk.step(here, nu, true), mu, s1).pointer;
      k.call(upper(begun.has(mu), begun.has(nu)), own[mu]!, own[nu]!, right, top, sums[mu]!, sums[nu]!, t);
      begun.add(mu).add(nu);
      for (const [a, b] of [
        [mu, nu],
        [nu, mu],
      ] as const) {
        const below = walk.step(here, b, false);
        const corner = walk.link(u, walk.step(below, a, true), b, s0).pointer;
        const bottom = walk.link(u, below, a, s1).pointer;
        const left = walk.link(u, below, b, s2).pointer;
        k.call(lower, sums[a]!, corner, bottom, left, t);
      }
    }
    for (const sum of sums) products.complete(k, sum);
  });
}

/** (U_mu, U_nu, right, top, A_mu, A_nu, work): what one plaquette gives to the links at its own site. */
function upperStaples(m: ModuleBuilder, products: Products) {
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return (addMu: boolean, addNu: boolean): FunctionRef =>
    m.helper(`upperStaples${+addMu}${+addNu}`, types, (k, uMu, uNu, right, top, aMu, aNu, t) => {
      products.multiply(k, t, top, right, { daggerB: true });
      products.multiply(k, aMu, t, uNu, { daggerA: true, daggerB: true, accumulate: addMu });
      products.multiply(k, aNu, t, uMu, { daggerB: true, accumulate: addNu });
    });
}

/** (A, corner, bottom, left, work): A += corner^+ bottom^+ left. */
function lowerStaple(m: ModuleBuilder, products: Products): FunctionRef {
  return m.helper("lowerStaple", ["i32", "i32", "i32", "i32", "i32"] as const, (k, a, corner, bottom, left, t) => {
    products.multiply(k, t, bottom, left, { daggerA: true });
    products.multiply(k, a, corner, t, { daggerA: true, accumulate: true });
  });
}

/**
 * (u, g, neighbours, block, out, far, scratch): the tangents along g of the plaquettes at the sites of a block: to `out`
 * what they give to the links there, one matrix after the other, and to the block's part of `far` what they give to
 * U_mu(n+nu) and U_nu(n+mu), a pair a plane.
 */
export function plaquetteTangents(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
  const products = productsOf(m, layout.group);
  const near = nearTangents(m, layout, products);
  const opposite = farTangents(m, layout, products);
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper("plaquetteTangents", types, (k, u, g, neighbours, block, out, far, scratch) => {
    const walk = new Walker(m, k, layout, neighbours);
    const [s0, s1, s2, s3, work] = slots(k, layout, scratch, 5) as [Int, Int, Int, Int, Int];
    const here = walk.start(block);
    const [own, tangents] = [u, g].map((field) => linksAt(k, layout, field, block)) as [Int[], Int[]];
    const sums = linksAt(k, layout, out);
    const parts = k.let(far.add(block.mul(farBytes(layout))));
    const begun = new Set<number>();
    planes(layout.dimension).forEach(([mu, nu], plane) => {
      const [ahead, side] = [walk.step(here, mu, true), walk.step(here, nu, true)];
      const others = [
        walk.link(u, ahead, nu, s0),
        walk.link(u, side, mu, s1),
        walk.link(g, ahead, nu, s2),
        walk.link(g, side, mu, s3),
      ].map(({ pointer }) => pointer);
      const all = [own[mu]!, own[nu]!, tangents[mu]!, tangents[nu]!, ...others];
      const pair = [0, 1].map((i) => k.let(parts.add((2 * plane + i) * linkBytes(layout))));
      k.call(near(begun.has(mu), begun.has(nu)), ...all, sums[mu]!, sums[nu]!, work);
      k.call(opposite, ...all, ...pair, work);
      begun.add(mu).add(nu);
    });
    for (const sum of sums) products.complete(k, sum);
  });
}

const TANGENT_TYPES = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;

/** (U_mu, U_nu, g_mu, g_nu, right, top, g of these, A_mu', A_nu', work): by way of T and T'. */
function nearTangents(m: ModuleBuilder, layout: LinkLayout, products: Products) {
  return (addMu: boolean, addNu: boolean): FunctionRef =>
    m.helper(
      `nearTangents${+addMu}${+addNu}`,
      TANGENT_TYPES,
      (k, uMu, uNu, gMu, gNu, right, top, gRight, gTop, aMu, aNu, t) => {
        const turned = k.let(t.add(linkBytes(layout)));
        products.multiply(k, t, top, right, { daggerB: true });
        products.multiply(k, turned, gTop, right, { daggerB: true });
        products.multiply(k, turned, top, gRight, { daggerB: true, accumulate: true });
        products.multiply(k, aMu, turned, uNu, { daggerA: true, daggerB: true, accumulate: addMu });
        products.multiply(k, aMu, t, gNu, { daggerA: true, daggerB: true, accumulate: true });
        products.multiply(k, aNu, turned, uMu, { daggerB: true, accumulate: addNu });
        products.multiply(k, aNu, t, gMu, { daggerB: true, accumulate: true });
      },
    );
}

/** (U_mu, U_nu, g_mu, g_nu, right, top, g of these, far_mu, far_nu, work): by way of V and V'. */
function farTangents(m: ModuleBuilder, layout: LinkLayout, products: Products): FunctionRef {
  return m.helper("farTangents", TANGENT_TYPES, (k, uMu, uNu, gMu, gNu, right, top, gRight, gTop, farMu, farNu, v) => {
    const turned = k.let(v.add(linkBytes(layout)));
    products.multiply(k, v, uMu, uNu, { daggerA: true });
    products.multiply(k, turned, gMu, uNu, { daggerA: true });
    products.multiply(k, turned, uMu, gNu, { daggerA: true, accumulate: true });
    products.multiply(k, farMu, right, turned, { daggerA: true });
    products.multiply(k, farMu, gRight, v, { daggerA: true, accumulate: true });
    products.multiply(k, farNu, top, turned, { daggerA: true, daggerB: true });
    products.multiply(k, farNu, gTop, v, { daggerA: true, daggerB: true, accumulate: true });
  });
}

/** (far, neighbours, block, out, scratch): what the plaquettes at n - nu left in `far` for the links of a block. */
export function gatherFar(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
  const products = productsOf(m, layout.group);
  const types = ["i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper("gatherFar", types, (k, far, neighbours, block, out, scratch) => {
    const walk = new Walker(m, k, layout, neighbours);
    const here = walk.start(block);
    const sums = linksAt(k, layout, out);
    const begun = new Set<number>();
    planes(layout.dimension).forEach((pair, plane) => {
      pair.forEach((mu, i) => {
        const behind = walk.step(here, pair[1 - i]!, false);
        const part = far.add(behind.shr(1).mul(farBytes(layout))).add((2 * plane + i) * linkBytes(layout));
        products.add(k, sums[mu]!, walk.seen(part, behind, scratch), begun.has(mu));
        begun.add(mu);
      });
    });
    for (const sum of sums) products.complete(k, sum);
  });
}

const slots = (k: Body, layout: LinkLayout, scratch: Int, count: number): Int[] =>
  Array.from({ length: count }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));

/** Addresses of the links of a block of a field, or of the block at `field`. */
function linksAt(k: Body, layout: LinkLayout, field: Int, block?: Int): Int[] {
  const base = k.let(block ? field.add(block.mul(blockBytes(layout))) : field);
  return slots(k, layout, base, layout.dimension);
}
