import type { Int, ModuleBuilder } from "../../../kernels/builder.ts";
import { blockBytes, type LinkLayout, linkBytes, vecBytes, Walker } from "../../../lattice/links/layout.ts";
import { only, scalarAt, seen, seenVecs, stride } from "./emit.ts";
import { addMatrixFunction } from "./products.ts";

/**
 * Far parts: what a ladder or plaquette at n has for the cotangents of links elsewhere. They are kept, and gathered from
 * there by the links that they belong to in a second pass, so that no two workers write to one place. A pass takes the pairs
 * (mu, nu) of one mu, so that there is a chance that they are still in the cache. They lie as
 * [nu, not counting mu][block]{side, rung, number}: the side is for a field in direction nu at n + mu, the rung for one in
 * direction mu at n + s nu, the number for the pair's own at n + s nu.
 */
const farBytes = (layout: LinkLayout) => 2 * linkBytes(layout) + vecBytes(layout);

/** Numbers of a field of far parts. */
export const farLength = ({ dimension, group }: LinkLayout, volume: number): number =>
  volume * (dimension - 1) * (4 * group.n ** 2 + 1);

/** Addresses of the far parts of a block and the pair with direction number `other` besides mu; `blocks` is the number of all. */
export function farAt(layout: LinkLayout, far: Int, blocks: Int, block: Int, other: Int) {
  const start = far.add(other.mul(blocks).add(block).mul(farBytes(layout)));
  return { side: start, rung: start.add(linkBytes(layout)), number: start.add(2 * linkBytes(layout)) };
}

/** What the far parts of a pass hold besides sides and rungs of all pairs: numbers, or pairs mu < nu only. */
export type FarKind = "far" | "farWeights" | "farPlanes";

/**
 * far(dside, drung, far, blocks, neighbours, mu, s, dnumber?): adds the far parts where they belong, pair after pair.
 */
export function farKernel(m: ModuleBuilder, layout: LinkLayout, kind: FarKind): void {
  const { dimension } = layout;
  const add = addMatrixFunction(m, layout.group.n);
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", ...only(kind === "farWeights")] as const;
  m.kernel(kind, types, (k, { begin, end, scratch }, dside, drung, far, blocks, neighbours, mu, s, ...rest) => {
    const walk = new Walker(m, k, layout, neighbours);
    const one = (nu: Int, other: Int) =>
      k.for(begin, end, (block) => {
        const here = walk.start(block);
        const to = (field: Int, direction: Int) =>
          k.let(field.add(block.mul(blockBytes(layout))).add(direction.mul(linkBytes(layout))));
        const behind = walk.step(here, mu, false);
        const side = farAt(layout, far, blocks, behind.shr(1), other).side;
        k.call(add, to(dside, nu), seen(m, k, layout, behind, side, scratch));
        const below = stride(k, walk, here, nu, false, s);
        const parts = farAt(layout, far, blocks, below.shr(1), other);
        k.call(add, to(drung, mu), seen(m, k, layout, below, parts.rung, scratch));
        const [dnumber] = rest;
        if (!dnumber) return;
        const number = k.let(scalarAt(dnumber, layout, block, mu.mul(dimension - 1).add(other)));
        const part = seenVecs(m, k, layout, below, parts.number, scratch, 1);
        k.store(number, 0, k.load(number).add(k.load(part)));
      });
    k.for(0, dimension - 1, (other) => {
      const nu = k.let(other.add(other.ge(mu)));
      if (kind === "farPlanes") k.if(mu.lt(nu), () => one(nu, other));
      else one(nu, other);
    });
  });
}
