import { at, multiply } from "../../kernels/algebra/matrix.ts";
import { ModuleBuilder } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import type { Field } from "../../lattice/field.ts";
import { forCoordinates } from "../../lattice/links/algebra.ts";
import {
  blockBytes,
  type LinkLayout,
  layoutKey,
  linkBytes,
  momentumBlockBytes,
  momentumBytes,
} from "../../lattice/links/layout.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { StapleSource } from "./staple.ts";

/**
 * P += weight F with F = -dS/dU of S = -sum Re tr(U A) over the loops of a staple source:
 * p_a += -(weight/2) Im tr(lambda_a U_mu A_mu) (docs/conventions.md).
 */
export function addLoopForce(space: LinkSpace, source: StapleSource, weight: number, u: Field, p: Field): void {
  const { lattice, layout } = space;
  const { device, blocks, neighbours } = lattice;
  const key = `force/${source.key}/${layoutKey(layout)}`;
  const { force } = device.kernels<"force">(key, () => forceModule(layout, source));
  device.run(force, blocks, u.address, p.address, neighbours, -weight / 2);
}

/**
 * Kernel force(u, p, neighbours, w): p_a += w c_a(U_mu A_mu), c_a(X) = Im tr(lambda_a X), for every link of a block.
 */
function forceModule(layout: LinkLayout, source: StapleSource): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { n } = layout.group;
  const staple = source.emit(m, layout);
  const size = linkBytes(layout);
  m.kernel("force", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end, scratch }, u, p, neighbours, w) => {
    const a = k.let(scratch.add(source.scratchMatrices * size));
    const x = k.let(a.add(size));
    k.for(begin, end, (block) => {
      k.for(0, layout.dimension, (mu) => {
        k.call(staple, u, neighbours, block, mu, a, scratch);
        multiply(k, n, at(x), at(k.let(u.add(block.mul(blockBytes(layout))).add(mu.mul(size)))), at(a));
        const out = k.let(p.add(block.mul(momentumBlockBytes(layout))).add(mu.mul(momentumBytes(layout))));
        forCoordinates(k, layout.group, at(x), (i, c) =>
          k.store(out, i * k.vecBytes, k.load(out, i * k.vecBytes).plus(w, c)),
        );
      });
    });
  });
  return m.finish();
}
