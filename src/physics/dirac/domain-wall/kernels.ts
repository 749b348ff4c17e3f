import { type Body, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { type SpinorLayout, SpinorWalker, spinorBytes } from "../../../lattice/spinors/layout.ts";
import { put } from "../hopping/colour.ts";
import type { HopBody } from "../hopping/hop.ts";
import { copyWall, type FifthShape, shiftFifth, solveFifth } from "./fifth.ts";

export type HoppingKernel = "combine" | "combineNorm" | "solveHop";
export type SiteKernel = "multiply" | "solve" | "wallSource" | "wallSink";

interface Range {
  readonly begin: Int;
  readonly end: Int;
  readonly scratch: Int;
  readonly chunk: Int;
}

const blockOf = (k: Body, size: number, field: Int, block: Int) => k.let(field.add(block.mul(size)));

/** Private memory that the kernels need: T x, and what the hopping term itself puts aside (wilsonBody with r = 1). */
export const scratchOf = (layout: SpinorLayout, { L5 }: FifthShape): number =>
  spinorBytes(layout) * Math.max(2, 1 + (3 * layout.dimension) / L5);

/**
 * Kernels of an operator that hops and shifts; items are blocks, counted from `first`. F is replaced by its transpose where
 * T is the adjoint (`dagger`); a matrix p + q F is passed as p, q, -mass q.
 *
 * combine(out, x, z, links, neighbours, first, p, q, wrap, u, v, wrapV): out = (p + q F) z + (u + v F) T x; out is neither.
 * combineNorm (partials first): the same and sums of |out|^2.
 * solveHop(out, x, links, neighbours, first, scale, ratio, wrap, u, v, wrapV): out = (u + v F) (p + q F)^{-1} T x.
 *
 * @param right without it v = 0, and u = 1 in solveHop: the domain wall of Shamir, with less to do.
 */
export function hoppingKernels(
  layout: SpinorLayout,
  shape: FifthShape,
  body: HopBody,
  how: { dagger: boolean; right: boolean },
): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const size = spinorBytes(layout);
  /** T x of every block, left at `hopped` in scratch. */
  const each = (
    k: Body,
    range: Range,
    at: { x: Int; links: Int; neighbours: Int; first: Int },
    then: (block: Int, hopped: Int) => void,
  ) => {
    const walk = new SpinorWalker(m, k, layout, at.neighbours, body.run);
    const hopped = range.scratch;
    const scratch = k.let(hopped.add(size));
    k.for(range.begin, range.end, (item) => {
      const block = k.let(item.add(at.first));
      const links = k.let(at.links.add(block.mul(body.linkBytes)));
      const done: Parameters<HopBody["emit"]>[0]["done"] = (component, row, value, from) =>
        put(k, from ? k.let(hopped.add(from)) : hopped, component, row, value, false);
      body.emit({ m, k, block, x: at.x, links, walk, scratch, done });
      then(block, hopped);
    });
  };
  const combine = (k: Body, range: Range, args: readonly unknown[], done?: (value: Vec, i: number) => void) => {
    const [out, x, z, links, neighbours, first] = args.slice(0, 6) as [Int, Int, Int, Int, Int, Int];
    const [p, q, wrap, u, v, wrapV] = args.slice(6) as [Vec, Vec, Vec, Vec, Vec, Vec];
    each(k, range, { x, links, neighbours, first }, (block, hopped) => {
      const to = blockOf(k, size, out, block);
      const own = { vector: blockOf(k, size, z, block), matrix: { p, shift: { q, wrap } } };
      const far = { vector: hopped, matrix: how.right ? { p: u, shift: { q: v, wrap: wrapV } } : { p: u } };
      shiftFifth(k, shape, how.dagger, to, [own, far], done);
    });
  };
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64", "f64", "f64", "f64", "f64"] as const;
  m.kernel("combine", types, (k, range, ...args) => combine(k, range, args));
  m.kernel("combineNorm", ["i32", ...types] as const, (k, range, partials, ...args) => {
    // four sums in turn, so that one addition does not wait for the last
    const sums = Array.from({ length: 4 }, () => k.let(Vec.of(0)));
    combine(k, range, args, (value, i) => k.set(sums[i % 4]!, sums[i % 4]!.plus(value, value)));
    const [a, b, c, d] = sums as [Vec, Vec, Vec, Vec];
    k.store(partials.add(range.chunk.mul(k.vecBytes)), 0, a.add(b).add(c.add(d)));
  });
  m.kernel(
    "solveHop",
    ["i32", "i32", "i32", "i32", "i32", "f64", "f64", "f64", "f64", "f64", "f64"] as const,
    (k, range, out, x, links, neighbours, first, scale, ratio, wrap, u, v, wrapV) =>
      each(k, range, { x, links, neighbours, first }, (block, hopped) => {
        const to = blockOf(k, size, out, block);
        solveFifth(k, shape, how.dagger, how.right ? hopped : to, hopped, { scale, ratio, wrap });
        const matrix = { p: u, shift: { q: v, wrap: wrapV } };
        if (how.right) shiftFifth(k, shape, how.dagger, to, [{ vector: hopped, matrix }]);
      }),
  );
  return m.finish();
}

/**
 * Kernels within a site; items are blocks, and vectors are passed by the address of their first block.
 *
 * multiply(out, x, p, q, wrap): out = (p + q F) x; out is not x.
 * solve(out, x, scale, ratio, wrap): out = (p + q F)^{-1} x; out may be x.
 * wallSource(five, four): five_1 = P_- four, five_L5 = P_+ four, zero between.
 * wallSink(four, five): four = P_+ five_1 + P_- five_L5.
 */
export function siteKernels(layout: SpinorLayout, shape: FifthShape): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { L5 } = shape;
  const size = spinorBytes(layout);
  const types = ["i32", "i32", "f64", "f64", "f64"] as const;
  m.kernel("multiply", types, (k, { begin, end }, out, x, p, q, wrap) =>
    k.for(begin, end, (block) => {
      const vector = blockOf(k, size, x, block);
      shiftFifth(k, shape, false, blockOf(k, size, out, block), [{ vector, matrix: { p, shift: { q, wrap } } }]);
    }),
  );
  m.kernel("solve", types, (k, { begin, end }, out, x, scale, ratio, wrap) =>
    k.for(begin, end, (block) => {
      const [to, from] = [blockOf(k, size, out, block), blockOf(k, size, x, block)];
      solveFifth(k, shape, false, to, from, { scale, ratio, wrap });
    }),
  );
  m.kernel("wallSource", ["i32", "i32"] as const, (k, { begin, end }, out, x) =>
    k.for(begin, end, (block) => {
      const [five, four] = [blockOf(k, size, out, block), blockOf(k, size / L5, x, block)];
      k.for(0, 2 * layout.components, (i) => k.store(five.add(i.mul(k.vecBytes)), 0, 0));
      copyWall(k, shape, false, { five, four, s: 0, into: "five" });
      copyWall(k, shape, true, { five, four, s: L5 - 1, into: "five" });
    }),
  );
  m.kernel("wallSink", ["i32", "i32"] as const, (k, { begin, end }, out, x) =>
    k.for(begin, end, (block) => {
      const [four, five] = [blockOf(k, size / L5, out, block), blockOf(k, size, x, block)];
      copyWall(k, shape, true, { five, four, s: 0, into: "four" });
      copyWall(k, shape, false, { five, four, s: L5 - 1, into: "four" });
    }),
  );
  return m.finish();
}
