import { at, type Complex, letComplex, peek, poke } from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { Group } from "../group.ts";
import { tracelessAntiHermitian } from "./algebra.ts";
import {
  addTerm,
  coefficientsWithDerivatives,
  entryOf,
  invariantsOf,
  loadAntiHermitian,
  loadUpper,
  PAIRS,
  squareOf,
  storePolynomial,
  storeUpper,
  type Three,
} from "./exponential-coefficients.ts";
import { EXPONENTIAL_DERIVATIVE_MATRICES, exponentialDerivativeFunction } from "./exponential-derivative.ts";
import { exponentialPullBack2 } from "./exponential-su2.ts";

/** The remainder after `terms` is below 1e-17 for norms up to the square root of `bound`. */
const SERIES = [
  { bound: 0.25, terms: 17 },
  { bound: 4, terms: 28 },
] as const;

/** Scratch for N = 3 in vec: the coefficients on their way (see `coefficientsWithDerivatives`), then five `Upper`. */
const HISTORY = 2 * SERIES[1].terms;
const UPPER = 9;

/** Scratch needed, in matrices. */
export const exponentialPullBackMatrices = ({ n }: Group): number =>
  n === 3 ? Math.ceil((HISTORY + 5 * UPPER + 4) / 18) : EXPONENTIAL_DERIVATIVE_MATRICES;

/**
 * The function (e, lambda, q, w, norm2: vec, work): e = exp(q) and the derivative of exp pulled back into the algebra,
 *
 *   Re tr[w d(exp q)] = Re tr[lambda dq],   lambda = TA(L(q, w)),
 *
 * with L of exponential-derivative.ts: what changes along the algebra see of L. norm2 bounds the squared Frobenius norm of
 * the anti-Hermitian (for N >= 2 traceless) q; where that is above 4, q and w may be destroyed.
 */
export function exponentialPullBackFunction(m: ModuleBuilder, group: Group): FunctionRef {
  const { n } = group;
  const types = ["i32", "i32", "i32", "i32", "vec", "i32"] as const;
  if (n === 2) {
    const two = exponentialPullBack2(m);
    return m.helper("exponentialPullBack", types, (k, e, lambda, q, w, norm2) => k.call(two, e, lambda, q, w, norm2));
  }
  const whole = exponentialDerivativeFunction(m, n);
  return m.helper("exponentialPullBack", types, (k, e, lambda, q, w, norm2Parameter, work) => {
    const norm2 = k.let(norm2Parameter);
    const generally = () => {
      k.call(whole, e, lambda, q, w, norm2, work);
      tracelessAntiHermitian(k, group, at(lambda), at(lambda), 1);
    };
    if (n !== 3) return generally();
    const [small, large] = SERIES;
    const series = (terms: number) => pullBack3(k, { e, lambda, q, w, work }, terms);
    k.if(
      norm2.gt(small.bound).any(),
      () => k.if(norm2.gt(large.bound).any(), generally, () => series(large.terms)),
      () => series(small.terms),
    );
  });
}

interface Places {
  readonly e: Int;
  readonly lambda: Int;
  readonly q: Int;
  readonly w: Int;
  readonly work: Int;
}

/**
 * N = 3. With w = A + B, A anti-Hermitian and B Hermitian, and L as in exponential-derivative.ts,
 *
 *   lambda = D + C q + q C + Re(sum_j h_j a_j) q + i Im(sum_j g_j a_j) q^2 - trace,
 *
 * where D = Re f1 A + i Im f1 B and C = Re f2 B + i Im f2 A are the anti-Hermitian part of f1 w and the Hermitian part of
 * f2 w, and the a_j = tr(w q^j).
 */
function pullBack3(k: Body, { e, lambda, q, w, work }: Places, terms: number): void {
  const [square, a, b, c, d] = [0, 1, 2, 3, 4].map((i) => k.let(work.add((HISTORY + i * UPPER) * k.vecBytes))) as [
    Int,
    Int,
    Int,
    Int,
    Int,
  ];
  const sums = k.let(work.add((HISTORY + 5 * UPPER) * k.vecBytes));
  const exponent = loadAntiHermitian(k, q);
  const q2 = squareOf(k, exponent);
  storeUpper(k, square, q2);
  const { f, g, h } = coefficientsWithDerivatives(k, invariantsOf(k, exponent, q2), terms, work);
  storePolynomial(k, e, q, square, f);
  splitHermitian(k, w, a, b);
  const onQ = onSquareAndQ(k, { q, square, a, b, sums }, g, h);
  parts(k, { a, b, c, d }, f);
  combine(k, { lambda, q, square, c, d }, onQ);
}

/** w = A + B: Im of the diagonal and twice what is above it of A, Re of the diagonal and twice what is above of B. */
function splitHermitian(k: Body, w: Int, a: Int, b: Int): void {
  for (let i = 0; i < 3; i++) {
    const { re, im } = peek(k, 3, at(w), i, i);
    k.store(a, i * k.vecBytes, im);
    k.store(b, i * k.vecBytes, re);
  }
  PAIRS.forEach(([i, j], o) => {
    const [x, y] = [letComplex(k, peek(k, 3, at(w), i, j)), letComplex(k, peek(k, 3, at(w), j, i))];
    k.store(a, (3 + 2 * o) * k.vecBytes, x.re.sub(y.re));
    k.store(a, (4 + 2 * o) * k.vecBytes, x.im.add(y.im));
    k.store(b, (3 + 2 * o) * k.vecBytes, x.re.add(y.re));
    k.store(b, (4 + 2 * o) * k.vecBytes, x.im.sub(y.im));
  });
}

const number = (k: Body, upper: Int, i: number): Vec => k.load(upper, i * k.vecBytes);

/** sum_i x_i y_i on the diagonal + sign sum Re(x y^*) or Im(x^* y) above it. */
function contract(k: Body, x: (i: number) => Vec, y: (i: number) => Vec, how: "re" | "im", sign: 1 | -1 = 1): Vec {
  let sum = x(0).mul(y(0));
  for (const i of [1, 2]) sum = sum.plus(x(i), y(i));
  const add = (to: Vec, p: Vec, r: Vec, s: 1 | -1) => (s === 1 ? to.plus(p, r) : to.minus(p, r));
  for (const re of [3, 5, 7]) {
    const im = re + 1;
    sum =
      how === "re"
        ? add(add(sum, x(re), y(re), sign), x(im), y(im), sign)
        : add(add(sum, x(re), y(im), sign), x(im), y(re), sign === 1 ? -1 : 1);
  }
  return k.let(sum);
}

/** The factors Re(sum_j h_j a_j) of q and Im(sum_j g_j a_j) of i q^2, a_j = tr(w q^j). */
function onSquareAndQ(
  k: Body,
  { q, square, a, b, sums }: { q: Int; square: Int; a: Int; b: Int; sums: Int },
  g: Three,
  h: Three,
): { q: Vec; square: Vec } {
  // q as an `Upper` in memory
  const places = [0, 4, 8, 1, 2, 5].flatMap((entry, i) => (i < 3 ? [2 * entry + 1] : [2 * entry, 2 * entry + 1]));
  const [A, B, S, Q] = [
    (i: number) => number(k, a, i),
    (i: number) => number(k, b, i),
    (i: number) => number(k, square, i),
    (i: number) => number(k, q, places[i]!),
  ] as const;
  // through memory one by one: see kernels/algebra on spilling
  const save = (i: number, x: Vec) => k.store(sums, i * k.vecBytes, x);
  save(0, contract(k, A, Q, "re").neg()); // Re tr(A q)
  save(1, contract(k, B, Q, "im")); // Im tr(B q)
  save(2, contract(k, B, S, "re"));
  save(3, contract(k, S, A, "im"));
  const trace = (X: (i: number) => Vec) => X(0).add(X(1)).add(X(2));
  const list: Complex[] = [
    { re: trace(B), im: trace(A) },
    { re: number(k, sums, 0), im: number(k, sums, 1) },
    { re: number(k, sums, 2), im: number(k, sums, 3) },
  ].map((z) => letComplex(k, z));
  let onQ = h[0].re.mul(list[0]!.re).minus(h[0].im, list[0]!.im);
  let onSquare = g[0].re.mul(list[0]!.im).plus(g[0].im, list[0]!.re);
  for (const j of [1, 2] as const) {
    onQ = onQ.plus(h[j].re, list[j]!.re).minus(h[j].im, list[j]!.im);
    onSquare = onSquare.plus(g[j].re, list[j]!.im).plus(g[j].im, list[j]!.re);
  }
  return { q: k.let(onQ), square: k.let(onSquare) };
}

/** C = Re f2 B + i Im f2 A, and D = Re f1 A + i Im f1 B; i times Hermitian is anti-Hermitian. */
function parts(k: Body, { a, b, c, d }: { a: Int; b: Int; c: Int; d: Int }, [, f1, f2]: Three): void {
  for (let i = 0; i < 3; i++) {
    const [im, re] = [k.let(number(k, a, i)), k.let(number(k, b, i))];
    k.store(c, i * k.vecBytes, f2.re.mul(re).minus(f2.im, im));
    k.store(d, i * k.vecBytes, f1.re.mul(im).plus(f1.im, re));
  }
  const half = [f1, f2].map(({ re, im }) => letComplex(k, { re: re.mul(0.5), im: im.mul(0.5) })) as [Complex, Complex];
  for (const re of [3, 5, 7]) {
    const [A, B] = [a, b].map((x) => letComplex(k, { re: number(k, x, re), im: number(k, x, re + 1) })) as [
      Complex,
      Complex,
    ];
    k.store(c, re * k.vecBytes, half[1].re.mul(B.re).minus(half[1].im, A.im));
    k.store(c, (re + 1) * k.vecBytes, half[1].re.mul(B.im).plus(half[1].im, A.re));
    k.store(d, re * k.vecBytes, half[0].re.mul(A.re).minus(half[0].im, B.im));
    k.store(d, (re + 1) * k.vecBytes, half[0].re.mul(A.im).plus(half[0].im, B.re));
  }
}

function combine(
  k: Body,
  { lambda, q, square, c, d }: { lambda: Int; q: Int; square: Int; c: Int; d: Int },
  on: { q: Vec; square: Vec },
): void {
  const { diagonal: y, above: z } = loadAntiHermitian(k, q);
  const C = loadUpper(k, c);
  // (C q + q C)_ii = 2 i (C_ii y_i + sum_j Im(C_ij^* q_ij))
  const twist = z.map((x, o) => k.let(C.above[o]!.re.mul(x.im).minus(C.above[o]!.im, x.re)));
  const diagonal = y.map((v, i) => {
    const [s, t] = PAIRS.flatMap((pair, o) => (pair.includes(i as never) ? [twist[o]!] : []));
    const twice = s!.add(t!).plus(C.diagonal[i]!, v).mul(2);
    return k.let(
      number(k, d, i)
        .add(twice)
        .plus(on.q, v)
        .plus(on.square, number(k, square, i)),
    );
  });
  const mean = k.let(
    diagonal[0]!
      .add(diagonal[1]!)
      .add(diagonal[2]!)
      .mul(1 / 3),
  );
  diagonal.forEach((v, i) => poke(k, 3, at(lambda), i, i, { re: Vec.of(0), im: v.sub(mean) }));
  PAIRS.forEach(([i, j], o) => {
    const third = 3 - i - j;
    const [left, right] = [entryOf(i, third), entryOf(third, j)];
    const both = k.let(C.diagonal[i]!.add(C.diagonal[j]!).add(on.q));
    const sum = k.let(y[i]!.add(y[j]!));
    const own = C.above[o]!;
    const s = { re: number(k, square, 3 + 2 * o), im: number(k, square, 4 + 2 * o) };
    let x: Complex = {
      re: number(k, d, 3 + 2 * o)
        .plus(both, z[o]!.re)
        .minus(sum, own.im)
        .minus(on.square, s.im),
      im: number(k, d, 4 + 2 * o)
        .plus(both, z[o]!.im)
        .plus(sum, own.re)
        .plus(on.square, s.re),
    };
    // C_im q_mj + q_im C_mj; below the diagonal q_ab = -q_ba^*
    const how = { conjA: left.below, conjB: right.below };
    x = addTerm(x, right.below ? -1 : 1, C.above[left.index]!, z[right.index]!, how);
    x = letComplex(k, addTerm(x, left.below ? -1 : 1, z[left.index]!, C.above[right.index]!, how));
    poke(k, 3, at(lambda), i, j, x);
    poke(k, 3, at(lambda), j, i, { re: x.re.neg(), im: x.im });
  });
}
