import {
  at,
  copyMatrix,
  forRows,
  letComplex,
  loadRow,
  matrixBytes,
  multiplyFunction,
  peek,
  poke,
  setIdentity,
} from "../../kernels/algebra/matrix.ts";
import { type Body, type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../kernels/builder.ts";
import {
  exponentialCoefficients,
  invariantsOf,
  inverseFactorials,
  loadAntiHermitian,
  squareOf,
  storePolynomial,
  storeUpper,
} from "./exponential-coefficients.ts";
import { exponential2 } from "./exponential-su2.ts";

/**
 * exp(q) of an anti-Hermitian (for N >= 2 traceless) matrix q by its Taylor series, scaled and squared.
 *
 * For N = 3 the Cayley-Hamilton theorem keeps the series in the span of 1, q, q^2, see exponential-coefficients.ts; for
 * N = 2 see exponential-su2.ts. For larger N Horner's scheme runs on matrices.
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
    if (n === 2) return exponential2(k, out, q, norm2);
    const series = (terms: number) => {
      if (n === 1) phase(k, out, q, terms);
      else if (n === 3) cayleyHamilton(k, out, q, work, terms);
      else matrixSeries(k, m, n, out, q, work, terms);
    };
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

/** N = 1: the number e^(i y). */
function phase(k: Body, out: Int, q: Int, terms: number): void {
  const y = k.let(k.load(q, k.vecBytes));
  const f = letComplex(k, { re: Vec.of(0), im: Vec.of(0) });
  for (const c of inverseFactorials(terms).reverse()) {
    const before = k.let(f.re);
    k.set(f.re, Vec.of(c).minus(y, f.im));
    k.set(f.im, y.mul(before));
  }
  poke(k, 1, at(out), 0, 0, f);
}

/** N = 3: q^3 = t q + i d. */
function cayleyHamilton(k: Body, out: Int, q: Int, work: Int, terms: number): void {
  const exponent = loadAntiHermitian(k, q);
  const square = squareOf(k, exponent);
  storeUpper(k, work, square);
  const f = exponentialCoefficients(k, invariantsOf(k, exponent, square), terms);
  storePolynomial(k, out, q, work, f);
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
