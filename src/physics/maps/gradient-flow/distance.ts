import { at, forElements } from "../../../kernels/algebra/matrix.ts";
import { ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import type { Field } from "../../../lattice/field.ts";
import { type LinkLayout, layoutKey, linkBytes } from "../../../lattice/links/layout.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";

/** Largest |U - V|_F / N^2 over all links. */
export function linkDistance(space: LinkSpace, u: Field, v: Field): number {
  const { lattice, layout, group } = space;
  const { device, blocks } = lattice;
  const kernels = device.kernels<"distance">(`link-distance/${layoutKey(layout)}`, () => distanceModule(layout));
  const square = device.maximum(kernels.distance, blocks, layout.width.lanes, u.address, v.address);
  return Math.sqrt(square) / group.n ** 2;
}

/** Kernel distance(partials, u, v): the largest |U - V|_F^2 of a link. */
function distanceModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { dimension, group } = layout;
  m.kernel("distance", ["i32", "i32", "i32"] as const, (k, { begin, end, chunk }, partials, u, v) => {
    const worst = k.let(Vec.of(0));
    k.for(begin.mul(dimension), end.mul(dimension), (link) => {
      const shift = k.let(link.mul(linkBytes(layout)));
      const other = k.let(v.sub(u));
      const sum = k.let(Vec.of(0));
      forElements(
        k,
        group.n,
        (pointer, offset) => {
          const here = k.let(pointer.add(0));
          const d = k.let(k.load(here, offset).sub(k.load(here.add(other), offset)));
          k.set(sum, sum.plus(d, d));
        },
        at(k.let(u.add(shift))),
      );
      k.set(worst, worst.max(sum));
    });
    k.store(partials.add(chunk.mul(k.vecBytes)), 0, worst);
  });
  return m.finish();
}
