import { at, multiply } from "../../kernels/algebra/matrix.ts";
import { ModuleBuilder } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { Field } from "../field.ts";
import { forCoordinates } from "./algebra.ts";
import { type LinkLayout, layoutKey, linkBytes, momentumBytes, vecBytes } from "./layout.ts";
import type { LinkSpace } from "./links.ts";

/**
 * The derivative field delta of a function S of the links lies as the links do, [block][mu][row][column][re, im][lane],
 * and is defined by dS = Re sum_{n, mu} tr[delta_mu(n) dU_mu(n)]. It is a cotangent: it adds up over the terms of S, goes
 * back through maps of the links by the chain rule, and becomes a force only at the end.
 */

/** A new derivative field, zero. */
export const derivativeField = (space: LinkSpace): Field => new Field(space.lattice.device, space.length);

/**
 * P += weight F with F = -dS/dU of the function that has derivative `delta` at the links `u`: p_a += (weight/2)
 * Im tr(lambda_a U delta), because U -> exp(i s lambda_a/2) U changes S by Re tr(delta i s lambda_a U/2).
 */
export function addForceOfDerivative(space: LinkSpace, u: Field, delta: Field, weight: number, p: Field): void {
  const { device, blocks } = space.lattice;
  device.run(kernelsOf(space).force, blocks, u.address, delta.address, p.address, weight / 2);
}

/** y <- y + a x on derivative fields. */
export function addScaledDerivative(space: LinkSpace, y: Field, x: Field, a: number): void {
  const { device, blocks } = space.lattice;
  device.run(kernelsOf(space).addScaled, blocks, y.address, x.address, a);
}

const kernelsOf = ({ lattice, layout }: LinkSpace) =>
  lattice.device.kernels<"force" | "addScaled">(`derivative/${layoutKey(layout)}`, () => derivativeModule(layout));

function derivativeModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  force(m, layout);
  addScaled(m, layout);
  return m.finish();
}

/** Kernel force(u, delta, p, w): p_a += w c_a(U delta), c_a(X) = Im tr(lambda_a X), on every link. */
function force(m: ModuleBuilder, layout: LinkLayout): void {
  const { group, dimension } = layout;
  m.kernel("force", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end, scratch }, u, delta, p, w) => {
    k.for(begin.mul(dimension), end.mul(dimension), (link) => {
      const shift = k.let(link.mul(linkBytes(layout)));
      multiply(k, group.n, at(scratch), at(k.let(u.add(shift))), at(k.let(delta.add(shift))));
      const out = k.let(p.add(link.mul(momentumBytes(layout))));
      forCoordinates(k, group, at(scratch), (a, c) =>
        k.store(out, a * k.vecBytes, k.load(out, a * k.vecBytes).plus(w, c)),
      );
    });
  });
}

/** Kernel addScaled(y, x, a): y <- y + a x over the numbers of a link field. */
function addScaled(m: ModuleBuilder, layout: LinkLayout): void {
  const count = 2 * layout.dimension * layout.group.n ** 2;
  m.kernel("addScaled", ["i32", "i32", "f64"] as const, (k, { begin, end }, y, x, a) => {
    k.for(begin.mul(count), end.mul(count), (i) => {
      const offset = k.let(i.mul(vecBytes(layout)));
      k.store(y.add(offset), 0, k.load(y.add(offset)).plus(a, k.load(x.add(offset))));
    });
  });
}
