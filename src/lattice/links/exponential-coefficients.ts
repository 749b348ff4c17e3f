import { at, type Complex, letComplex, peek, poke } from "../../kernels/algebra/matrix.ts";
import { type Body, type Int, Vec } from "../../kernels/builder.ts";

/**
 * Functions of traceless anti-Hermitian matrices of N = 2 and 3, written in 1, q and q^2 (Cayley and Hamilton) with
 * coefficients that are series in the invariants of q. Nothing is diagonalised and nothing divided by, so small matrices
 * and equal eigenvalues are no special cases (compare the notes of M. Lüscher to openQCD, "SU(3) matrix functions", 2009).
 */

/** 1/0!, 1/1!, … */
export function inverseFactorials(count: number): number[] {
  const list = [1];
  for (let i = 1; i < count; i++) list.push(list[i - 1]! / i);
  return list;
}

/** The pairs i < j of rows of a 3 x 3 matrix, in the order in which off-diagonal numbers are listed. */
export const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/**
 * A Hermitian matrix, or i times one: real numbers d on the diagonal (i d for anti-Hermitian matrices) and complex ones
 * above it. What stands below follows.
 */
export interface Upper {
  readonly diagonal: readonly Vec[];
  readonly above: readonly Complex[];
}

/** The anti-Hermitian 3 x 3 matrix in memory. */
export const loadAntiHermitian = (k: Body, q: Int): Upper => ({
  diagonal: [0, 1, 2].map((d) => k.let(peek(k, 3, at(q), d, d).im)),
  above: PAIRS.map(([i, j]) => letComplex(k, peek(k, 3, at(q), i, j))),
});

/** An `Upper` as nine vec in memory: diagonal, then re and im above it. */
export function storeUpper(k: Body, to: Int, x: Upper): void {
  x.diagonal.forEach((d, i) => k.store(to, i * k.vecBytes, d));
  x.above.forEach(({ re, im }, i) => {
    k.store(to, (3 + 2 * i) * k.vecBytes, re);
    k.store(to, (4 + 2 * i) * k.vecBytes, im);
  });
}

export const loadUpper = (k: Body, from: Int): Upper => ({
  diagonal: [0, 1, 2].map((i) => k.let(k.load(from, i * k.vecBytes))),
  above: PAIRS.map((_, i) =>
    letComplex(k, { re: k.load(from, (3 + 2 * i) * k.vecBytes), im: k.load(from, (4 + 2 * i) * k.vecBytes) }),
  ),
});

/** acc + sign op(a) op(b), op the complex conjugate where asked for. */
export function addTerm(
  acc: Complex,
  sign: 1 | -1,
  a: Complex,
  b: Complex,
  { conjA = false, conjB = false }: { conjA?: boolean; conjB?: boolean } = {},
): Complex {
  const add = (sum: Vec, how: boolean, x: Vec, y: Vec) => (how === (sign === 1) ? sum.plus(x, y) : sum.minus(x, y));
  return {
    re: add(add(acc.re, true, a.re, b.re), conjA !== conjB, a.im, b.im),
    im: add(add(acc.im, !conjB, a.re, b.im), !conjA, a.im, b.re),
  };
}

/** Where entry (i, j), i != j, of an `Upper` is listed, and whether it stands below, to be conjugated. */
export function entryOf(i: number, j: number): { index: number; below: boolean } {
  const index = PAIRS.findIndex(([a, b]) => a === Math.min(i, j) && b === Math.max(i, j));
  return { index, below: i > j };
}

/** q^2, Hermitian. */
export function squareOf(k: Body, { diagonal: y, above: z }: Upper): Upper {
  const sizes = z.map(({ re, im }) => k.let(re.mul(re).plus(im, im)));
  const diagonal = y.map((d, i) => {
    const [a, b] = PAIRS.flatMap((pair, o) => (pair.includes(i as never) ? [sizes[o]!] : []));
    return k.let(Vec.of(0).minus(d, d).sub(a!.add(b!)));
  });
  const above = PAIRS.map(([i, j], o) => {
    // (q^2)_ij = i (y_i + y_j) z_ij + q_im q_mj, where q_ab = -q_ba^* below the diagonal
    const third = 3 - i - j;
    const [left, right] = [entryOf(i, third), entryOf(third, j)];
    const s = k.let(y[i]!.add(y[j]!));
    const own = { re: Vec.of(0).minus(s, z[o]!.im), im: s.mul(z[o]!.re) };
    const sign = left.below !== right.below ? -1 : 1;
    const how = { conjA: left.below, conjB: right.below };
    return letComplex(k, addTerm(own, sign, z[left.index]!, z[right.index]!, how));
  });
  return { diagonal, above };
}

/** t = tr q^2/2 and d with det q = i d: q^3 = t q + i d. */
export interface Invariants {
  readonly t: Vec;
  readonly d: Vec;
}

export function invariantsOf(k: Body, q: Upper, square: Upper): Invariants {
  const [a, b, c] = square.diagonal as [Vec, Vec, Vec];
  // tr q^3 = i sum_i (q^2)_ii y_i + 2 i sum_{i<j} Im((q^2)_ij^* q_ij)
  let off: Vec | undefined;
  q.above.forEach((z, o) => {
    const s = square.above[o]!;
    off = (off ? off.plus(s.re, z.im) : s.re.mul(z.im)).minus(s.im, z.re);
  });
  let sum = off!.mul(2);
  q.diagonal.forEach((y, i) => {
    sum = sum.plus(y, square.diagonal[i]!);
  });
  return { t: k.let(a.add(b).add(c).mul(0.5)), d: k.let(sum.mul(1 / 3)) };
}

/** A number for each of 1, q, q^2. */
export type Three = readonly [Complex, Complex, Complex];

/** x (f0 + f1 x + f2 x^2) + c modulo x^3 - t x - i d. */
function shiftedPlus(k: Body, [f0, f1, f2]: Three, c: Complex, { t, d }: Invariants): Three {
  return [
    letComplex(k, { re: c.re.minus(d, f2.im), im: c.im.plus(d, f2.re) }),
    letComplex(k, { re: f0.re.plus(t, f2.re), im: f0.im.plus(t, f2.im) }),
    f1,
  ];
}

const real = (c: number): Complex => ({ re: Vec.of(c), im: Vec.of(0) });

/** f with exp q = f0 + f1 q + f2 q^2, from the first `terms` terms of the series of exp, by Horner's scheme. */
export function exponentialCoefficients(k: Body, invariants: Invariants, terms: number): Three {
  const c = inverseFactorials(terms);
  let f: Three = [real(c[terms - 3]!), real(c[terms - 2]!), real(c[terms - 1]!)];
  for (let i = terms - 4; i >= 0; i--) f = shiftedPlus(k, f, real(c[i]!), invariants);
  return f;
}

/**
 * f, and its derivatives with respect to the invariants: g = df/d(i d) and h = df/dt. With p = x^3 - t x - i d and
 * F = Q p + f one has df/d(i d) = Q mod p and df/dt = x Q mod p, and Horner's scheme F <- c + x F makes
 * g <- f2 + x g mod p beside f.
 */
export function coefficientsWithDerivatives(k: Body, invariants: Invariants, terms: number, work: Int) {
  const c = inverseFactorials(terms);
  let f: Three = [real(c[terms - 3]!), real(c[terms - 2]!), real(c[terms - 1]!)];
  // every f2 goes through memory, so that the engine need not keep both recursions in registers
  let place = 0;
  for (let i = terms - 4; i >= 0; i--) {
    k.store(work, place++ * k.vecBytes, f[2].re);
    k.store(work, place++ * k.vecBytes, f[2].im);
    f = shiftedPlus(k, f, real(c[i]!), invariants);
  }
  let g: Three = [real(0), real(0), real(0)];
  for (let i = 0; i < place; i += 2) {
    const f2 = { re: k.load(work, i * k.vecBytes), im: k.load(work, (i + 1) * k.vecBytes) };
    g = i === 0 ? [letComplex(k, f2), g[1], g[2]] : shiftedPlus(k, g, f2, invariants);
  }
  const { t, d } = invariants;
  const h: Three = [
    letComplex(k, { re: Vec.of(0).minus(d, g[2].im), im: d.mul(g[2].re) }),
    letComplex(k, { re: g[0].re.plus(t, g[2].re), im: g[0].im.plus(t, g[2].im) }),
    g[1],
  ];
  return { f, g, h };
}

/** out = f0 + f1 q + f2 q^2, q^2 given as stored by `storeUpper`. */
export function storePolynomial(k: Body, out: Int, q: Int, square: Int, [f0, f1, f2]: Three): void {
  const s = loadUpper(k, square);
  for (let i = 0; i < 3; i++) {
    const y = k.let(peek(k, 3, at(q), i, i).im);
    const [re, im] = [
      f0.re.minus(f1.im, y).plus(f2.re, s.diagonal[i]!),
      f0.im.plus(f1.re, y).plus(f2.im, s.diagonal[i]!),
    ];
    poke(k, 3, at(out), i, i, { re, im });
  }
  // (i, j) and (j, i) have sum and difference in common: q_ji = -q_ij^*, (q^2)_ji = (q^2)_ij^*
  PAIRS.forEach(([i, j], o) => {
    const z = letComplex(k, peek(k, 3, at(q), i, j));
    const x = s.above[o]!;
    const even = letComplex(k, { re: f2.re.mul(x.re).minus(f1.im, z.im), im: f1.re.mul(z.im).plus(f2.im, x.re) });
    const odd = letComplex(k, { re: f1.re.mul(z.re).minus(f2.im, x.im), im: f1.im.mul(z.re).plus(f2.re, x.im) });
    poke(k, 3, at(out), i, j, { re: even.re.add(odd.re), im: even.im.add(odd.im) });
    poke(k, 3, at(out), j, i, { re: even.re.sub(odd.re), im: even.im.sub(odd.im) });
  });
}
