import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { STEP, STEP_BYTES, SWEEP_BYTES } from "./layout.ts";

const EPSILON_SQUARED = 2 ** -104;
/** Off-diagonal elements smaller than 2^-58 of the matrix are dropped. */
const FLOOR_SQUARED = 2 ** -116;
/** A rotation by numbers whose square is below this (the matrix is of order one) is none: the matrix has split. */
const NOTHING = 1e-260;
/** Sweeps for one eigenvalue; on average it takes less than two. */
export const MOST_SWEEPS = 60;

/** Integers by which the calls of `sweeps` know of one another. */
export const STATE = { row: 0, tries: 4, listed: 8, failed: 12 } as const;
export const STATE_BYTES = 16;

/**
 * Eigenvalues of the real symmetric tridiagonal matrix that the steps of reduction.ts describe by implicit QL with
 * Wilkinson's shift (Dubrulle, Martin, Wilkinson, Numer. Math. 12 (1968) 377), with the plane rotations it is made of.
 *
 * `start(values, offDiagonal, steps, state)` sets it up; `values` and `offDiagonal` are n + 1 numbers each.
 * `sweeps(values, offDiagonal, rotations, list, state, room)` sweeps until all eigenvalues are found (state.row = n),
 * one could not be found in MOST_SWEEPS sweeps (state.failed = 1), or the memory of `room` rotations might not be enough
 * for one more sweep. Sweep j of state.listed turned the rows list[j].from, from - 1, … list[j].to one after the other;
 * the rotations (c, s) of all sweeps stand one behind the other.
 */
export function rotationsModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  m.kernel("start", ["i32", "i32", "i32", "i32"] as const, (k, { begin, end }, values, offDiagonal, steps, state) =>
    k.for(begin, end, () => {
      const largest = k.let(Vec.of(0));
      k.for(0, n, (i) => {
        const step = k.let(steps.add(i.mul(STEP_BYTES)));
        const [d, e] = [k.let(k.load(step, STEP.diagonal)), k.let(k.load(step, STEP.square).sqrt())];
        k.store(values.add(i.shl(3)), 0, d);
        k.if(i, () => {
          k.store(offDiagonal.add(i.sub(1).shl(3)), 0, e);
          k.set(largest, largest.max(e));
        });
        k.set(largest, largest.max(d.abs()));
      });
      k.store(offDiagonal.add(8 * n), 0, largest.mul(largest).mul(FLOOR_SQUARED));
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
      k.repeat(
        () => {
          endOfBlock(k, n, { values, offDiagonal, l, m: top }, floor);
          k.if(
            top.eq(l),
            () => {
              k.set(l, l.add(1));
              k.set(tries, Int.of(0));
            },
            () => {
              const entry = k.let(list.add(listed.mul(SWEEP_BYTES)));
              k.storeInt(entry, 0, top);
              k.storeInt(entry, 4, sweepUp(k, { values, offDiagonal, l, m: top }, out));
              k.set(listed, listed.add(1));
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

/** The block l..m of the matrix; element i of the diagonal at values[i], T(i, i + 1) at offDiagonal[i]. */
interface Block {
  readonly values: Int;
  readonly offDiagonal: Int;
  readonly l: Int;
  readonly m: Int;
}

/** m = the first row from l on whose off-diagonal element is negligible, or the last row. */
function endOfBlock(k: Body, n: number, { values, offDiagonal, l, m }: Block, floor: Vec): void {
  k.set(m, l.sub(1));
  k.repeat(
    () => k.set(m, m.add(1)),
    () => {
      const at = k.let(m.shl(3));
      const row = k.let(values.add(at));
      const e = k.let(k.load(offDiagonal.add(at)));
      const square = k.let(e.mul(e));
      const bound = k.load(row).mul(k.load(row, 8)).abs().mul(EPSILON_SQUARED);
      // not(<=): a matrix that is not a number ends by the count of sweeps
      return square
        .le(bound)
        .or(square.le(floor))
        .not()
        .any()
        .and(m.lt(n - 1));
    },
  );
}

/** One sweep; its rotations go to `out`, which moves on. Returns the row where it ended: l, or where the matrix split. */
function sweepUp(k: Body, { values, offDiagonal, l, m }: Block, out: Int): Int {
  const first = k.let(values.add(l.shl(3)));
  const distance = k.let(offDiagonal.sub(values));
  const row = k.let(values.add(m.shl(3)));
  const g = k.let(k.load(row).sub(shift(k, first, first.add(distance))));
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

/** The eigenvalue of the leading 2 x 2 of the block that is closer to its first element. */
function shift(k: Body, row: Int, offDiagonal: Int): Vec {
  const e = k.let(k.load(offDiagonal));
  const [a, b] = [k.let(k.load(row)), k.load(row, 8)];
  const g = k.let(b.sub(a).div(e.mul(2)));
  const root = k.let(g.mul(g).add(1).sqrt());
  return k.let(a.sub(e.div(g.add(g.ge(0).select(root, root.neg())))));
}
