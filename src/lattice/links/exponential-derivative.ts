import {
  at,
  type Complex,
  copyMatrix,
  letComplex,
  matrixBytes,
  multiply,
  multiplyFunction,
  peek,
  poke,
  setIdentity,
  setZero,
} from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import { inverseFactorials } from "./exponential-coefficients.ts";

/**
 * exp(q) together with its derivative at q along w,
 *
 *   L(q, w) = d/ds exp(q + s w) at s = 0 = int_0^1 exp((1 - s) q) w exp(s q) ds,
 *
 * which is also its pull-back: Re tr[w d(exp q)] = Re tr[L(q, w) dq]. (i times it is the matrix B of the forces of C.
 * Morningster and M. Peardon, Phys. Rev. D 69 (2004) 054501, section III.)
 *
 * As in exponential.ts nothing is diagonalised and nothing divided by, so equal eigenvalues are no special case. For
 * N <= 3 the series runs in the span of 1, q, q^2. There a polynomial F is Q p + f with p = x^3 - t x - d the
 * characteristic polynomial (x^2 - t for N = 2), and f = F mod p depends on q through t and d only:
 * df/dd = Q mod p =: g and df/dt = x g mod p =: h. Hence, with a_j = tr(w q^j) and dt = tr(q dq), dd = tr(q^2 dq),
 *
 *   L = f1 w + f2 (w q + q w) + (sum_j h_j a_j) q + (sum_j g_j a_j) q^2 + c,
 *
 * where the multiple c of the unit matrix, which traceless dq do not see, follows from tr L = tr(w exp q). Horner's
 * scheme F <- c_k + x F makes g <- f2 + x g mod p (f1 for N = 2) beside f.
 *
 * For larger N, and for large q, Horner's scheme and the squarings run on pairs (matrix, derivative).
 */
const SERIES = [
  { bound: 0.25, terms: 17 },
  { bound: 4, terms: 28 },
] as const;

/** Scratch needed: two matrices, from `work` on. */
export const EXPONENTIAL_DERIVATIVE_MATRICES = 2;

/**
 * The function (e, l, q, w, norm2: vec, work): e = exp(q), l = L(q, w) for an anti-Hermitian q (for N >= 2 traceless) and
 * any w. norm2 bounds the squared Frobenius norm of q; where that is above 4, q and w are destroyed.
 */
export function exponentialDerivativeFunction(m: ModuleBuilder, n: number): FunctionRef {
  const types = ["i32", "i32", "i32", "i32", "vec", "i32"] as const;
  return m.helper(`exponentialDerivative${n}`, types, (k, e, l, q, w, norm2Parameter, work) => {
    const norm2 = k.let(norm2Parameter);
    const [small, large] = SERIES;
    const series = (terms: number) =>
      n <= 3 ? cayleyHamilton(k, n, { e, l, q, w, work }, terms) : matrixSeries(k, m, n, { e, l, q, w, work }, terms);
    k.if(
      norm2.gt(small.bound).any(),
      () =>
        k.if(
          norm2.gt(large.bound).any(),
          () => scaledAndSquared(k, m, n, { e, l, q, w, work }, norm2),
          () => series(large.terms),
        ),
      () => series(small.terms),
    );
  });
}

/** Addresses of the matrices of one call. */
interface Places {
  readonly e: Int;
  readonly l: Int;
  readonly q: Int;
  readonly w: Int;
  readonly work: Int;
}

/** exp(q) = exp(q/2)^2 and L(q, w) = exp(q/2) L(q/2, w/2) + L(q/2, w/2) exp(q/2), as often as needed. */
function scaledAndSquared(k: Body, m: ModuleBuilder, n: number, places: Places, norm2: Vec): void {
  const { e, l, q, w, work } = places;
  const { bound, terms } = SERIES[1];
  const halvings = k.let(work.sub(work)); // 0
  k.repeat(
    () => {
      for (const x of [q, w]) for (let i = 0; i < 2 * n * n; i++) scaleNumber(k, x, i, Vec.of(0.5));
      k.set(norm2, norm2.mul(0.25));
      k.set(halvings, halvings.add(1));
    },
    // an infinite norm stays infinite: the result is then not a number, which the update reports
    () => norm2.gt(bound).and(norm2.lt(Number.MAX_VALUE)).any(),
  );
  matrixSeries(k, m, n, places, terms);
  const square = multiplyFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  const before = [k.let(work), k.let(work.add(matrixBytes(k, n)))] as const;
  k.for(0, halvings, () => {
    copyMatrix(k, n, at(before[0]), at(e));
    copyMatrix(k, n, at(before[1]), at(l));
    k.call(square, l, before[0], before[1]);
    k.call(accumulate, l, before[1], before[0]);
    k.call(square, e, before[0], before[0]);
  });
}

const scaleNumber = (k: Body, matrix: Int, i: number, by: Vec) =>
  k.store(matrix, i * k.vecBytes, k.load(matrix, i * k.vecBytes).mul(by));

/** (E, L) = (1, 0); L <- (w E + q L)/i and E <- 1 + q E/i for i = terms - 1 … 1. */
function matrixSeries(k: Body, m: ModuleBuilder, n: number, { e, l, q, w, work }: Places, terms: number): void {
  const product = multiplyFunction(m, n);
  const accumulate = multiplyFunction(m, n, { accumulate: true });
  setIdentity(k, n, at(e));
  setZero(k, n, at(l));
  const left = k.let(Vec.of(terms - 1));
  k.for(1, terms, () => {
    const factor = k.let(Vec.of(1).div(left));
    const scaled = (out: Int) =>
      k.for(0, 2 * n * n, (i) => {
        const offset = k.let(i.mul(k.vecBytes));
        k.store(out.add(offset), 0, k.load(work.add(offset)).mul(factor));
      });
    k.call(product, work, w, e);
    k.call(accumulate, work, q, l);
    scaled(l);
    k.call(product, work, q, e);
    scaled(e);
    for (let d = 0; d < n; d++) {
      const offset = 2 * (d * n + d) * k.vecBytes;
      k.store(e, offset, k.load(e, offset).add(1));
    }
    k.set(left, left.sub(1));
  });
}

const zero: Complex = { re: Vec.of(0), im: Vec.of(0) };
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re.add(b.re), im: a.im.add(b.im) });
const times = (a: Complex, b: Complex): Complex => ({
  re: a.re.mul(b.re).minus(a.im, b.im),
  im: a.re.mul(b.im).plus(a.im, b.re),
});
const setComplex = (k: Body, to: Complex, z: Complex) => {
  k.set(to.re, z.re);
  k.set(to.im, z.im);
};
const dot = (a: readonly Complex[], b: readonly Complex[]): Complex =>
  a.map((z, j) => times(z, b[j]!)).reduce((sum, z) => plus(sum, z));

/** The invariants of q: t = tr q^2 / 2 (N >= 2) and i d = det q (N = 3; q itself for N = 1), both real. */
interface Invariants {
  readonly t: Vec | undefined;
  readonly d: Vec | undefined;
}

/** x * (sum_j f_j x^j) modulo the characteristic polynomial. */
function shifted(f: readonly Complex[], { t, d }: Invariants): Complex[] {
  const n = f.length;
  const last = f[n - 1]!;
  return f.map((_, i) => {
    let { re, im } = i > 0 ? f[i - 1]! : zero;
    if (i === 0 && d) [re, im] = [re.minus(d, last.im), im.plus(d, last.re)];
    if (i === n - 2 && t) [re, im] = [re.plus(t, last.re), im.plus(t, last.im)];
    return { re, im };
  });
}

/** The coefficients f of exp(q) in 1, q, q^2 and g of the quotient, see above. */
function coefficients(k: Body, n: number, invariants: Invariants, terms: number) {
  const f = Array.from({ length: n }, () => letComplex(k, zero));
  const g = Array.from({ length: n }, () => letComplex(k, zero));
  const step = (target: readonly Complex[], first: Complex) => {
    const last = letComplex(k, target[n - 1]!);
    const next = shifted([...target.slice(0, -1), last], invariants);
    // from the highest down: the new coefficient i reads the old i - 1
    for (let i = n - 1; i > 0; i--) setComplex(k, target[i]!, next[i]!);
    setComplex(k, target[0]!, plus(next[0]!, first));
  };
  for (const c of inverseFactorials(terms).reverse()) {
    step(g, f[n - 1]!);
    step(f, { re: Vec.of(c), im: zero.im });
  }
  return { f, g };
}

function cayleyHamilton(k: Body, n: number, { e, l, q, w, work }: Places, terms: number): void {
  const [Q, W, square] = [at(q), at(w), at(work)];
  if (n > 1) multiply(k, n, square, Q, Q);
  const t = n > 1 ? k.let(realTrace(k, n, work).mul(0.5)) : undefined;
  const d = n === 1 ? k.let(k.load(q, k.vecBytes)) : n === 3 ? k.let(traceOf(k, n, q, work).im.mul(1 / 3)) : undefined;
  const { f, g } = coefficients(k, n, { t, d }, terms);
  if (n === 3) {
    multiply(k, n, at(l), W, Q);
    multiply(k, n, at(l), Q, W, { accumulate: true });
  }
  const a = [trace1(k, n, w), ...[q, work].slice(0, n - 1).map((x) => traceOf(k, n, w, x))];
  // factors of q and q^2; N = 2 has t only, whose derivative is then the quotient itself
  const onSquare = letComplex(k, dot(g, a));
  const factors = n === 2 ? [onSquare] : n === 3 ? [letComplex(k, dot(shifted(g, { t, d }), a)), onSquare] : [];
  const unit = letComplex(k, unitPart(n, { t, f, a, onSquare }));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const powers = [q, work].slice(0, n - 1).map((x) => letComplex(k, peek(k, n, at(x), i, j)));
      let sum = n > 1 ? times(f[1]!, letComplex(k, peek(k, n, W, i, j))) : zero;
      if (n === 3) sum = plus(sum, times(f[2]!, letComplex(k, peek(k, n, at(l), i, j))));
      let value = i === j ? f[0]! : zero;
      powers.forEach((z, p) => {
        value = plus(value, times(f[p + 1]!, z));
        sum = plus(sum, times(factors[p]!, z));
      });
      poke(k, n, at(l), i, j, i === j ? plus(sum, unit) : sum);
      poke(k, n, at(e), i, j, value);
    }
}

/** c = (tr(w exp q) - tr of the rest of L)/N. For N = 1 it is all of L. */
function unitPart(
  n: number,
  of: { t: Vec | undefined; f: readonly Complex[]; a: readonly Complex[]; onSquare: Complex },
): Complex {
  const { t, f, a, onSquare } = of;
  const whole = dot(f, a);
  if (n === 1) return whole;
  let rest = times(f[1]!, a[0]!);
  if (n === 3) {
    const twice = times(f[2]!, a[1]!);
    rest = {
      re: rest.re.add(twice.re.mul(2)).plus(t!.mul(2), onSquare.re),
      im: rest.im.add(twice.im.mul(2)).plus(t!.mul(2), onSquare.im),
    };
  }
  return { re: whole.re.sub(rest.re).mul(1 / n), im: whole.im.sub(rest.im).mul(1 / n) };
}

function realTrace(k: Body, n: number, x: Int): Vec {
  let sum = peek(k, n, at(x), 0, 0).re;
  for (let i = 1; i < n; i++) sum = sum.add(peek(k, n, at(x), i, i).re);
  return sum;
}

function trace1(k: Body, n: number, x: Int): Complex {
  let sum = peek(k, n, at(x), 0, 0);
  for (let i = 1; i < n; i++) sum = plus(sum, peek(k, n, at(x), i, i));
  return letComplex(k, sum);
}

/** tr(x y) */
function traceOf(k: Body, n: number, x: Int, y: Int): Complex {
  let sum: Complex | undefined;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const term = times(letComplex(k, peek(k, n, at(x), i, j)), letComplex(k, peek(k, n, at(y), j, i)));
      sum = sum ? plus(sum, term) : term;
    }
  return letComplex(k, sum!);
}
