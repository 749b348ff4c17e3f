import { log } from "../../../kernels/algebra/elementary.ts";
import { at, type Complex, letComplex, peek, poke } from "../../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { type LinkLayout, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import { leafPaths } from "../../field-strength/field-strength.ts";
import { pathSum } from "../../loops/path-sum.ts";
import { timesPhase } from "../hopping/colour.ts";
import { diagonal, pack, packedBytes, packedEntry, putDiagonal, putLower, timesFunction, unpack } from "./packed.ts";
import { chiralSize, type SpinPlane, spinPlanes } from "./spin.ts";

export type TermKernel = "build" | "apply" | "invert";

/** Below this the pivot of an elimination counts as zero: the inverse would have lost half of its digits. */
const SMALLEST_PIVOT = 1e-8;

/** Bytes of A in a block of sites: two chiralities, each a packed matrix. */
export const termBytes = (l: LinkLayout): number =>
  2 * packedBytes({ vecBytes: l.width.lanes * l.width.bytes }, chiralSize(l.group.n, l.dimension));

/**
 * Kernels of the site-diagonal part A of the clover operator, [block][chirality][packed]; items are blocks:
 * build(a, u, neighbours, w): A = 1 + w sum_{mu<nu} gamma_mu gamma_nu (C_munu - C_munu^dagger), C the four leaves;
 * apply(out, x, a): out = A x, from the first of the blocks that are passed; out may be x;
 * invert(partials, out, a): out = A^{-1}; sums of log |det A|, of the number of negative eigenvalues, of the pivots that
 * are (nearly) zero or not numbers.
 */
export function termModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const size = chiralSize(layout.group.n, layout.dimension);
  build(m, layout, size);
  m.kernel("apply", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch }, out, x, a) => {
    const times = timesFunction(m, size);
    const vector = 2 * size * k.vecBytes;
    // an item of this loop is one chirality of a block
    k.for(begin.mul(2), end.mul(2), (half) => {
      const offset = k.let(half.mul(vector));
      k.call(times, out.add(offset), a.add(half.mul(packedBytes(k, size))), x.add(offset), scratch);
    });
  });
  invert(m, size);
  return m.finish();
}

function build(m: ModuleBuilder, layout: LinkLayout, size: number): void {
  const { n } = layout.group;
  const list = spinPlanes(layout.dimension).map((plane) => {
    const { mu, nu } = plane;
    const terms = leafPaths("clover", mu, nu).map((path) => ({ path, weight: 1 }));
    return { sum: pathSum(m, layout, `clover ${mu}${nu}`, terms), add: addPlane(m, n, size, plane) };
  });
  const most = Math.max(...list.map(({ sum }) => sum.scratchMatrices));
  m.kernel("build", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end, scratch }, a, u, neighbours, w) => {
    const walk = new Walker(m, k, layout, neighbours);
    const c = k.let(scratch.add(most * linkBytes(layout)));
    const chirality = packedBytes(k, size);
    k.for(begin, end, (block) => {
      const here = walk.start(block);
      const out = k.let(a.add(block.mul(2 * chirality)));
      k.for(0, 2 * size * size, (i) => k.store(out.add(i.mul(k.vecBytes)), 0, 0));
      for (const half of [0, 1]) k.for(0, size, (i) => putDiagonal(k, k.let(out.add(half * chirality)), i, 1));
      for (const { sum, add } of list) {
        k.call(sum.function, u, neighbours, here, c, scratch);
        k.call(add, out, c, w);
      }
    });
  });
}

/** The function (out, c, w): both chiralities at `out` += w sigma (C - C^dagger). */
function addPlane(m: ModuleBuilder, n: number, size: number, { mu, nu, sigma }: SpinPlane): FunctionRef {
  const perChirality = size / n;
  return m.helper(`addPlane${mu}${nu}`, ["i32", "i32", "vec"] as const, (k, out, c, w) => {
    const difference = (i: number, j: number): Complex => {
      const [x, y] = [letComplex(k, peek(k, n, at(c), i, j)), letComplex(k, peek(k, n, at(c), j, i))];
      return { re: x.re.sub(y.re).mul(w), im: x.im.add(y.im).mul(w) };
    };
    sigma.column.forEach((from, s) => {
      const half = Math.floor(s / perChirality);
      const block = k.let(out.add(half * packedBytes(k, size)));
      const [row, column] = [s, from].map((spin) => (spin - half * perChirality) * n) as [number, number];
      if (column > row) return; // the other triangle
      for (let i = 0; i < n; i++)
        for (let j = 0; j < (column === row ? i + 1 : n); j++) {
          const z = timesPhase(difference(i, j), sigma.phase[s]!);
          const [p, q] = [row + i, column + j];
          if (p === q) {
            putDiagonal(k, block, p, diagonal(k, block, p).add(z.re));
            continue;
          }
          const before = packedEntry(k, size, block, p, q);
          putLower(k, size, block, p, q, { re: before.re.add(z.re), im: before.im.add(z.im) });
        }
    });
  });
}

/**
 * Gauss-Jordan elimination in place, without exchange of rows: stable where A is positive, as it is but for exceptional
 * fields. The pivots are those of A = L D L^dagger: their product is det A, and as many are negative as eigenvalues.
 */
function invert(m: ModuleBuilder, size: number): void {
  m.kernel("invert", ["i32", "i32", "i32"] as const, (k, { begin, end, scratch, chunk }, partials, out, a) => {
    const sums = k.let(partials.add(chunk.mul(3 * k.vecBytes)));
    for (let i = 0; i < 3; i++) k.store(sums, i * k.vecBytes, 0);
    const count = (i: number, value: Vec) => k.store(sums, i * k.vecBytes, k.load(sums, i * k.vecBytes).add(value));
    k.for(begin.mul(2), end.mul(2), (half) => {
      const offset = k.let(half.mul(packedBytes(k, size)));
      unpack(k, size, scratch, k.let(a.add(offset)));
      k.for(0, size, (p) => {
        const pivot = k.let(peek(k, size, at(scratch), p, p).re);
        const modulus = k.let(pivot.abs());
        count(0, log(k, modulus));
        count(1, pivot.lt(0).select(1, 0));
        count(2, modulus.ge(SMALLEST_PIVOT).select(0, 1));
        sweep(k, size, scratch, p, k.let(Vec.of(1).div(pivot)));
      });
      pack(k, size, k.let(out.add(offset)), scratch);
    });
  });
}

/** One step of the elimination: row and column p of the matrix at `full` change sides; `inverse` = 1 / pivot. */
function sweep(k: Body, size: number, full: Int, p: Int, inverse: Vec): void {
  const entry = (i: Int, j: Int) => letComplex(k, peek(k, size, at(full), i, j));
  const put = (i: Int, j: Int, z: Complex) => poke(k, size, at(full), i, j, z);
  const others = (emit: (i: Int) => void) => k.for(0, size, (i) => k.if(i.ne(p), () => emit(i)));
  others((i) => {
    const z = entry(i, p);
    const f = letComplex(k, { re: z.re.mul(inverse), im: z.im.mul(inverse) });
    others((j) => {
      const [old, q] = [entry(i, j), entry(p, j)];
      put(i, j, {
        re: old.re.minus(f.re, q.re).plus(f.im, q.im),
        im: old.im.minus(f.re, q.im).minus(f.im, q.re),
      });
    });
    put(i, p, { re: f.re.neg(), im: f.im.neg() });
  });
  others((j) => {
    const z = entry(p, j);
    put(p, j, { re: z.re.mul(inverse), im: z.im.mul(inverse) });
  });
  put(p, p, { re: inverse, im: Vec.of(0) });
}
