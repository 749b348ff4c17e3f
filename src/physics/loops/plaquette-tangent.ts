import {
  at,
  type Complex,
  forRows,
  letComplex,
  loadRow,
  type Matrix,
  peek,
  poke,
  rowTimesColumn,
  setZero,
} from "../../kernels/algebra/matrix.ts";
import type { Body, FunctionRef, Int, ModuleBuilder } from "../../kernels/builder.ts";
import { type LinkLayout, linkBytes, Walker } from "../../lattice/links/layout.ts";
import { loopsOf } from "./families.ts";
import { loopTangent, type StapleTangent } from "./loop-tangent.ts";

/** A link and its tangent. */
interface Pair {
  readonly value: Matrix;
  readonly tangent: Matrix;
}

const sum = (a: Complex, b: Complex): Complex => ({ re: a.re.add(b.re), im: a.im.add(b.im) });

/**
 * out += the tangent of op(a) b^dagger op(c), row by row as in plaquette.ts; `rows` takes a row of op(a) b^dagger and one
 * of its tangent.
 */
function addTripleTangent(
  k: Body,
  n: number,
  out: Matrix,
  [a, b, c]: readonly [Pair, Pair, Pair],
  rows: Int,
  daggerA: boolean,
  daggerC: boolean,
): void {
  const [row, tangentRow] = [at(rows), at(rows, 2 * n * k.vecBytes)];
  forRows(k, n, (i) => {
    const x = loadRow(k, n, a.value, i, daggerA);
    for (let j = 0; j < n; j++) {
      poke(k, n, row, 0, j, rowTimesColumn(k, n, x, b.value, j, true));
      poke(k, n, tangentRow, 0, j, rowTimesColumn(k, n, x, b.tangent, j, true));
    }
    const y = loadRow(k, n, a.tangent, i, daggerA);
    for (let j = 0; j < n; j++)
      poke(k, n, tangentRow, 0, j, sum(peek(k, n, tangentRow, 0, j), rowTimesColumn(k, n, y, b.value, j, true)));
    for (const [from, to] of [
      [row, c.tangent],
      [tangentRow, c.value],
    ] as const) {
      const t = loadRow(k, n, from, 0);
      for (let j = 0; j < n; j++) {
        const z = letComplex(k, rowTimesColumn(k, n, t, to, j, daggerC));
        poke(k, n, out, i, j, sum(peek(k, n, out, i, j), z));
      }
    }
  });
}

/**
 * `loopTangent` of the plaquettes, each staple in one go. Two rows need no more than one matrix for N >= 2; U(1) takes
 * the general way.
 */
export function plaquetteTangent(extents: readonly number[]): StapleTangent {
  const general = loopTangent(loopsOf("plaquette", extents), extents.length);
  const names = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return {
    key: "plaquette tangent",
    scratchMatrices: Math.max(7, general.scratchMatrices),
    emit(m: ModuleBuilder, layout: LinkLayout): FunctionRef {
      const { n } = layout.group;
      if (n === 1) return general.emit(m, layout);
      return m.helper("plaquetteTangent", names, (k, u, v, neighbours, block, mu, out, scratch) => {
        const walk = new Walker(m, k, layout, neighbours);
        const slots = Array.from({ length: 7 }, (_, i) => k.let(scratch.add(i * linkBytes(layout))));
        const pair = (place: Int, direction: Int, slot: number): Pair => ({
          value: walk.link(u, place, direction, slots[slot]!),
          tangent: walk.link(v, place, direction, slots[slot + 1]!),
        });
        const here = walk.start(block);
        const ahead = walk.step(here, mu, true);
        setZero(k, n, at(out));
        k.for(0, layout.dimension, (nu) => {
          k.if(nu.ne(mu), () => {
            const side = walk.step(here, nu, true);
            const upper = [pair(ahead, nu, 0), pair(side, mu, 2), pair(here, nu, 4)] as const;
            addTripleTangent(k, n, at(out), upper, slots[6]!, false, true);
            const below = walk.step(here, nu, false);
            const corner = walk.step(below, mu, true);
            const lower = [pair(corner, nu, 0), pair(below, mu, 2), pair(below, nu, 4)] as const;
            addTripleTangent(k, n, at(out), lower, slots[6]!, true, false);
          });
        });
      });
    },
  };
}
