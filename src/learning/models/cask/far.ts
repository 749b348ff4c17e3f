import type { Int, ModuleBuilder } from "../../../kernels/builder.ts";
import { blockBytes, type LinkLayout, linkBytes, vecBytes, Walker } from "../../../lattice/links/layout.ts";
import { only, pairs, scalarAt, seen, seenVecs, stride } from "./emit.ts";
import { addMatrixFunction } from "./products.ts";

/**
 * Far parts: what a ladder or plaquette at n has for the cotangents of links elsewhere. They are kept, and gathered from
 * there by the links that they belong to in a second pass, so that no two workers write to one place. They lie as
 * [pair mu, nu][block]{side, rung, number}: the side is for a field in direction nu at n + mu, the rung for one in
 * direction mu at n + s nu, the number for the pair's own at n + s nu.
 */
const farBytes = (layout: LinkLayout) => 2 * linkBytes(layout) + vecBytes(layout);

/** Numbers of a field of far parts. */
export const farLength = (layout: LinkLayout, volume: number): number =>
  volume * pairs(layout) * (4 * layout.group.n ** 2 + 1);

/** Addresses of the far parts of a block and pair; `blocks` is the number of all. */
export function farAt(layout: LinkLayout, far: Int, blocks: Int, block: Int, pair: Int) {
  const start = far.add(pair.mul(blocks).add(block).mul(farBytes(layout)));
  return { side: start, rung: start.add(linkBytes(layout)), number: start.add(2 * linkBytes(layout)) };
}

/** What the far parts of a pass hold besides sides and rungs of all pairs: numbers, or pairs mu < nu only. */
export type FarKind = "far" | "farWeights" | "farPlanes";

/**
 * far(dside, drung, far, blocks, neighbours, s, dnumber?): adds the far parts where they belong. The pairs are taken one after
 * the other, so that memory is read in order.
 */
export function farKernel(m: ModuleBuilder, layout: LinkLayout, kind: FarKind): void {
  const { dimension } = layout;
  const add = addMatrixFunction(m, layout.group.n);
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", ...only(kind === "farWeights")] as const;
  m.kernel(kind, types, (k, { begin, end, scratch }, dside, drung, far, blocks, neighbours, s, ...rest) => {
    const walk = new Walker(m, k, layout, neighbours);
    const one = (mu: Int, nu: Int, pair: Int) =>
      k.for(begin, end, (block) => {
        const here = walk.start(block);
        const to = (field: Int, direction: Int) =>
          k.let(field.add(block.mul(blockBytes(layout))).add(direction.mul(linkBytes(layout))));
        const behind = walk.step(here, mu, false);
        const side = farAt(layout, far, blocks, behind.shr(1), pair).side;
        k.call(add, to(dside, nu), seen(m, k, layout, behind, side, scratch));
        const below = stride(k, walk, here, nu, false, s);
        const parts = farAt(layout, far, blocks, below.shr(1), pair);
        k.call(add, to(drung, mu), seen(m, k, layout, below, parts.rung, scratch));
        const [dnumber] = rest;
        if (!dnumber) return;
        const number = k.let(scalarAt(dnumber, layout, block, pair));
        const part = seenVecs(m, k, layout, below, parts.number, scratch, 1);
        k.store(number, 0, k.load(number).add(k.load(part)));
      });
    k.for(0, dimension, (mu) =>
      k.for(0, dimension - 1, (j) => {
        const nu = k.let(j.add(j.ge(mu)));
        const pair = k.let(mu.mul(dimension - 1).add(j));
        if (kind === "farPlanes") k.if(mu.lt(nu), () => one(mu, nu, pair));
        else one(mu, nu, pair);
      }),
    );
  });
}
