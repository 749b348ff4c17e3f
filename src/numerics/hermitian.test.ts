import { describe, expect, it } from "vitest";
import { addressedRng } from "./addressed-random.ts";
import { cholesky, choleskyInverse, logDeterminant, traceOfInverse } from "./cholesky.ts";
import { daggerMultiply, distance, haarRandom, identity, multiply, multiplyDagger, trace } from "./complex-matrix.ts";
import { diagonalMatrix, gaussianHermitian, positive } from "./dense.contract.ts";
import { logDeterminantOf } from "./dense.ts";
import { hermitianEigen, hermitianEigenvalues } from "./hermitian.ts";
import { tridiagonalEigen } from "./tridiagonal.ts";

describe("tridiagonal matrices", () => {
  it("of the chain -1, 2, -1 have the eigenvalues 2 - 2 cos(k pi/(n+1)) and sines as eigenvectors", () => {
    for (const n of [1, 2, 3, 40]) {
      const { values, vectors } = tridiagonalEigen(new Array(n).fill(2), new Array(n - 1).fill(-1), true);
      for (let k = 0; k < n; k++) {
        const angle = ((k + 1) * Math.PI) / (n + 1);
        expect(values[k]).toBeCloseTo(2 - 2 * Math.cos(angle), 13);
        const sine = Array.from({ length: n }, (_, i) => Math.sqrt(2 / (n + 1)) * Math.sin((i + 1) * angle));
        const overlap = sine.reduce((s, x, i) => s + x * vectors![k * n + i]!, 0);
        expect(Math.abs(overlap)).toBeCloseTo(1, 12);
      }
      expect(tridiagonalEigen(new Array(n).fill(2), new Array(n - 1).fill(-1)).values).toEqual(values);
    }
  });

  it("that fall apart, or are graded over many orders, keep small eigenvalues", () => {
    expect([...tridiagonalEigen([3, -1, 2, 5], [0, 0, 0]).values]).toEqual([-1, 2, 3, 5]);
    const { values } = tridiagonalEigen([1e-10, 1, 1e10], [1e-12, 1e-3]);
    expect(values[0]! / 1e-10).toBeCloseTo(1, 4);
    expect(values[1]).toBeCloseTo(1, 6);
    expect(values[2]! / 1e10).toBeCloseTo(1, 12);
  });

  it("refuse lengths that do not fit and numbers that are none", () => {
    expect(() => tridiagonalEigen([1, 2], [1, 2])).toThrow(RangeError);
    expect(() => tridiagonalEigen([], [])).toThrow(RangeError);
    expect(() => tridiagonalEigen([1, Number.NaN], [1])).toThrow(/entry 1/);
  });
});

describe("Hermitian eigenvalues", () => {
  it("solve A v = lambda v with orthonormal vectors", () => {
    for (const n of [1, 2, 3, 8, 33, 90]) {
      const a = gaussianHermitian(n, "hermitian");
      const { values, vectors } = hermitianEigen(a);
      // rows are eigenvectors: V V^† = 1, and A = V^T diag(values) V^*, so that V^* A V^T is diagonal
      expect(distance(multiplyDagger(vectors, vectors), identity(n))).toBeLessThan(1e-13);
      const conjugate = vectors.map((x, k) => (k % 2 === 0 ? x : -x));
      const lambda = diagonalMatrix([...values].map((x) => [x, 0]));
      const rotated = multiply(conjugate, multiplyDagger(a, conjugate));
      expect(distance(rotated, lambda)).toBeLessThan(2e-13 * Math.max(1, n / 4));
      expect(values.toSorted()).toEqual(values);
      expect(trace(a)[0]).toBeCloseTo(
        values.reduce((s, x) => s + x, 0),
        10,
      );
      hermitianEigenvalues(a).forEach((x, k) => {
        expect(x).toBeCloseTo(values[k]!, 12);
      });
    }
  });

  it("find a spectrum that was put in, with multiple and zero eigenvalues", () => {
    const n = 24;
    const spectrum = Array.from({ length: n }, (_, k) => Math.floor(k / 4) - 2);
    const u = haarRandom(n, false, addressedRng("spectrum").at("haar", 0));
    const a = multiply(u, multiplyDagger(diagonalMatrix(spectrum.map((x) => [x, 0])), u));
    hermitianEigenvalues(a).forEach((x, k) => {
      expect(x).toBeCloseTo(spectrum[k]!, 12);
    });
    expect([...hermitianEigenvalues(new Float64Array(2 * 9))]).toEqual([0, 0, 0]);
  });

  it("refuse matrices that are not Hermitian", () => {
    const a = gaussianHermitian(5, "refused");
    a[2 * (3 * 5 + 1)]! += 1e-3;
    expect(() => hermitianEigen(a)).toThrow(/\(3, 1\)/);
    expect(() => hermitianEigen(new Float64Array(7))).toThrow(RangeError);
    expect(() => hermitianEigenvalues(new Float64Array(8).fill(Number.NaN))).toThrow(RangeError);
  });
});

describe("Cholesky decomposition", () => {
  it("gives the log-determinant, the inverse and its trace of positive matrices", () => {
    for (const n of [1, 2, 7, 40]) {
      const a = positive(n, "cholesky", 0.5);
      const l = cholesky(a);
      expect(distance(multiplyDagger(l, l), a)).toBeLessThan(1e-12 * n);
      const values = hermitianEigenvalues(a);
      expect(logDeterminant(a)).toBeCloseTo(
        values.reduce((s, x) => s + Math.log(x), 0),
        9,
      );
      expect(logDeterminant(a)).toBeCloseTo(logDeterminantOf(a).logModulus, 9);
      const inverse = choleskyInverse(a);
      expect(distance(multiply(a, inverse), identity(n))).toBeLessThan(1e-11);
      expect(distance(daggerMultiply(inverse, identity(n)), inverse)).toBe(0);
      expect(traceOfInverse(a)).toBeCloseTo(trace(inverse)[0], 9);
      expect(traceOfInverse(a)).toBeCloseTo(
        values.reduce((s, x) => s + 1 / x, 0),
        9,
      );
    }
  });

  it("refuses matrices that are not positive", () => {
    expect(() =>
      logDeterminant(
        diagonalMatrix([
          [1, 0],
          [-1, 0],
        ]),
      ),
    ).toThrow(/pivot 1 of 2/);
  });
});
