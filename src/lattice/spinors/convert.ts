import { type Body, type Int, ModuleBuilder } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { type SpinorLayout, spinorBytes } from "./layout.ts";

export type Conversion = "toSingle" | "addSingle";

/** Bytes of a number of a quad: four lanes of float32. */
const QUAD = 16;

/**
 * Kernels between float64 vectors in blocks and float32 vectors in quads; items are float64 blocks, `x` and `home` (see
 * Quads) are passed by the address of their first entry, `single` by that of the whole vector:
 * toSingle(single, x, home): single <- x, rounded; addSingle(single, x, home): x <- x + single.
 * @param layout that of the float64 vectors.
 */
export function conversionKernels(layout: SpinorLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { components } = layout;
  const types = ["i32", "i32", "i32"] as const;
  type Move = (k: Body, single: Int, quadOffset: number, x: Int, offset: number) => void;
  const kernel = (name: Conversion, move: Move) =>
    m.kernel(name, types, (k, { begin, end }, singles, x, home) =>
      k.for(begin, end, (block) => {
        const place = k.let(k.loadInt(home.add(block.mul(4))));
        const single = k.let(singles.add(place.shr(2).mul(2 * components * QUAD)).add(place.and(3).mul(4)));
        const from = k.let(x.add(block.mul(spinorBytes(layout))));
        k.for(0, components, (c) => {
          const [to, at] = [k.let(single.add(c.mul(2 * QUAD))), k.let(from.add(c.mul(2 * k.vecBytes)))];
          for (const i of [0, 1]) move(k, to, i * QUAD, at, i * k.vecBytes);
        });
      }),
    );
  kernel("toSingle", (k, single, q, x, o) => k.storeSingle(single, q, k.load(x, o)));
  kernel("addSingle", (k, single, q, x, o) => k.store(x, o, k.load(x, o).add(k.loadSingle(single, q))));
  return m.finish();
}
