import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { SWEEP_BYTES } from "./layout.ts";
import { type Block, endOfBlock, gather, MOST_SWEEPS, shift } from "./tridiagonal.ts";

/** A rotation by numbers whose square is below this (the matrix is of order one) is none: the matrix has split. */
const NOTHING = 1e-260;

/** Integers by which the calls of `sweeps` know of one another. */
export const STATE = { row: 0, tries: 4, listed: 8, failed: 12 } as const;
export const STATE_BYTES = 16;

/**
 * Eigenvalues of the real symmetric tridiagonal matrix that the steps of reduction.ts describe, by implicit QL with
 * Wilkinson's shift (Dubrulle, Martin, Wilkinson, Numer. Math. 12 (1968) 377), with the plane rotations it is made of.
 *
 * `start(values, offDiagonal, steps, state)` sets it up; `values` and `offDiagonal` are n + 1 numbers each,
 * the last of offDiagonal is what `gather` returned.
 * `sweeps(values, offDiagonal, rotations, list, state, room)` sweeps until all eigenvalues are found (state.row = n),
 * one could not be found in MOST_SWEEPS sweeps (state.failed = 1), or the memory of `room` rotations might not be enough
 * for one more sweep. Sweep j of state.listed turned the rows list[j].from, from - 1, … list[j].to one after the other;
 * the rotations (c, s) of all sweeps stand one behind the other.
 */
export function rotationsModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("start", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end }, values, offDiagonal, steps, state) =>
    k.for(begin, end, () => {
      const floor = gather(k, n, values, offDiagonal, steps, (square) => square.sqrt());
      k.store(offDiagonal.add(8 * n), 0, floor);
      for (const offset of Object.values(STATE)) k.storeInt(state, offset, Int.of(0));
    }),
  );
  const parameters = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("sweeps", parameters, (k, { begin, end }, values, offDiagonal, rotations, list, state, room) =>
    k.for(begin, end, () => {
      const l = k.let(k.loadInt(state, STATE.row));
      const tries = k.let(k.loadInt(state, STATE.tries));
      const listed = k.let(Int.of(0));
      const out = k.let(rotations);
      const full = k.let(rotations.add(room.sub(n).shl(4)));
      const floor = k.let(k.load(offDiagonal.add(8 * n)));
      const top = k.let(Int.of(0));
      const block: Block = { values, offDiagonal, l, m: top };
      k.repeat(
        () => {
          endOfBlock(k, n, block, floor, (e) => e.mul(e));
          k.if(
            top.eq(l),
            () => {
              k.set(l, l.add(1));
              k.set(tries, Int.of(0));
            },
            () => {
              const entry = k.let(list.add(listed.mul(SWEEP_BYTES)));
              const last = sweepUp(k, block, out);
              k.storeInt(entry, 0, top);
              k.storeInt(entry, 4, last);
              k.set(listed, listed.add(last.ne(top)));
              k.set(tries, tries.add(1));
            },
          );
        },
        () => l.lt(n).and(tries.lt(MOST_SWEEPS)).and(out.sub(full).lt(1)),
      );
      k.storeInt(state, STATE.row, l);
      k.storeInt(state, STATE.tries, tries);
      k.storeInt(state, STATE.listed, listed);
      k.storeInt(state, STATE.failed, tries.ge(MOST_SWEEPS));
    }),
  );
  return m.finish();
}

/** One sweep; its rotations go to `out`, which moves on. Returns the row where it ended: l, or where the matrix split. */
function sweepUp(k: Body, { values, offDiagonal, l, m }: Block, out: Int): Int {
  const first = k.let(values.add(l.shl(3)));
  const distance = k.let(offDiagonal.sub(values));
  const row = k.let(values.add(m.shl(3)));
  const g = k.let(k.load(row).sub(shift(k, first, k.let(k.load(first.add(distance))))));
  const [s, c, p] = [k.let(Vec.of(1)), k.let(Vec.of(1)), k.let(Vec.of(0))];
  const split = k.let(Int.of(0));
  k.repeat(
    () => {
      const above = k.let(row.sub(8));
      const e = k.let(above.add(distance));
      const f = k.let(s.mul(k.load(e)));
      const b = k.let(c.mul(k.load(e)));
      const square = k.let(f.mul(f).plus(g, g));
      k.set(split, square.gt(NOTHING).not().any());
      const r = k.let(square.sqrt());
      k.if(
        split,
        () => {
          k.store(e, 8, 0);
          k.store(row, 0, k.load(row).sub(p));
        },
        () => {
          k.store(e, 8, r);
          k.set(s, f.div(r));
          k.set(c, g.div(r));
          k.store(out, 0, c);
          k.store(out, 8, s);
          k.set(out, out.add(16));
          const h = k.let(k.load(row).sub(p));
          const t = k.let(k.load(above).sub(h).mul(s).plus(c.mul(2), b));
          k.set(p, s.mul(t));
          k.store(row, 0, h.add(p));
          k.set(g, c.mul(t).sub(b));
          k.set(row, above);
        },
      );
    },
    () => row.ne(first).and(split.eq(0)),
  );
  k.if(split.eq(0), () => {
    k.store(first, 0, k.load(first).sub(p));
    k.store(first.add(distance), 0, g);
  });
  k.store(offDiagonal.add(m.shl(3)), 0, 0);
  return k.let(row.sub(values).shr(3));
}
