import { at, copyMatrix } from "../../../kernels/algebra/matrix.ts";
import { type Int, ModuleBuilder } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { type LinkLayout, Walker } from "../../../lattice/links/layout.ts";
import { forLinks, places } from "./emit.ts";
import { productFunction } from "./products.ts";

export type LineKernel = "lines" | "linesBack";

/**
 * The straight lines L^s_mu(n) = U_mu(n) … U_mu(n + (s - 1) mu), s = 2 … range, one field after the other, and back. Items
 * are blocks.
 */
export function lineKernels(layout: LinkLayout, range: number): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  lines(m, layout, range);
  linesBack(m, layout, range);
  return m.finish();
}

/** lines(u, lines, stride, neighbours): the fields of lines lie `stride` bytes apart. */
function lines(m: ModuleBuilder, layout: LinkLayout, range: number): void {
  const product = productFunction(m, layout.group.n);
  m.kernel("lines", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end, scratch }, u, out, apart, neighbours) => {
    const walk = new Walker(m, k, layout, neighbours);
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      let place = walk.start(block);
      let line = k.let(u.add(shift));
      for (let s = 2; s <= range; s++) {
        place = walk.step(place, mu, true);
        const longer = k.let(out.add(shift).add(apart.mul(s - 2)));
        k.call(product, longer, line, walk.link(u, place, mu, scratch).pointer);
        line = longer;
      }
    });
  });
}

/**
 * linesBack(u, lines, dlines, stride, du, neighbours): from the cotangents of the lines (those of one link are the links').
 * Link number j of the line that begins j steps before it has L^j_mu before and L^(s - j - 1)_mu(n + mu) after it:
 * dU_mu(n) += sum_j (sum_s L^(s - j - 1)_mu(n + mu) dL^s_mu(n - j mu)) L^j_mu(n - j mu).
 */
function linesBack(m: ModuleBuilder, layout: LinkLayout, range: number): void {
  const { n } = layout.group;
  const accumulate = productFunction(m, n, { accumulate: true });
  const types = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("linesBack", types, (k, { begin, end, scratch }, u, all, dall, apart, du, neighbours) => {
    const walk = new Walker(m, k, layout, neighbours);
    const [s0, s1, sum] = places(k, layout, scratch, 3) as [Int, Int, Int];
    const line = (s: number) => (s === 1 ? u : all.add(apart.mul(s - 2)));
    const dline = (s: number) => dall.add(apart.mul(s - 2));
    forLinks(k, layout, begin, end, ({ block, mu, shift }) => {
      const here = walk.start(block);
      const next = walk.step(here, mu, true);
      const to = k.let(du.add(shift));
      let begun = here;
      for (let j = 0; j < range; j++) {
        if (j > 0) begun = walk.step(begun, mu, false);
        const target = j === 0 ? to : sum;
        if (j > 0) {
          // the line that ends here, of j + 1 links
          copyMatrix(k, n, at(sum), walk.link(dline(j + 1), begun, mu, s0));
        }
        for (let s = Math.max(2, j + 2); s <= range; s++) {
          const after = walk.link(line(s - j - 1), next, mu, s0);
          k.call(accumulate, target, after.pointer, walk.link(dline(s), begun, mu, s1).pointer);
        }
        if (j > 0) k.call(accumulate, to, sum, walk.link(line(j), begun, mu, s0).pointer);
      }
    });
  });
}
