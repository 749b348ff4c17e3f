import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { STEP, STEP_BYTES } from "./layout.ts";

const EPSILON_SQUARED = 2 ** -104;
/** Off-diagonal elements smaller than 2^-58 of the matrix are dropped: they move no eigenvalue in float64. */
const FLOOR_SQUARED = 2 ** -116;
/** p below this (the matrix is of order one) is zero: its square would leave the range of float64. */
const NOTHING = 1e-180;
/** Sweeps for one eigenvalue; on average it takes less than two. */
export const MOST_SWEEPS = 60;

/**
 * `eigenvalues(values, squares, steps, failed)`: eigenvalues of the real symmetric tridiagonal matrix that the steps of
 * reduction.ts describe, in ascending order, by QL without square roots (Pal, Walker and Kahan; Parlett, The Symmetric
 * Eigenvalue Problem, section 8.15; LAPACK's dsterf). `values` and `squares` are n + 1 numbers each; `failed` (an
 * integer) is 1 where an eigenvalue was not found in MOST_SWEEPS sweeps, else 0.
 */
export function tridiagonalModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const parameters = ["i32", "i32", "i32", "i32"] as const;
  m.kernel("eigenvalues", parameters, (k, { begin, end }, values, squares, steps, failed) =>
    k.for(begin, end, () => {
      const size = gather(k, n, values, squares, steps);
      const floor = k.let(size.mul(size).mul(FLOOR_SQUARED));
      k.storeInt(failed, 0, Int.of(0));
      k.for(0, n, (l) => {
        const m = k.let(Int.of(0));
        const sweeps = k.let(Int.of(0));
        k.repeat(
          () => {
            endOfBlock(k, n, { values, squares, l, m }, floor);
            k.set(sweeps, sweeps.add(1));
            k.if(m.ne(l), () =>
              k.if(
                m.eq(l.add(1)),
                () => solvePair(k, { values, squares, l, m }),
                () => sweepUp(k, { values, squares, l, m }),
              ),
            );
          },
          () => m.ne(l).and(sweeps.lt(MOST_SWEEPS)),
        );
        k.if(m.ne(l), () => k.storeInt(failed, 0, Int.of(1)));
      });
      sort(k, n, values);
    }),
  );
  return m.finish();
}

/** The block l..m of the matrix; element i of the diagonal at values[i], T(i, i + 1)^2 at squares[i]. */
interface Block {
  readonly values: Int;
  readonly squares: Int;
  readonly l: Int;
  readonly m: Int;
}

/** Diagonal and squares from the steps; returns the largest of |T(i, i)| and |T(i, i + 1)|. */
function gather(k: Body, n: number, values: Int, squares: Int, steps: Int): Vec {
  const largest = k.let(Vec.of(0));
  k.for(0, n, (i) => {
    const step = k.let(steps.add(i.mul(STEP_BYTES)));
    const [diagonal, square] = [k.let(k.load(step, STEP.diagonal)), k.let(k.load(step, STEP.square))];
    k.store(values.add(i.shl(3)), 0, diagonal);
    k.if(i, () => k.store(squares.add(i.sub(1).shl(3)), 0, square));
    k.set(largest, largest.max(diagonal.abs()).max(square.sqrt()));
  });
  return largest;
}

/** m = the first row from l on whose off-diagonal element is negligible, or the last row. */
function endOfBlock(k: Body, n: number, { values, squares, l, m }: Block, floor: Vec): void {
  k.set(m, l.sub(1));
  k.repeat(
    () => k.set(m, m.add(1)),
    () => {
      const at = k.let(m.shl(3));
      const row = k.let(values.add(at));
      const square = k.let(k.load(squares.add(at)));
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

/** Both eigenvalues of the block of two rows. */
function solvePair(k: Body, { values, squares, l }: Block): void {
  const row = k.let(values.add(l.shl(3)));
  const square = squares.add(l.shl(3));
  const [a, b] = [k.let(k.load(row)), k.let(k.load(row, 8))];
  const half = k.let(b.sub(a).mul(0.5));
  const root = k.let(half.mul(half).add(k.load(square)).sqrt());
  // the shift of the diagonal, without cancellation
  const shift = k.let(k.load(square).div(root.add(half.abs())));
  const up = k.let(half.ge(0));
  k.store(row, 0, up.select(a.sub(shift), a.add(shift)));
  k.store(row, 8, up.select(b.add(shift), b.sub(shift)));
  k.store(square, 0, 0);
}

/**
 * One sweep with Wilkinson's shift. With c = p / r and s = b / r of the published loop, its
 * gamma' = c (alpha - sigma) - s gamma is z / r with z = p (alpha - sigma) - b gamma, and p' = gamma'^2 / c is
 * z^2 / (r p): quotients that do not wait for one another.
 */
function sweepUp(k: Body, { values, squares, l, m }: Block): void {
  const first = k.let(values.add(l.shl(3)));
  const sigma = shift(k, first, squares.add(l.shl(3)));
  const gamma = k.let(k.load(values.add(m.shl(3))).sub(sigma));
  const p = k.let(gamma.mul(gamma));
  const [s, c] = [k.let(Vec.of(0)), k.let(Vec.of(1))];
  const distance = k.let(squares.sub(values));
  const row = k.let(values.add(m.shl(3)));
  k.repeat(
    () => {
      k.set(row, row.sub(8));
      const square = k.let(row.add(distance));
      const b = k.let(k.load(square));
      const r = k.let(p.add(b));
      k.store(square, 8, s.mul(r));
      const inverse = k.let(Vec.of(1).div(r));
      k.set(s, b.mul(inverse));
      const alpha = k.let(k.load(row));
      const z = k.let(p.mul(alpha.sub(sigma)).minus(b, gamma));
      const next = k.let(z.mul(inverse));
      k.store(row, 8, gamma.add(alpha.sub(next)));
      k.set(gamma, next);
      const before = k.let(c);
      k.set(c, p.mul(inverse));
      k.set(p, p.gt(NOTHING).select(z.mul(z).div(r.mul(p)), before.mul(b)));
    },
    () => row.ne(first),
  );
  k.store(squares.add(l.shl(3)), 0, s.mul(p));
  k.store(first, 0, sigma.add(gamma));
}

/** The eigenvalue of the leading 2 x 2 of the block that is closer to its first element. */
function shift(k: Body, row: Int, square: Int): Vec {
  const e = k.let(k.load(square).sqrt());
  const [a, b] = [k.let(k.load(row)), k.load(row, 8)];
  const g = k.let(b.sub(a).div(e.mul(2)));
  const root = k.let(g.mul(g).add(1).sqrt());
  return k.let(a.sub(e.div(g.add(g.ge(0).select(root, root.neg())))));
}

/** Insertion: QL finds them nearly in order. */
function sort(k: Body, n: number, values: Int): void {
  k.for(1, n, (i) => {
    const hole = k.let(values.add(i.shl(3)));
    const x = k.let(k.load(hole));
    const move = k.let(Int.of(0));
    k.repeat(
      () => {
        k.set(move, hole.ne(values).and(k.load(hole.sub(8)).gt(x).any()));
        k.if(move, () => {
          k.store(hole, 0, k.load(hole.sub(8)));
          k.set(hole, hole.sub(8));
        });
      },
      () => move,
    );
    k.store(hole, 0, x);
  });
}
