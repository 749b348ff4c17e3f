import { ModuleBuilder } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import type { Field } from "../../lattice/field.ts";
import { blockBytes, type LinkLayout, layoutKey, linkBytes } from "../../lattice/links/layout.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { StapleSource } from "./staple.ts";

/**
 * delta += weight * (derivative of S = -sum Re tr(U A) over the loops of a staple source): delta_mu(n) -= weight A_mu(n),
 * where A counts every occurrence of the link.
 */
export function addLoopDerivative(
  space: LinkSpace,
  source: StapleSource,
  weight: number,
  u: Field,
  delta: Field,
): void {
  const { lattice, layout } = space;
  const { device, blocks, neighbours } = lattice;
  const key = `loop-derivative/${source.key}/${layoutKey(layout)}`;
  const { derivative } = device.kernels<"derivative">(key, () => derivativeModule(layout, source));
  device.run(derivative, blocks, u.address, delta.address, neighbours, -weight);
}

/** Kernel derivative(u, delta, neighbours, w): delta_mu += w A_mu for every link of a block. */
function derivativeModule(layout: LinkLayout, source: StapleSource): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const staple = source.emit(m, layout);
  const size = linkBytes(layout);
  m.kernel("derivative", ["i32", "i32", "i32", "f64"] as const, (k, range, u, delta, neighbours, w) => {
    const { begin, end, scratch } = range;
    const a = k.let(scratch.add(source.scratchMatrices * size));
    k.for(begin, end, (block) => {
      k.for(0, layout.dimension, (mu) => {
        k.call(staple, u, neighbours, block, mu, a, scratch);
        const out = k.let(delta.add(block.mul(blockBytes(layout))).add(mu.mul(size)));
        k.for(0, 2 * layout.group.n ** 2, (i) => {
          const offset = k.let(i.mul(k.vecBytes));
          k.store(out.add(offset), 0, k.load(out.add(offset)).plus(w, k.load(a.add(offset))));
        });
      });
    });
  });
  return m.finish();
}
