import {
  at,
  forRows,
  letComplex,
  loadRow,
  type Matrix,
  peek,
  poke,
  rowTimesColumn,
  setZero,
} from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, ModuleBuilder } from "../../kernels/builder.ts";
import { type LinkLayout, layoutKey, linkBytes, Walker } from "../../lattice/links/layout.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import { loopConflicts } from "./conflicts.ts";
import { loopsOf, planes } from "./families.ts";
import type { StapleSource } from "./staple.ts";

/**
 * out += op(a) b^dagger op(c), row by row. The row of the first product goes through `row` in memory: a store is what
 * keeps the engine from delaying the arithmetic until more operands are live than there are registers.
 */
function addTriple(
  k: Body,
  n: number,
  out: Matrix,
  a: Matrix,
  b: Matrix,
  c: Matrix,
  row: Int,
  daggerA: boolean,
  daggerC: boolean,
) {
  forRows(k, n, (i) => {
    const x = loadRow(k, n, a, i, daggerA);
    for (let j = 0; j < n; j++) poke(k, n, at(row), 0, j, rowTimesColumn(k, n, x, b, j, true));
    const t = loadRow(k, n, at(row), 0);
    for (let j = 0; j < n; j++) {
      const z = rowTimesColumn(k, n, t, c, j, daggerC);
      const before = peek(k, n, out, i, j);
      poke(k, n, out, i, j, { re: before.re.add(z.re), im: before.im.add(z.im) });
    }
  });
}

/**
 * The 2 (d - 1) staples of the plaquettes through a link, so that sum Re tr P over these plaquettes is
 * Re tr[U_mu(n) A_mu(n)]:
 * A_mu(n) = sum_nu U_nu(n+mu) U_mu(n+nu)^+ U_nu(n)^+ + U_nu(n+mu-nu)^+ U_mu(n-nu)^+ U_nu(n-nu).
 */
export const plaquetteStaple: StapleSource = {
  key: "plaquette",
  scratchMatrices: 4,
  emit(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
    const { n } = layout.group;
    return m.helper(
      "plaquetteStaple",
      ["i32", "i32", "i32", "i32", "i32", "i32"] as const,
      (k, u, neighbours, block, mu, out, scratch) => {
        const walk = new Walker(m, k, layout, neighbours);
        const [s0, s1, s2] = [0, 1, 2].map((i) => k.let(scratch.add(i * linkBytes(layout))));
        const row = k.let(scratch.add(3 * linkBytes(layout)));
        const here = walk.start(block);
        const ahead = walk.step(here, mu, true);
        setZero(k, n, at(out));
        k.for(0, layout.dimension, (nu) => {
          k.if(nu.ne(mu), () => {
            const side = walk.step(here, nu, true);
            const right = walk.link(u, ahead, nu, s0!);
            const top = walk.link(u, side, mu, s1!);
            const left = walk.link(u, here, nu, s2!);
            addTriple(k, n, at(out), right, top, left, row, false, true);
            const below = walk.step(here, nu, false);
            const corner = walk.step(below, mu, true);
            const lowerRight = walk.link(u, corner, nu, s0!);
            const bottom = walk.link(u, below, mu, s1!);
            const lowerLeft = walk.link(u, below, nu, s2!);
            addTriple(k, n, at(out), lowerRight, bottom, lowerLeft, row, true, false);
          });
        });
      },
    );
  },
  conflicts: (mu, extents) => (extents.length > 1 ? loopConflicts(loopsOf("plaquette", extents), mu, extents) : []),
};

/** Kernel plaquetteSum(partials, u, neighbours): component i is sum_n Re tr P in plane i of `planes`. */
function plaquetteSumKernel(m: ModuleBuilder, layout: LinkLayout): void {
  const list = planes(layout.dimension);
  const trace = openPlaquetteFunction(m, layout.group.n);
  m.kernel(
    "plaquetteSum",
    ["i32", "i32", "i32"] as const,
    (k, { begin, end, scratch, chunk }, partials, u, neighbours) => {
      const walk = new Walker(m, k, layout, neighbours);
      const [s0, s1, row] = [0, 1, 2].map((i) => k.let(scratch.add(i * linkBytes(layout)))) as [Int, Int, Int];
      const sums = k.let(partials.add(chunk.mul(list.length * k.vecBytes)));
      list.forEach((_, plane) => k.store(sums, plane * k.vecBytes, 0));
      k.for(begin, end, (block) => {
        const here = walk.start(block);
        list.forEach(([mu, nu], plane) => {
          const [first, fourth] = [walk.link(u, here, mu, s0), walk.link(u, here, nu, s0)];
          const second = walk.link(u, walk.step(here, mu, true), nu, s0);
          const third = walk.link(u, walk.step(here, nu, true), mu, s1);
          const links = [first, second, third, fourth].map((link) => link.pointer);
          k.call(trace, k.let(sums.add(plane * k.vecBytes)), ...links, row);
        });
      });
    },
  );
}

/** (sum, a, b, c, d, row): the vec at `sum` += Re tr[a b c^dagger d^dagger]; rows go through memory as in addTriple. */
export function openPlaquetteFunction(m: ModuleBuilder, n: number): FunctionRef {
  return m.helper(
    `openPlaquette${n}`,
    ["i32", "i32", "i32", "i32", "i32", "i32"] as const,
    (k, sum, a, b, c, d, row) => {
      forRows(k, n, (i) => {
        const x = loadRow(k, n, at(a), i);
        for (let j = 0; j < n; j++) poke(k, n, at(row), 0, j, rowTimesColumn(k, n, x, at(b), j));
        const y = loadRow(k, n, at(d), i);
        for (let j = 0; j < n; j++) {
          const z = letComplex(k, rowTimesColumn(k, n, y, at(c), j));
          const lower = peek(k, n, at(row), 0, j);
          k.store(sum, 0, k.load(sum).plus(lower.re, z.re).plus(lower.im, z.im));
        }
      });
    },
  );
}

/** sum_n Re tr P in every plane mu < nu. */
export function plaquetteSums(space: LinkSpace, address: number): Float64Array {
  const { lattice, layout } = space;
  const { device, blocks, neighbours } = lattice;
  const count = planes(layout.dimension).length;
  if (count === 0) return new Float64Array(0);
  const kernels = device.kernels<"plaquetteSum">(`plaquette-sum/${layoutKey(layout)}`, () => {
    const m = new ModuleBuilder(layout.width);
    plaquetteSumKernel(m, layout);
    return m.finish();
  });
  return device.sum(kernels.plaquetteSum, blocks, count, layout.width.lanes, address, neighbours);
}
