import { type Body, Int, Vec } from "../../../kernels/builder.ts";
import { gamma5, spins } from "../gamma.ts";

/**
 * Emission of matrices in the fifth direction on the vector of a block, [s][spin][colour][re, im][lane].
 *
 * (F psi)_s = P_+ psi_{s+1} + P_- psi_{s-1} inside, -mass P_- psi_L5 at s = 1 and -mass P_+ psi_1 at s = L5. It is real and
 * does not mix the chiralities; its transpose has P_+ and P_- exchanged.
 */
export interface FifthShape {
  readonly L5: number;
  /** Numbers (real and imaginary) of one chirality in one slice. */
  readonly half: number;
  /** Where the components of positive chirality start in a slice, in numbers; and those of negative. */
  readonly plus: number;
  readonly minus: number;
}

export function fifthShape(dimension: number, n: number, L5: number): FifthShape {
  const half = spins(dimension) * n;
  const [plus, minus] = gamma5(dimension)[0] === 1 ? [0, half] : [half, 0];
  return { L5, half, plus, minus };
}

/** p + q F with wrap = -mass q, in a kernel; a multiple of 1 where q is left out. */
export interface Shift {
  readonly p: Vec;
  readonly shift?: { readonly q: Vec; readonly wrap: Vec };
}

/** A vector, and the matrix that acts on it. */
export interface Term {
  readonly vector: Int;
  readonly matrix: Shift;
}

const sliceBytes = (k: Body, shape: FifthShape) => 2 * shape.half * k.vecBytes;

/** Both chiralities: where they start in a slice, and whether F fetches them from s + 1 (else from s - 1). */
const chiralities = (shape: FifthShape, transposed: boolean) => [
  { start: shape.plus, ahead: !transposed },
  { start: shape.minus, ahead: transposed },
];

/**
 * out = sum of (p + q F) x over the terms, or with F^T where `transposed`; out must not overlap a vector.
 * @param done gets every number of the result, and its place in the slice, as it is stored.
 */
export function shiftFifth(
  k: Body,
  shape: FifthShape,
  transposed: boolean,
  out: Int,
  terms: readonly Term[],
  done: (value: Vec, i: number) => void = () => {},
): void {
  const { L5 } = shape;
  const bytes = sliceBytes(k, shape);
  for (const { start, ahead } of chiralities(shape, transposed)) {
    const row = (slice: Int, other: Int, inside: boolean) => {
      const to = k.let(out.add(slice));
      const from = terms.map(({ vector, matrix }) => ({
        here: k.let(vector.add(slice)),
        there: k.let(vector.add(other)),
        p: matrix.p,
        q: inside ? matrix.shift?.q : matrix.shift?.wrap,
      }));
      numbers(k, start, shape.half, (i, at) => {
        let sum: Vec | undefined;
        for (const { here, there, p, q } of from) {
          const x = k.load(here.add(at.pointer), at.offset);
          sum = sum ? sum.plus(p, x) : x.mul(p);
          if (q) sum = sum.plus(q, k.load(there.add(at.pointer), at.offset));
        }
        const value = k.let(sum!);
        k.store(to.add(at.pointer), at.offset, value);
        done(value, i);
      });
    };
    const [first, last] = [Int.of(0), Int.of((L5 - 1) * bytes)];
    if (L5 > 1)
      k.for(ahead ? 0 : 1, ahead ? L5 - 1 : L5, (s) => {
        const slice = k.let(s.mul(bytes));
        row(slice, k.let(ahead ? slice.add(bytes) : slice.sub(bytes)), true);
      });
    if (ahead) row(last, first, false);
    else row(first, last, false);
  }
}

/** Coefficients of `FifthInverse` in a kernel. */
export interface Inverse {
  readonly scale: Vec;
  readonly ratio: Vec;
  readonly wrap: Vec;
}

/**
 * out = (p + q F)^{-1} x, or with F^T where `transposed`; out may be x.
 *
 * Positive chirality obeys y_s = x_s/p + ratio y_{s+1}, so one sweep from s = L5 down gives t_s = x_s + ratio t_{s+1} with
 * t_L5 = x_L5, and y_s = t_s/p + wrap ratio^{L5-s} t_1. Negative chirality runs the other way.
 */
export function solveFifth(k: Body, shape: FifthShape, transposed: boolean, out: Int, x: Int, inverse: Inverse): void {
  const { L5, half } = shape;
  const bytes = sliceBytes(k, shape);
  const group = largestDivisor(half, 12);
  for (const { start, ahead } of chiralities(shape, transposed)) {
    const order = (i: Int) => k.let((ahead ? Int.of(L5 - 1).sub(i) : i).mul(bytes));
    const sweep = (shift: Int) => {
      const offsets = Array.from({ length: group }, (_, i) => (start + i) * k.vecBytes);
      const [from, to] = [k.let(x.add(shift)), k.let(out.add(shift))];
      const t = offsets.map(() => k.let(Vec.of(0)));
      k.for(0, L5, (i) => {
        const slice = order(i);
        const [source, target] = [k.let(from.add(slice)), k.let(to.add(slice))];
        offsets.forEach((o, j) => {
          k.set(t[j]!, k.load(source, o).plus(inverse.ratio, t[j]!));
          k.store(target, o, t[j]!);
        });
      });
      const wrap = k.let(inverse.wrap);
      k.for(0, L5, (i) => {
        const target = k.let(to.add(order(i)));
        offsets.forEach((o, j) => k.store(target, o, k.load(target, o).mul(inverse.scale).plus(wrap, t[j]!)));
        k.set(wrap, wrap.mul(inverse.ratio));
      });
    };
    if (group === half) sweep(Int.of(0));
    else k.for(0, half / group, (g) => sweep(k.let(g.mul(group * k.vecBytes))));
  }
}

/**
 * Between the quark field of four dimensions and the walls: copies the chirality `plus` between the vector `four` and slice
 * `s` of the vector `five`.
 */
export function copyWall(
  k: Body,
  shape: FifthShape,
  plus: boolean,
  where: { readonly five: Int; readonly four: Int; readonly s: number; readonly into: "five" | "four" },
): void {
  const slice = k.let(where.five.add(where.s * sliceBytes(k, shape)));
  const [to, from] = where.into === "five" ? [slice, where.four] : [where.four, slice];
  numbers(k, plus ? shape.plus : shape.minus, shape.half, (_, at) =>
    k.store(to.add(at.pointer), at.offset, k.load(from.add(at.pointer), at.offset)),
  );
}

/** Offsets of `count` numbers from the `start`-th on: constants for a few, a loop for many. */
function numbers(
  k: Body,
  start: number,
  count: number,
  emit: (i: number, at: { pointer: Int; offset: number }) => void,
): void {
  const by = largestDivisor(count, 16);
  const some = (pointer: Int) => {
    for (let i = 0; i < by; i++) emit(i, { pointer, offset: (start + i) * k.vecBytes });
  };
  if (by === count) some(Int.of(0));
  else k.for(0, count / by, (g) => some(k.let(g.mul(by * k.vecBytes))));
}

/** Largest divisor of n up to `most`. */
function largestDivisor(n: number, most: number): number {
  let by = Math.min(n, most);
  while (n % by !== 0) by--;
  return by;
}
