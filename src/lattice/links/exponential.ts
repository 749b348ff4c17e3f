import {
  at,
  type Complex,
  copyMatrix,
  forRows,
  letComplex,
  loadRow,
  matrixBytes,
  multiply,
  multiplyFunction,
  peek,
  poke,
  setIdentity,
} from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";

/**
 * exp(q) of an anti-Hermitian (for N >= 2 traceless) matrix q by its Taylor series, scaled and squared.
 *
 * For N <= 3 the Cayley-Hamilton theorem keeps the series in the span of 1, q, q^2 (as in Lüscher's notes to openQCD,
 * "SU(3) matrix functions", 2009): with q^3 = t q + d, t = tr q^2 / 2 (real), d = det q (imaginary), one Horner step is
 * (f0, f1, f2) <- (1/k! + d f2, f0 + t f2, f1). For larger N Horner's scheme runs on matrices.
 * The remainder after `terms` is below 1e-17 for norms up to the square root of `bound`.
 */
const SERIES = [
  { bound: 0.25, terms: 15 },
  { bound: 4, terms: 26 },
] as const;

/** Scratch needed: four matrices, from `work` on. */
export const EXPONENTIAL_MATRICES = 4;

/**
 * The function (out, q, norm2: vec, work): out = exp(q), where norm2 bounds the squared norm of q.
 * q is destroyed when its norm exceeds 2.
 */
export function exponentialFunction(m: ModuleBuilder, n: number): FunctionRef {
  const square = multiplyFunction(m, n);
  return m.helper(`exponential${n}`, ["i32", "i32", "vec", "i32"] as const, (k, out, q, norm2Parameter, work) => {
    const norm2 = k.let(norm2Parameter);
    const [small, large] = SERIES;
    const series = (terms: number) =>
      n <= 3 ? cayleyHamilton(k, n, out, q, work, terms) : matrixSeries(k, m, n, out, q, work, terms);
    k.if(
      norm2.gt(small.bound).any(),
      () => {
        k.if(
          norm2.gt(large.bound).any(),
          () => {
            const halvings = k.let(work.sub(work)); // 0
            k.repeat(
              () => {
                halve(k, n, q);
                k.set(norm2, norm2.mul(0.25));
                k.set(halvings, halvings.add(1));
              },
              // an infinite norm stays infinite: the result is then not a number, which the update reports
              () => norm2.gt(large.bound).and(norm2.lt(Number.MAX_VALUE)).any(),
            );
            series(large.terms);
            const copy = k.let(work.add(3 * matrixBytes(k, n)));
            k.for(0, halvings, () => {
              copyMatrix(k, n, at(copy), at(out));
              k.call(square, out, copy, copy);
            });
          },
          () => series(large.terms),
        );
      },
      () => series(small.terms),
    );
  });
}

function halve(k: Body, n: number, q: Int): void {
  for (let i = 0; i < 2 * n * n; i++) k.store(q, i * k.vecBytes, k.load(q, i * k.vecBytes).mul(0.5));
}

/** 1/0!, 1/1!, … */
function inverseFactorials(count: number): number[] {
  const list = [1];
  for (let i = 1; i < count; i++) list.push(list[i - 1]! / i);
  return list;
}

function cayleyHamilton(k: Body, n: number, out: Int, q: Int, work: Int, terms: number): void {
  const Q = at(q);
  const square = at(work);
  const zero = Vec.of(0);
  if (n > 1) multiply(k, n, square, Q, Q);
  // n = 1: q = d; n = 2: q^2 = t, t = tr q^2 / 2 = -det q; n = 3: q^3 = t q + d
  const t = n > 1 ? k.let(traceRe(k, n, work).mul(0.5)) : undefined;
  const d = n === 1 ? k.let(k.load(q, k.vecBytes)) : n === 3 ? k.let(determinantIm(k, q, work)) : undefined;
  const f: Complex[] = Array.from({ length: n }, () => letComplex(k, { re: zero, im: zero }));
  for (const c of inverseFactorials(terms).reverse()) {
    const last = letComplex(k, f[n - 1]!);
    for (let i = n - 1; i >= 0; i--) {
      const lower = i > 0 ? f[i - 1]! : { re: Vec.of(c), im: zero };
      let { re, im } = lower;
      if (i === 0 && d) [re, im] = [re.minus(d, last.im), im.plus(d, last.re)];
      if (i === n - 2 && t) [re, im] = [re.plus(t, last.re), im.plus(t, last.im)];
      k.set(f[i]!.re, re);
      k.set(f[i]!.im, im);
    }
  }
  // out = f0 + f1 q + f2 q^2
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let re: Vec | undefined = i === j ? f[0]!.re : undefined;
      let im: Vec | undefined = i === j ? f[0]!.im : undefined;
      for (let power = 1; power < n; power++) {
        const z = letComplex(k, peek(k, n, power === 1 ? Q : square, i, j));
        const g = f[power]!;
        const x = g.re.mul(z.re).minus(g.im, z.im);
        const y = g.re.mul(z.im).plus(g.im, z.re);
        re = re ? re.add(x) : x;
        im = im ? im.add(y) : y;
      }
      poke(k, n, at(out), i, j, { re: re!, im: im! });
    }
}

function traceRe(k: Body, n: number, m: Int): Vec {
  let sum = peek(k, n, at(m), 0, 0).re;
  for (let d = 1; d < n; d++) sum = sum.add(peek(k, n, at(m), d, d).re);
  return sum;
}

/** Im det q = Im tr q^3 / 3 of a traceless 3 x 3 matrix, given q^2. */
function determinantIm(k: Body, q: Int, square: Int): Vec {
  let sum: Vec | undefined;
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const a = letComplex(k, peek(k, 3, at(q), i, j));
      const b = letComplex(k, peek(k, 3, at(square), j, i));
      const term = a.re.mul(b.im).plus(a.im, b.re);
      sum = sum ? sum.add(term) : term;
    }
  return k.let(sum!.mul(1 / 3));
}

/** X = 1; X <- 1 + q X / i for i = terms - 1 … 1. */
function matrixSeries(k: Body, m: ModuleBuilder, n: number, out: Int, q: Int, work: Int, terms: number): void {
  const product = multiplyFunction(m, n);
  const next = k.let(work);
  setIdentity(k, n, at(out));
  const count = 2 * n * n;
  const unit = k.vecBytes;
  const left = k.let(Vec.of(terms - 1));
  k.for(1, terms, () => {
    k.call(product, next, q, out);
    const factor = k.let(Vec.of(1).div(left));
    k.for(0, count, (i) => k.store(out.add(i.mul(unit)), 0, k.load(next.add(i.mul(unit)), 0).mul(factor)));
    for (let d = 0; d < n; d++) {
      const offset = 2 * (d * n + d) * unit;
      k.store(out, offset, k.load(out, offset).add(1));
    }
    k.set(left, left.sub(1));
  });
}

/** u <- e u in place, column by column. */
export function multiplyInPlace(k: Body, n: number, e: Int, u: Int): void {
  for (let j = 0; j < n; j++) {
    const column = Array.from({ length: n }, (_, i) => letComplex(k, peek(k, n, at(u), i, j)));
    forRows(k, n, (i) => {
      const row = loadRow(k, n, at(e), i);
      let re = row[0]!.re.mul(column[0]!.re).minus(row[0]!.im, column[0]!.im);
      let im = row[0]!.re.mul(column[0]!.im).plus(row[0]!.im, column[0]!.re);
      for (let c = 1; c < n; c++) {
        re = re.plus(row[c]!.re, column[c]!.re).minus(row[c]!.im, column[c]!.im);
        im = im.plus(row[c]!.re, column[c]!.im).plus(row[c]!.im, column[c]!.re);
      }
      poke(k, n, at(u), i, j, { re, im });
    });
  }
}
