import { type Complex, conj, letComplex } from "../../kernels/algebra/matrix.ts";
import { type Body, type Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { laneSum, UNIT } from "./lanes.ts";
import { BLOCK_BYTES, PAIR_BYTES, STEP, STEP_BYTES, V, vectorBytes, W, X, Y } from "./layout.ts";

/** Columns whose norm squared is below this (the matrix is of order one) are taken for zero. */
const NEGLIGIBLE = 1e-240;
/** Numbers whose square is below this have no phase worth keeping. */
const NO_PHASE = 1e-280;

/**
 * `reduce(matrix, pairs, steps, reflectors, keep, units)`: Householder reflections of a packed matrix (layout.ts) to
 * tridiagonal form, from the last row upwards (Golub & Van Loan, Matrix Computations, section 8.3.1). Step i = n - 1 …
 * 1 takes the column x above the diagonal element i to s e_(i-1) by 1 - scale v v^†, v = x + |x| phase(x_(i-1)) e_(i-1),
 * and leaves in steps[i] the diagonal element, |s|^2, -s and the scale; of steps[0] only the diagonal is told; v stands in row (i & keep) of `reflectors`.
 *
 * The update A - v w^† - w v^† of a step is done in the sweep of the next one, right before the updated elements are
 * multiplied by the next x: so the triangle is read and written once a step.
 *
 * `units` is the address of UNITS (lanes.ts).
 */
export function reductionModule(n: number): ModuleIr {
  const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
  const parameters = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("reduce", parameters, (k, { begin, end, scratch }, matrix, pairs, steps, reflectors, keep, units) =>
    k.for(begin, end, () =>
      k.for(0, n, (t) => {
        const i = k.let(t.mul(-1).add(n - 1));
        const step = k.let(steps.add(i.mul(STEP_BYTES)));
        const column: Column = { k, i, odd: k.let(i.and(1)), matrix, pairs, scratch, units };
        const square = takeColumn(column, step);
        k.if(i, () => {
          const scale = reflector(column, step, square);
          sweep(column);
          companion(column, scale, reflectors.add(i.and(keep).mul(vectorBytes(n))));
        });
      }),
    ),
  );
  return m.finish();
}

interface Column {
  readonly k: Body;
  readonly i: Int;
  readonly odd: Int;
  readonly matrix: Int;
  readonly pairs: Int;
  readonly scratch: Int;
  readonly units: Int;
}

const load = (k: Body, at: Int, offset: number): Complex => ({
  re: k.let(k.load(at, offset)),
  im: k.let(k.load(at, offset + 16)),
});
const splat = (k: Body, at: Int, offset: number): Complex => ({
  re: k.let(k.loadSplat(at, offset)),
  im: k.let(k.loadSplat(at, offset + 16)),
});
const store = (k: Body, at: Int, offset: number, value: Complex): void => {
  k.store(at, offset, value.re);
  k.store(at, offset + 16, value.im);
};
/** a + b^* c */
const plusConjugate = (a: Complex, b: Complex, c: Complex): Complex => ({
  re: a.re.plus(b.re, c.re).plus(b.im, c.im),
  im: a.im.plus(b.re, c.im).minus(b.im, c.re),
});
/** a - b c^* */
const minusConjugate = (a: Complex, b: Complex, c: Complex): Complex => ({
  re: a.re.minus(b.re, c.re).minus(b.im, c.im),
  im: a.im.minus(b.im, c.re).plus(b.re, c.im),
});
/** Address of the first block of a block row. */
const blockRow = (matrix: Int, row: Int): Int => matrix.add(row.mul(row.add(1)).mul(BLOCK_BYTES / 2));

/** Bytes of the pairs that hold the components before i. */
const pairsBefore = (i: Int): Int => i.add(1).shr(1).mul(PAIR_BYTES);

/** Over the pairs that stand in so many bytes. Counted from 0, since addresses beyond 2 GiB are negative numbers. */
function forPairs(k: Body, pairs: Int, bytes: Int, emit: (z: Int) => void): void {
  k.for(0, bytes, (offset) => emit(k.let(pairs.add(offset))), PAIR_BYTES);
}

/** a_rk - v_r w_k^* - w_r v_k^* */
const updated = (a: Complex, v: Complex, w: Complex, vk: Complex, wk: Complex): Complex =>
  minusConjugate(minusConjugate(a, v, wk), w, vk);

/** x = the column above diagonal element i, brought up to date; stores the diagonal element, returns |x|^2. */
function takeColumn({ k, i, odd, matrix, pairs, scratch, units }: Column, step: Int): Vec {
  const row = k.let(i.shr(1));
  const from = k.let(blockRow(matrix, row).add(odd.shl(5)));
  const last = k.let(pairs.add(row.mul(PAIR_BYTES)));
  const lane = k.let(last.add(odd.shl(3)));
  const [v, w] = [splat(k, lane, V), splat(k, lane, W)];
  const square = k.let(Vec.of(0));
  const upToDate = (z: Int) => letComplex(k, updated(load(k, from, 0), v, w, load(k, z, V), load(k, z, W)));
  forPairs(k, pairs, last.sub(pairs), (z) => {
    const a = upToDate(z);
    store(k, z, X, conj(a));
    k.set(square, square.plus(a.re, a.re).plus(a.im, a.im));
    k.set(from, from.add(BLOCK_BYTES));
  });
  const a = upToDate(last);
  k.store(scratch, 0, a.re);
  k.store(step, STEP.diagonal, k.loadSplat(scratch.add(odd.shl(3))));
  // of the last pair x has the first component (odd i) or nothing
  const part = k.let(k.load(units.add(odd.shl(4))));
  const x = letComplex(k, { re: a.re.mul(part), im: a.im.mul(part) });
  store(k, last, X, conj(x));
  return laneSum(k, scratch, square.plus(x.re, x.re).plus(x.im, x.im));
}

/** x becomes v = x + |x| phase(x_(i-1)) e_(i-1); stores what belongs to the step, returns the scale 2 / |v|^2. */
function reflector({ k, i, odd, pairs, units }: Column, step: Int, square: Vec): Vec {
  const pair = k.let(pairs.add(i.sub(1).shr(1).mul(PAIR_BYTES)));
  const corner = splat(k, pair.add(odd.xor(1).shl(3)), X);
  const live = k.let(square.gt(NEGLIGIBLE));
  const norm = k.let(square.sqrt());
  const cornerSquare = k.let(corner.re.mul(corner.re).plus(corner.im, corner.im));
  const size = k.let(cornerSquare.sqrt());
  const phased = k.let(cornerSquare.gt(NO_PHASE));
  const added = letComplex(k, {
    re: phased.select(corner.re.div(size), 1).mul(norm),
    im: phased.select(corner.im.div(size), 0).mul(norm),
  });
  const scale = k.let(live.select(Vec.of(1).div(norm.mul(norm.add(size))), 0));
  k.store(step, STEP.square, live.select(square, 0));
  k.store(step, STEP.cornerRe, live.select(added.re, 0));
  k.store(step, STEP.cornerIm, live.select(added.im, 0));
  k.store(step, STEP.scale, scale);
  const unit = k.let(k.load(units.add(odd.xor(1).shl(4)), UNIT));
  const x = load(k, pair, X);
  store(k, pair, X, { re: x.re.plus(added.re, unit), im: x.im.plus(added.im, unit) });
  return scale;
}

/**
 * A <- A - v w^† - w v^† for the rows before i, and y = A x. Two block rows of numbers at a time are updated, then
 * multiplied while they are in the first cache: both in one loop need more registers than there are.
 */
function sweep({ k, i, matrix, pairs, scratch, units }: Column): void {
  const bytes = k.let(pairsBefore(i));
  forPairs(k, pairs, bytes, (z) => store(k, z, Y, { re: Vec.of(0), im: Vec.of(0) }));
  const blocks = k.let(matrix);
  forPairs(k, pairs, bytes, (row) => {
    const before = k.let(row.sub(pairs));
    updateRows(k, blocks, pairs, before);
    multiplyRows(k, { blocks, scratch, units }, pairs, before);
    // as many blocks in this block row as pairs up to here; a block has half the bytes of a pair
    k.set(blocks, blocks.add(before.shr(1)).add(BLOCK_BYTES));
  });
}

/** The blocks of one block row, from its first one to that on the diagonal; its pair is `before` bytes behind the first. */
function updateRows(k: Body, blocks: Int, pairs: Int, before: Int): void {
  const row = k.let(pairs.add(before));
  const rows = [0, 1].map((r) => ({
    offset: 32 * r,
    v: splat(k, row, V + 8 * r),
    w: splat(k, row, W + 8 * r),
  }));
  const block = k.let(blocks);
  forPairs(k, pairs, before.add(PAIR_BYTES), (z) => {
    const [v, w] = [load(k, z, V), load(k, z, W)];
    for (const r of rows) store(k, block, r.offset, updated(load(k, block, r.offset), r.v, r.w, v, w));
    k.set(block, block.add(BLOCK_BYTES));
  });
}

/** y += the block row times x; and, of the blocks that stand for their mirror images too, those times x. */
function multiplyRows(
  k: Body,
  { blocks, scratch, units }: { blocks: Int; scratch: Int; units: Int },
  pairs: Int,
  before: Int,
): void {
  const row = k.let(pairs.add(before));
  const rows = [0, 1].map((r) => ({
    offset: 32 * r,
    x: splat(k, row, X + 8 * r),
    sum: { re: k.let(Vec.of(0)), im: k.let(Vec.of(0)) },
  }));
  const block = k.let(blocks);
  const visit = (z: Int, mirrored: boolean) => {
    const x = load(k, z, X);
    let y = mirrored ? load(k, z, Y) : undefined;
    for (const r of rows) {
      const a = load(k, block, r.offset);
      k.set(r.sum.re, r.sum.re.plus(a.re, x.re).minus(a.im, x.im));
      k.set(r.sum.im, r.sum.im.plus(a.re, x.im).plus(a.im, x.re));
      if (y) y = letComplex(k, plusConjugate(y, a, r.x));
    }
    if (y) store(k, z, Y, y);
    k.set(block, block.add(BLOCK_BYTES));
  };
  forPairs(k, pairs, before, (z) => visit(z, true));
  visit(row, false);
  const sum = (part: "re" | "im"): Vec => {
    const [upper, lower] = rows.map((r) => laneSum(k, scratch, r.sum[part]));
    return upper!.mul(k.load(units, UNIT)).plus(lower!, k.load(units, UNIT + 16));
  };
  const [re, im] = [k.let(sum("re")), k.let(sum("im"))];
  store(k, row, Y, { re: k.load(row, Y).add(re), im: k.load(row, Y + 16).add(im) });
}

/** w = scale y - (scale / 2) (x^† scale y) x, and v = x, also kept. */
function companion({ k, i, pairs, scratch }: Column, scale: Vec, keep: Int): void {
  const bytes = k.let(pairsBefore(i));
  const product = k.let(Vec.of(0));
  forPairs(k, pairs, bytes, (z) => {
    const [x, y] = [load(k, z, X), load(k, z, Y)];
    k.set(product, product.plus(x.re, y.re).plus(x.im, y.im));
  });
  const half = k.let(laneSum(k, scratch, product).mul(scale).mul(scale).mul(0.5));
  const kept = k.let(keep);
  forPairs(k, pairs, bytes, (z) => {
    const [x, y] = [load(k, z, X), load(k, z, Y)];
    store(k, z, V, x);
    store(k, z, W, { re: y.re.mul(scale).minus(half, x.re), im: y.im.mul(scale).minus(half, x.im) });
    store(k, kept, 0, x);
    k.set(kept, kept.add(32));
  });
}
