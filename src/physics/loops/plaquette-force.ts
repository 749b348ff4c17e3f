import { at, multiply } from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder, type Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { Field } from "../../lattice/field.ts";
import { forCoordinates } from "../../lattice/links/algebra.ts";
import {
  blockBytes,
  type LinkLayout,
  layoutKey,
  linkBytes,
  momentumBlockBytes,
  momentumBytes,
  Walker,
} from "../../lattice/links/layout.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { planes } from "./families.ts";
import { addLoopForce } from "./force.ts";
import { plaquetteStaple } from "./plaquette.ts";

/** Beyond this the far parts take too much of the heap, and the force comes from staples, link by link. */
const MOST_BYTES = 2 ** 28;

/** The far parts, one field a space. */
const farFields = new WeakMap<LinkSpace, Field>();

/**
 * P += weight F for S = -sum Re tr P over all plaquettes, as `addLoopForce` of their staples, in 36 instead of 52
 * products a site (d = 4): every plaquette is taken once. What it gives to its two links at the site goes to P at once;
 * what it gives to the far ones, U_mu(n + nu) and U_nu(n + mu), is kept and gathered from there in a second pass, so
 * that no two workers write to one place.
 */
export function addPlaquetteForce(space: LinkSpace, weight: number, u: Field, p: Field): void {
  const { lattice, layout, group } = space;
  const { device, blocks, neighbours, dimension, volume } = lattice;
  const count = volume * dimension * (dimension - 1) * group.generators;
  if (count === 0) return;
  if (8 * count > MOST_BYTES) {
    addLoopForce(space, plaquetteStaple, weight, u, p);
    return;
  }
  let far = farFields.get(space);
  if (!far) farFields.set(space, (far = new Field(device, count)));
  const key = `plaquette-force/${layoutKey(layout)}`;
  const { near, gather } = device.kernels<"near" | "gather">(key, () => plaquetteForceModule(layout));
  device.run(near, blocks, u.address, p.address, far.address, neighbours, -weight / 2);
  device.run(gather, blocks, p.address, far.address, neighbours);
}

/** Far parts of a block lie as [mu][nu but mu][a]: what goes to U_mu one step in direction nu from here. */
const farBytes = (layout: LinkLayout) => (layout.dimension - 1) * momentumBlockBytes(layout);
const farOffset = (layout: LinkLayout, mu: number, nu: number) =>
  (mu * (layout.dimension - 1) + (nu < mu ? nu : nu - 1)) * momentumBytes(layout);

function plaquetteForceModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  near(m, layout);
  gather(m, layout);
  return m.finish();
}

/** Kernel near(u, p, far, neighbours, w): p_a += w c_a(P) where links stand at the site, the far parts to `far`. */
function near(m: ModuleBuilder, layout: LinkLayout): void {
  const one = onePlaquette(m, layout);
  m.kernel(
    "near",
    ["i32", "i32", "i32", "i32", "f64"] as const,
    (k, { begin, end, scratch }, u, p, far, neighbours, w) => {
      const walk = new Walker(m, k, layout, neighbours);
      const [s0, s1, work] = [0, 1, 2].map((i) => k.let(scratch.add(i * linkBytes(layout)))) as [Int, Int, Int];
      k.for(begin, end, (block) => {
        const here = walk.start(block);
        const links = k.let(u.add(block.mul(blockBytes(layout))));
        const momenta = k.let(p.add(block.mul(momentumBlockBytes(layout))));
        const parts = k.let(far.add(block.mul(farBytes(layout))));
        for (const [mu, nu] of planes(layout.dimension)) {
          const right = walk.link(u, walk.step(here, mu, true), nu, s0);
          const top = walk.link(u, walk.step(here, nu, true), mu, s1);
          const own = [mu, nu].map((direction) => k.let(links.add(direction * linkBytes(layout))));
          const pOwn = [mu, nu].map((direction) => k.let(momenta.add(direction * momentumBytes(layout))));
          const pFar = [farOffset(layout, mu, nu), farOffset(layout, nu, mu)].map((o) => k.let(parts.add(o)));
          k.call(one, ...own, right.pointer, top.pointer, ...pOwn, ...pFar, work, w);
        }
      });
    },
  );
}

/**
 * (U_mu, U_nu, right = U_nu(n + mu), top = U_mu(n + nu), p_mu, p_nu, far_mu, far_nu, work, w). The plaquette starts
 * with each of its links in turn: as P from U_mu, as P^dagger from U_nu, as T V from `top` and as (V T)^dagger from
 * `right`, where T = top right^dagger and V = U_mu^dagger U_nu; c_a(X^dagger) = -c_a(X).
 */
function onePlaquette(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
  const { group } = layout;
  const { n } = group;
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "vec"] as const;
  return m.helper("onePlaquette", types, (k, uMu, uNu, right, top, pMu, pNu, farMu, farNu, work, w) => {
    const size = linkBytes(layout);
    const [t, r, x] = [0, 1, 2].map((i) => k.let(work.add(i * size))) as [Int, Int, Int];
    const product = (out: Int, a: Int, b: Int, how: { daggerA?: boolean; daggerB?: boolean } = {}) =>
      multiply(k, n, at(out), at(a), at(b), how);
    const coordinates = (emit: (offset: number, c: Vec) => void) =>
      forCoordinates(k, group, at(x), (a, c) => emit(a * k.vecBytes, c));
    product(t, top, right, { daggerB: true });
    product(r, t, uMu, { daggerB: true });
    product(x, uNu, r); // P^dagger
    coordinates((o, c) => {
      const part = k.let(c.mul(w));
      k.store(pMu, o, k.load(pMu, o).sub(part));
      k.store(pNu, o, k.load(pNu, o).add(part));
    });
    product(x, r, uNu); // T V
    coordinates((o, c) => k.store(farMu, o, c.mul(w)));
    product(r, uNu, t);
    product(x, uMu, r, { daggerA: true }); // V T
    coordinates((o, c) => k.store(farNu, o, c.mul(w).neg()));
  });
}

/** Kernel gather(p, far, neighbours): p_mu(n) += what the plaquettes at n - nu left for it. */
function gather(m: ModuleBuilder, layout: LinkLayout): void {
  const { dimension, group } = layout;
  m.kernel("gather", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch }, p, far, neighbours) => {
    const walk = new Walker(m, k, layout, neighbours);
    const fetch = swappedFetch(m, layout, k, scratch);
    k.for(begin, end, (block) => {
      const here = walk.start(block);
      const momenta = k.let(p.add(block.mul(momentumBlockBytes(layout))));
      for (let nu = 0; nu < dimension; nu++) {
        const behind = walk.step(here, nu, false);
        const parts = k.let(far.add(behind.shr(1).mul(farBytes(layout))));
        for (let mu = 0; mu < dimension; mu++) {
          if (mu === nu) continue;
          const from = fetch(k.let(parts.add(farOffset(layout, mu, nu))), behind);
          const to = k.let(momenta.add(mu * momentumBytes(layout)));
          k.for(0, group.generators, (a) => {
            const at = k.let(a.mul(k.vecBytes));
            const here = k.let(to.add(at));
            k.store(here, 0, k.load(here).add(k.load(from.add(at))));
          });
        }
      }
    });
  });
}

/** Coordinates of one algebra element as seen from a place: across the seam their lanes change sides, in a copy. */
function swappedFetch(m: ModuleBuilder, layout: LinkLayout, k: Body, slot: Int): (pointer: Int, place: Int) => Int {
  if (layout.width.lanes === 1) return (pointer) => pointer;
  const swap = m.helper("swapCoordinates", ["i32", "i32"] as const, (f, out, from) => {
    for (let a = 0; a < layout.group.generators; a++) f.storeSwapped(out, a * f.vecBytes, f.load(from, a * f.vecBytes));
  });
  return (pointer, place) => {
    k.if(place.and(1), () => {
      k.call(swap, slot, pointer);
      k.set(pointer, slot);
    });
    return pointer;
  };
}
