import { at, letComplex, peek } from "../../kernels/algebra/matrix.ts";
import { type FunctionRef, ModuleBuilder } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { type LinkLayout, layoutKey, linkBytes, Walker } from "../../lattice/links/layout.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { type Path, pathName } from "./path.ts";
import { pathSum, pathSumScratch } from "./path-sum.ts";

/** Loops a kernel, so that its code stays small. */
const BATCH = 16;

/** sum_n tr w(n), (re, im), of closed loops, in their order. */
export function loopSums(
  space: LinkSpace,
  address: number,
  loops: readonly Path[],
): readonly { re: number; im: number }[] {
  const { lattice, layout } = space;
  const { device } = lattice;
  const sums: { re: number; im: number }[] = [];
  for (let first = 0; first < loops.length; first += BATCH) {
    const batch = loops.slice(first, first + BATCH);
    const key = `loop-sum/${layoutKey(layout)}/${batch.map(pathName).join(" ")}`;
    const kernels = device.kernels<"loopSum">(key, () => loopSumModule(layout, batch));
    const parts = device.sum(
      kernels.loopSum,
      lattice.blocks,
      2 * batch.length,
      layout.width.lanes,
      address,
      lattice.neighbours,
    );
    batch.forEach((_, i) => sums.push({ re: parts[2 * i]!, im: parts[2 * i + 1]! }));
  }
  return sums;
}

/** Kernel loopSum(partials, u, neighbours): components 2 i and 2 i + 1 are Re and Im of sum_n tr w of loop i. */
function loopSumModule(layout: LinkLayout, loops: readonly Path[]): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const trace = [false, true].map((dagger) => traceFunction(m, layout.group.n, dagger));
  const rests = loops.map((loop) => {
    const terms = [{ path: loop.slice(1), weight: 1 }];
    return { ...pathSum(m, layout, `rest of ${pathName(loop)}`, terms), first: loop[0]! };
  });
  const most = Math.max(...loops.map((loop) => pathSumScratch([{ path: loop.slice(1), weight: 1 }])));
  m.kernel("loopSum", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch, chunk }, partials, u, neighbours) => {
    const walk = new Walker(m, k, layout, neighbours);
    const sums = k.let(partials.add(chunk.mul(2 * loops.length * k.vecBytes)));
    const product = k.let(scratch.add(most * linkBytes(layout)));
    for (let i = 0; i < 2 * loops.length; i++) k.store(sums, i * k.vecBytes, 0);
    k.for(begin, end, (block) => {
      const here = walk.start(block);
      rests.forEach(({ function: rest, first }, i) => {
        const mu = Math.abs(first) - 1;
        const next = walk.step(here, mu, first > 0);
        k.call(rest, u, neighbours, next, product, scratch);
        const link = walk.link(u, first > 0 ? here : next, mu, scratch);
        k.call(trace[first > 0 ? 0 : 1]!, k.let(sums.add(2 * i * k.vecBytes)), link.pointer, product);
      });
    });
  });
  return m.finish();
}

/** (sum, a, b): (re, im) at `sum` += tr(op(a) b). */
export function traceFunction(m: ModuleBuilder, n: number, dagger: boolean): FunctionRef {
  return m.helper(`trace${dagger ? "D" : "N"}N${n}`, ["i32", "i32", "i32"] as const, (k, sum, a, b) => {
    for (let i = 0; i < n; i++) {
      let re = k.load(sum, 0);
      let im = k.load(sum, k.vecBytes);
      for (let j = 0; j < n; j++) {
        const x = letComplex(k, dagger ? peek(k, n, at(a), j, i) : peek(k, n, at(a), i, j));
        const y = letComplex(k, peek(k, n, at(b), j, i));
        re = dagger ? re.plus(x.re, y.re).plus(x.im, y.im) : re.plus(x.re, y.re).minus(x.im, y.im);
        im = dagger ? im.plus(x.re, y.im).minus(x.im, y.re) : im.plus(x.re, y.im).plus(x.im, y.re);
      }
      k.store(sum, 0, re);
      k.store(sum, k.vecBytes, im);
    }
  });
}
