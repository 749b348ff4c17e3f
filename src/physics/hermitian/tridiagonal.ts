import { type Body, type Int, Vec } from "../../kernels/builder.ts";
import { STEP, STEP_BYTES } from "./layout.ts";

/** What both ways of solving the real symmetric tridiagonal matrix T have in common; modules of one lane. */

const EPSILON_SQUARED = 2 ** -104;
/** Off-diagonal elements smaller than 2^-58 of the matrix are dropped: they move no eigenvalue in float64. */
const FLOOR_SQUARED = 2 ** -116;
/** Sweeps for one eigenvalue; on average it takes about two. */
export const MOST_SWEEPS = 60;

/** The block l..m of T; element i of the diagonal at values[i], T(i, i + 1) or its square at offDiagonal[i]. */
export interface Block {
  readonly values: Int;
  readonly offDiagonal: Int;
  readonly l: Int;
  readonly m: Int;
}

/**
 * Diagonal, and what `of` makes of |T(i, i + 1)|^2, from the steps of reduction.ts; returns the square below which an
 * off-diagonal element is nothing beside the matrix.
 */
export function gather(k: Body, n: number, values: Int, offDiagonal: Int, steps: Int, of: (square: Vec) => Vec): Vec {
  const largest = k.let(Vec.of(0));
  k.for(0, n, (i) => {
    const step = k.let(steps.add(i.mul(STEP_BYTES)));
    const [diagonal, square] = [k.let(k.load(step, STEP.diagonal)), k.let(k.load(step, STEP.square))];
    k.store(values.add(i.shl(3)), 0, diagonal);
    k.set(largest, largest.max(diagonal.mul(diagonal)));
    k.if(i, () => {
      k.store(offDiagonal.add(i.sub(1).shl(3)), 0, of(square));
      k.set(largest, largest.max(square));
    });
  });
  return k.let(largest.mul(FLOOR_SQUARED));
}

/**
 * m = the first row from l on whose off-diagonal element is negligible, or the last row. `squareOf` squares what stands
 * at offDiagonal[i].
 */
export function endOfBlock(k: Body, n: number, block: Block, floor: Vec, squareOf: (element: Vec) => Vec): void {
  const { values, offDiagonal, l, m } = block;
  k.set(m, l.sub(1));
  k.repeat(
    // one row further without condition: the next loads need not wait for the comparison
    () => k.set(m, m.add(1)),
    () => {
      const at = k.let(m.shl(3));
      const row = k.let(values.add(at));
      const square = k.let(squareOf(k.let(k.load(offDiagonal.add(at)))));
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

/** Wilkinson's shift: the eigenvalue of the 2 x 2 at `row` with off-diagonal element e that is closer to its first. */
export function shift(k: Body, row: Int, e: Vec): Vec {
  const [a, b] = [k.let(k.load(row)), k.load(row, 8)];
  const g = k.let(b.sub(a).div(e.mul(2)));
  const root = k.let(g.mul(g).add(1).sqrt());
  return k.let(a.sub(e.div(g.add(g.ge(0).select(root, root.neg())))));
}
