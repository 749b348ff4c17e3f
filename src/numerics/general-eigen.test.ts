import { describe, expect, it } from "vitest";
import { addressedRng } from "./addressed-random.ts";
import {
  daggerMultiply,
  distance,
  fromEntries,
  haarRandom,
  identity,
  multiply,
  multiplyDagger,
  zero,
} from "./complex-matrix.ts";
import { diagonalMatrix, expectSpectrum, gaussian } from "./dense.contract.ts";
import { inverseOf } from "./dense.ts";
import { eigenvaluesOf, type Schur, schur, schurValues } from "./general-eigen.ts";
import { orderSchur, schurVectors } from "./schur-order.ts";

type Complex = readonly [number, number];

const product = ({ q, t }: Schur) => multiplyDagger(multiply(q, t), q);

describe("eigenvalues of general matrices", () => {
  it("of a cyclic shift are the roots of unity", () => {
    for (const n of [1, 2, 3, 4, 7, 100]) {
      const shift = fromEntries(n, (i, j) => [(i + 1) % n === j ? 1 : 0, 0]);
      const roots = Array.from({ length: n }, (_, k): Complex => {
        const angle = (2 * Math.PI * k) / n;
        return [Math.cos(angle), Math.sin(angle)];
      });
      expectSpectrum(eigenvaluesOf(shift), roots, 1e-12);
    }
  });

  it("of a companion matrix are the roots of its polynomial", () => {
    // (x - 1)(x - 2)(x - 3)(x - i)(x + i) = (x^3 - 6x^2 + 11x - 6)(x^2 + 1)
    const c = [-6, 11, -12, 12, -6];
    const companion = fromEntries(5, (i, j) => [j === 4 ? -c[i]! : i === j + 1 ? 1 : 0, 0]);
    const roots: Complex[] = [
      [1, 0],
      [2, 0],
      [3, 0],
      [0, 1],
      [0, -1],
    ];
    expectSpectrum(eigenvaluesOf(companion), roots, 1e-11);
  });

  it("of normal and of ill-conditioned matrices with a spectrum that was put in", () => {
    const n = 90;
    const stream = addressedRng("general").at("spectrum", 0);
    const spectrum = Array.from({ length: n }, (): Complex => [stream.normal(), stream.normal()]);
    const lambda = diagonalMatrix(spectrum);
    const u = haarRandom(n, false, addressedRng("general").at("haar", 0));
    expectSpectrum(eigenvaluesOf(multiply(u, multiplyDagger(lambda, u))), spectrum, 1e-12);
    const s = gaussian(n, "general-similarity");
    expectSpectrum(eigenvaluesOf(multiply(s, multiply(lambda, inverseOf(s)))), spectrum, 1e-8);
  });

  it("of a Jordan block of size m are found to the m-th root of the rounding", () => {
    const m = 4;
    const jordan = fromEntries(m, (i, j) => [i === j ? 2 : j === i + 1 ? 1 : 0, i === j ? -1 : 0]);
    const u = haarRandom(m, false, addressedRng("jordan").at("haar", 0));
    const twice = Array.from({ length: m }, (): Complex => [2, -1]);
    expectSpectrum(eigenvaluesOf(multiply(u, multiplyDagger(jordan, u))), twice, 2e-3);
    expectSpectrum(eigenvaluesOf(jordan), twice, 1e-15);
  });

  it("of zero, and of a matrix that falls apart", () => {
    expect([...eigenvaluesOf(zero(3))].every((x) => x === 0)).toBe(true);
    const blocks = fromEntries(4, (i, j) => [(i ^ 1) === j ? 1 + (i >> 1) : 0, 0]);
    const values: Complex[] = [
      [1, 0],
      [-1, 0],
      [2, 0],
      [-2, 0],
    ];
    expectSpectrum(eigenvaluesOf(blocks), values, 1e-14);
    expect(() => eigenvaluesOf(Float64Array.of(1, Number.NaN))).toThrow(RangeError);
    expect(() => eigenvaluesOf(new Float64Array(6))).toThrow(RangeError);
  });
});

describe("Schur form", () => {
  it("is A = Q T Q^† with unitary Q and triangular T", () => {
    for (const n of [1, 2, 3, 20, 60]) {
      const a = gaussian(n, "schur");
      const form = schur(a);
      expect(distance(product(form), a)).toBeLessThan(1e-13 * (n + 5));
      expect(distance(daggerMultiply(form.q, form.q), identity(n))).toBeLessThan(1e-13);
      for (let i = 0; i < n; i++) for (let j = 0; j < 2 * i; j++) expect(form.t[2 * i * n + j]).toBe(0);
      const values = schurValues(form);
      const pairs = Array.from({ length: n }, (_, k): Complex => [values[2 * k]!, values[2 * k + 1]!]);
      expectSpectrum(eigenvaluesOf(a), pairs, 1e-10);
    }
  });

  it("can be put in any order: the first columns span an invariant subspace", () => {
    const n = 30;
    const a = gaussian(n, "order");
    const form = schur(a);
    const before = schurValues(form);
    const modulus = (re: number, im: number) => Math.hypot(re, im);
    orderSchur(form, modulus);
    expect(distance(product(form), a)).toBeLessThan(1e-12);
    const after = schurValues(form);
    const sizes = Array.from({ length: n }, (_, k) => modulus(after[2 * k]!, after[2 * k + 1]!));
    // the swaps round, so that neighbours of the same size may seem exchanged
    for (let k = 1; k < n; k++) expect(sizes[k]!).toBeGreaterThan(sizes[k - 1]! - 1e-12);
    const pairs = Array.from({ length: n }, (_, k): Complex => [before[2 * k]!, before[2 * k + 1]!]);
    expectSpectrum(after, pairs, 1e-11);
    // Q_k^† A Q_k = T_k, and A Q_k stays in the span: (1 - Q_k Q_k^†) A Q_k = 0
    const k = 7;
    const q = form.q.map((x, i) => ((i >> 1) % n < k ? x : 0));
    const aq = multiply(a, q);
    expect(distance(multiply(q, daggerMultiply(q, aq)), aq)).toBeLessThan(1e-12);
    // a basis that is not invariant is noticed
    const wrong = form.q.map((x, i) => ((i >> 1) % n >= n - k ? x : 0));
    expect(distance(multiply(wrong, daggerMultiply(wrong, multiply(a, wrong))), multiply(a, wrong))).toBeGreaterThan(
      0.1,
    );
  });

  it("gives eigenvectors", () => {
    const n = 25;
    const a = gaussian(n, "vectors");
    const form = schur(a);
    const v = schurVectors(form);
    const columns = fromEntries(n, (i, j) => [v[2 * (j * n + i)]!, v[2 * (j * n + i) + 1]!]);
    const values = schurValues(form);
    const lambda = diagonalMatrix(Array.from({ length: n }, (_, k): Complex => [values[2 * k]!, values[2 * k + 1]!]));
    expect(distance(multiply(a, columns), multiply(columns, lambda))).toBeLessThan(1e-12);
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let i = 0; i < n; i++) square += columns[2 * (i * n + j)]! ** 2 + columns[2 * (i * n + j) + 1]! ** 2;
      expect(square).toBeCloseTo(1, 12);
    }
  });
});
