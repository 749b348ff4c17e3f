import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { type Block, endOfBlock, gather, MOST_SWEEPS, shift } from "./tridiagonal.ts";

/** p below this (the matrix is of order one) is zero: its square would leave the range of float64. */
const NOTHING = 1e-180;

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
                () => sweepUp(k, block),
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

/**
 * One sweep with Wilkinson's shift. With c = p / r and s = b / r of the published loop, its
 * gamma' = c (alpha - sigma) - s gamma is z / r with z = p (alpha - sigma) - b gamma, and p' = gamma'^2 / c is
 * z^2 / (r p): quotients that do not wait for one another.
 */
function sweepUp(k: Body, { values, offDiagonal: squares, l, m }: Block): void {
  const first = k.let(values.add(l.shl(3)));
  const sigma = shift(k, first, k.let(k.load(squares.add(l.shl(3))).sqrt()));
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
