import { multiplyFunction } from "../../../kernels/algebra/matrix.ts";
import { type Int, ModuleBuilder } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { blockBytes, type LinkLayout, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import { openPlaquetteFunction } from "../../loops/plaquette.ts";

/**
 * Kernels of Wilson loops from straight lines.
 *
 * extend(u, mu, from, fromMu, out, outMu, neighbours): out_outMu(n) = U_mu(n) from_fromMu(n + mu), one link longer.
 *
 * loops(partials, u, spatial, temporal, neighbours, r): component T - 1 is the sum over sites and spatial directions i
 * of Re tr[S_i(n) T(n + r i) S_i(n + T t)^dagger T(n)^dagger], with the lines of length r in `spatial` (laid out as
 * links) and those in time of length T in slot T - 2 of `temporal` (that of length 1 is U itself).
 */
export function lineModule(layout: LinkLayout, maxT: number): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  extend(m, layout);
  loops(m, layout, maxT);
  return m.finish();
}

function extend(m: ModuleBuilder, layout: LinkLayout): void {
  const product = multiplyFunction(m, layout.group.n);
  m.kernel(
    "extend",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const,
    (k, { begin, end, scratch }, u, mu, from, fromMu, out, outMu, neighbours) => {
      const walk = new Walker(m, k, layout, neighbours);
      k.for(begin, end, (block) => {
        const here = walk.start(block);
        const rest = walk.link(from, walk.step(here, mu, true), fromMu, scratch);
        const to = k.let(out.add(block.mul(blockBytes(layout))).add(outMu.mul(linkBytes(layout))));
        k.call(product, to, walk.link(u, here, mu, scratch).pointer, rest.pointer);
      });
    },
  );
}

function loops(m: ModuleBuilder, layout: LinkLayout, maxT: number): void {
  const { dimension } = layout;
  const time = dimension - 1;
  const trace = openPlaquetteFunction(m, layout.group.n);
  m.kernel(
    "loops",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const,
    (k, { begin, end, scratch, chunk }, partials, u, spatial, temporal, stride, neighbours, r) => {
      const walk = new Walker(m, k, layout, neighbours);
      const [s0, s1, row] = [0, 1, 2].map((i) => k.let(scratch.add(i * linkBytes(layout)))) as [Int, Int, Int];
      const sums = k.let(partials.add(chunk.mul(maxT * k.vecBytes)));
      for (let t = 0; t < maxT; t++) k.store(sums, t * k.vecBytes, 0);
      k.for(begin, end, (block) => {
        k.for(0, time, (i) => {
          const here = walk.start(block);
          const far = k.let(here.add(0));
          k.for(0, r, () => k.set(far, walk.step(far, i, true)));
          const up = k.let(here.add(0));
          const near = walk.link(spatial, here, i, s0);
          for (let t = 1; t <= maxT; t++) {
            k.set(up, walk.step(up, time, true));
            const [field, slot] = t === 1 ? [u, time] : temporalSlot(temporal, stride, t, dimension);
            const right = walk.link(field, far, slot, s0);
            const top = walk.link(spatial, up, i, s1);
            const left = walk.link(field, here, slot, s0);
            const links = [near, right, top, left].map((line) => line.pointer);
            k.call(trace, k.let(sums.add((t - 1) * k.vecBytes)), ...links, row);
          }
        });
      });
    },
  );
}

/** Where the lines of length t >= 2 lie: which field of `temporal`, and which of its directions. */
function temporalSlot(temporal: Int, stride: Int, t: number, dimension: number): [Int, number] {
  const [field, slot] = temporalPlace(t, dimension);
  return [temporal.add(stride.mul(field)), slot];
}

export const temporalPlace = (t: number, dimension: number): [field: number, slot: number] => [
  Math.floor((t - 2) / dimension),
  (t - 2) % dimension,
];
