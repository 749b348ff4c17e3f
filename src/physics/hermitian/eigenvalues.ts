import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { type Block, endOfBlock, gather, MOST_SWEEPS, shift } from "./tridiagonal.ts";

/** p below this (the matrix is of order one) is zero: its square would leave the range of float64. */
const NOTHING = 1e-150;
/** Added to a square that may be zero, so that it is not zero beside p. */
const NEARLY_NOTHING = 1e-100;

/**
 * `eigenvalues(values, squares, steps, failed)`: eigenvalues of the real symmetric tridiagonal matrix that the steps of
 * reduction.ts describe, in ascending order, by QL without square roots (Pal, Walker and Kahan; Parlett, The Symmetric
 * Eigenvalue Problem, section 8.15; LAPACK's dsterf). `values` and `squares` are n + 1 numbers each; `failed` (an
 * integer) is 1 where an eigenvalue was not found in MOST_SWEEPS sweeps, else 0.
 */
export function eigenvaluesModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  const parameters = ["i32", "i32", "i32", "i32"] as const;
  m.kernel("eigenvalues", parameters, (k, { begin, end }, values, squares, steps, failed) =>
    k.for(begin, end, () => {
      const floor = gather(k, n, values, squares, steps, (square) => square);
      k.storeInt(failed, 0, Int.of(0));
      k.for(0, n, (l) => {
        const m = k.let(Int.of(0));
        const sweeps = k.let(Int.of(0));
        const block: Block = { values, offDiagonal: squares, l, m };
        k.repeat(
          () => {
            endOfBlock(k, n, block, floor, (square) => square);
            k.set(sweeps, sweeps.add(1));
            k.if(m.ne(l), () =>
              k.if(
                m.eq(l.add(1)),
                () => solvePair(k, block),
                () => sweepUp(k, block, sweeps),
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

/** Both eigenvalues of the block of two rows. */
function solvePair(k: Body, { values, offDiagonal: squares, l }: Block): void {
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

/** One of two sweeps that follow one another up the matrix; its sums and products are those of `step`. */
interface Sweep {
  readonly sigma: Vec;
  readonly gamma: Vec;
  readonly p: Vec;
  readonly s: Vec;
  readonly c: Vec;
}

function begin(k: Body, diagonal: Vec, sigma: Vec): Sweep {
  const gamma = k.let(diagonal.sub(sigma));
  return { sigma, gamma, p: k.let(gamma.mul(gamma)), s: k.let(Vec.of(0)), c: k.let(Vec.of(1)) };
}

/**
 * A sweep past row i, b = T(i, i + 1)^2 and alpha = T(i, i): returns what becomes of T(i + 1, i + 2)^2 and
 * T(i + 1, i + 1). With c = p / r and s = b / r of the published loop, its gamma' = c (alpha - sigma) - s gamma is z / r
 * with z = p (alpha - sigma) - b gamma, and p' = gamma'^2 / c is z^2 / (r p): quotients that do not wait for one another.
 */
function step(k: Body, { sigma, gamma, p, s, c }: Sweep, b: Vec, alpha: Vec): { square: Vec; diagonal: Vec } {
  const r = k.let(p.add(b));
  const square = k.let(s.mul(r));
  const inverse = k.let(Vec.of(1).div(r));
  const z = k.let(p.mul(alpha.sub(sigma)).minus(b, gamma));
  const next = k.let(z.mul(inverse));
  const diagonal = k.let(gamma.add(alpha.sub(next)));
  const before = k.let(c);
  k.set(gamma, next);
  k.set(s, b.mul(inverse));
  k.set(c, p.mul(inverse));
  k.set(p, p.gt(NOTHING).select(z.mul(z).div(r.mul(p)), before.mul(b)));
  return { square, diagonal };
}

/** What a sweep leaves of the first row of the block, of T(l, l + 1)^2 and T(l, l). */
const finish = (k: Body, { sigma, gamma, p, s }: Sweep): { square: Vec; diagonal: Vec } => ({
  square: k.let(s.mul(p)),
  diagonal: k.let(sigma.add(gamma)),
});

/**
 * Two sweeps of a block of three rows or more, shifted by both eigenvalues of its leading 2 x 2. A step waits for the one
 * before; so the second sweep follows one row behind the first, and both together take the time of one: of such pairs
 * there are 0.6 as many as of sweeps with a new shift each. With both shifts some blocks come back as they were (that of
 * zero diagonal and equal off-diagonals, of three rows); so every other time two sweeps have the closer one.
 */
function sweepUp(k: Body, { values, offDiagonal: squares, l, m }: Block, sweeps: Int): void {
  const first = k.let(values.add(l.shl(3)));
  const distance = k.let(squares.sub(values));
  const row = k.let(values.add(m.shl(3)));
  const sigma = shift(k, first, k.let(k.load(first.add(distance)).sqrt()));
  const other = k.let(k.load(first).add(k.load(first, 8)).sub(sigma));
  k.if(sweeps.sub(1).and(2), () => k.set(other, sigma));
  const lead = begin(k, k.load(row), sigma);
  const past = (): { square: Vec; diagonal: Vec } => {
    k.set(row, row.sub(8));
    return step(k, lead, k.let(k.load(row.add(distance))), k.let(k.load(row)));
  };
  const follow = begin(k, past().diagonal, other);
  /** The second sweep past the row that the first has left; its results belong one row below. */
  const behind = (left: { square: Vec; diagonal: Vec }, to: Int): void => {
    const done = step(k, follow, k.let(left.square.add(NEARLY_NOTHING)), left.diagonal);
    k.store(to.add(distance), 0, done.square);
    k.store(to, 0, done.diagonal);
  };
  k.repeat(
    () => {
      const left = past();
      behind(left, k.let(row.add(16)));
    },
    () => row.ne(first),
  );
  behind(finish(k, lead), k.let(first.add(8)));
  const last = finish(k, follow);
  k.store(first.add(distance), 0, last.square);
  k.store(first, 0, last.diagonal);
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
