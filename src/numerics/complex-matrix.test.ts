import { describe, expect, it } from "vitest";
import { addressedRng } from "./addressed-random.ts";
import { coordinates, fromCoordinates, generators, tracelessAntiHermitian } from "./algebra.ts";
import * as matrix from "./complex-matrix.ts";
import { kolmogorovQ } from "./p-values.ts";

const { distance, multiply, scale } = matrix;
const sizes = [1, 2, 3, 4, 5];

function random(n: number, site: number): matrix.Matrix {
  const s = addressedRng("matrices").at("entries", n, site);
  return Float64Array.from({ length: 2 * n * n }, () => s.normal());
}

describe("complex matrices", () => {
  it("a product written out by hand", () => {
    const a = Float64Array.of(1, 2, 0, 1, 3, 0, -1, 1); // [[1+2i, i], [3, -1+i]]
    const b = Float64Array.of(0, 1, 2, 0, 1, 1, 0, -1); // [[i, 2], [1+i, -i]]
    expect([...multiply(a, b)]).toEqual([-3, 2, 3, 4, -2, 3, 7, 1]);
    expect([...matrix.dagger(a)]).toEqual([1, -2, 3, -0, 0, -1, -1, -1]);
    expect(matrix.trace(a)).toEqual([0, 3]);
    expect(matrix.determinant(a)[0]).toBeCloseTo(-3, 14); // (1+2i)(-1+i) - 3i = -3 - i - 3i
    expect(matrix.determinant(a)[1]).toBeCloseTo(-4, 14);
    expect([...scale(a, 0, 1)]).toEqual([-2, 1, -1, 0, 0, 3, -1, -1]);
  });

  it("daggers, traces and determinants obey their rules", () => {
    for (const n of sizes) {
      const [a, b] = [random(n, 0), random(n, 1)];
      const ab = multiply(a, b);
      expect(distance(matrix.multiplyDagger(a, b), multiply(a, matrix.dagger(b)))).toBe(0);
      expect(distance(matrix.daggerMultiply(a, b), multiply(matrix.dagger(a), b))).toBe(0);
      expect(distance(matrix.daggerMultiplyDagger(a, b), multiply(matrix.dagger(a), matrix.dagger(b)))).toBeLessThan(
        1e-13,
      );
      expect(distance(multiply(matrix.identity(n), a), a)).toBe(0);
      expect(distance(matrix.subtract(matrix.add(a, b), b), a)).toBeLessThan(1e-14);
      const [x, y] = [matrix.trace(ab), matrix.trace(multiply(b, a))];
      expect(Math.hypot(x[0] - y[0], x[1] - y[1])).toBeLessThan(1e-13);
      const [da, db, dab] = [a, b, ab].map((m) => matrix.determinant(m)) as [number, number][];
      expect(da![0] * db![0] - da![1] * db![1]).toBeCloseTo(dab![0], 10);
      expect(da![0] * db![1] + da![1] * db![0]).toBeCloseTo(dab![1], 10);
    }
    expect(matrix.determinant(Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0))).toEqual([-1, -0]); // needs a pivot
    expect(matrix.determinant(matrix.zero(3))).toEqual([0, 0]);
  });

  it("says when an array is no matrix", () => {
    expect(() => matrix.size(new Float64Array(10))).toThrow(/expected 2 N\^2/);
    expect(() => multiply(matrix.zero(2), matrix.zero(3))).toThrow(/2 x 2/);
  });
});

describe("exponential", () => {
  it("has the closed form of SU(2), small and large", () => {
    for (const angle of [1e-9, 0.1, 1, 3, 40]) {
      const q = [0.48 * angle, -0.6 * angle, 0.64 * angle];
      const u = matrix.exponential(
        fromCoordinates(
          2,
          q.map((x) => 2 * x),
        ),
      ); // exp(i q.sigma), |q| = angle
      const [c, s] = [Math.cos(angle), Math.sin(angle) / angle];
      const closed = [c, s * q[2]!, s * q[1]!, s * q[0]!, -s * q[1]!, s * q[0]!, c, -s * q[2]!];
      expect(distance(u, Float64Array.from(closed))).toBeLessThan(2e-15 * (1 + angle));
    }
  });

  it("is the exponential of the eigenvalues, also for a matrix that is not normal", () => {
    for (const n of sizes) {
      // a = s d s^-1 with s unit upper triangular: s = 1 + e_{0,n-1}, s^-1 = 1 - e_{0,n-1}
      const shear = (sign: number) =>
        matrix.fromEntries(n, (i, j) => [i === j ? 1 : i === 0 && j === n - 1 ? sign : 0, 0]);
      const lambda = (i: number): [number, number] => [0.3 * i - 0.5, 1.1 - 0.7 * i];
      const diagonal = (f: (i: number) => [number, number]) =>
        matrix.fromEntries(n, (i, j) => (i === j ? f(i) : [0, 0]));
      const conjugate = (d: matrix.Matrix) => (n === 1 ? d : multiply(multiply(shear(1), d), shear(-1)));
      const exact = conjugate(
        diagonal((i) => {
          const [x, y] = lambda(i);
          return [Math.exp(x) * Math.cos(y), Math.exp(x) * Math.sin(y)];
        }),
      );
      expect(distance(matrix.exponential(conjugate(diagonal(lambda))), exact)).toBeLessThan(2e-14);
    }
  });

  it("of the algebra lands in the group, and exp(-P) is its inverse", () => {
    for (const n of sizes) {
      const p = tracelessAntiHermitian(random(n, 2));
      const u = matrix.exponential(p);
      expect(matrix.unitarityDefect(u, n > 1)).toBeLessThan(1e-14);
      expect(distance(multiply(u, matrix.exponential(scale(p, -1))), matrix.identity(n))).toBeLessThan(1e-14);
    }
    expect(distance(matrix.exponential(matrix.zero(3)), matrix.identity(3))).toBe(0);
    expect(() => matrix.exponential(Float64Array.of(Number.NaN, 0))).toThrow(/not finite/);
  });
});

describe("the algebra (gauge.md 1.3)", () => {
  it("generators are Hermitian, traceless, normalised to tr = 2, in the usual order", () => {
    for (const n of [2, 3, 4, 6]) {
      const lambdas = generators(n);
      expect(lambdas.length).toBe(n * n - 1);
      lambdas.forEach((a, i) => {
        expect(distance(a, matrix.dagger(a))).toBe(0);
        expect(Math.hypot(...matrix.trace(a))).toBeLessThan(1e-15);
        lambdas.forEach((b, j) => {
          const [re, im] = matrix.trace(multiply(a, b));
          expect(re).toBeCloseTo(i === j ? 2 : 0, 14);
          expect(im).toBeCloseTo(0, 14);
        });
      });
    }
    expect([...generators(2)[1]!]).toEqual([0, 0, 0, -1, 0, 1, 0, 0]); // sigma_2
    const gellMann5 = matrix.fromEntries(3, (i, j) => [0, i === 0 && j === 2 ? -1 : i === 2 && j === 0 ? 1 : 0]);
    expect(distance(generators(3)[4]!, gellMann5)).toBe(0);
    expect(matrix.entry(generators(3)[7]!, 2, 2)[0]).toBeCloseTo(-2 / Math.sqrt(3), 15);
    expect(matrix.entry(generators(4)[3]!, 0, 2)).toEqual([0, -1]); // pairs 01, 02: x y x y
    expect(matrix.entry(generators(4)[14]!, 3, 3)[0]).toBeCloseTo(-3 / Math.sqrt(6), 15);
    expect([...generators(1)[0]!]).toEqual([2, 0]);
  });

  it("coordinates and matrices go there and back", () => {
    for (const n of [2, 3, 4, 5]) {
      const x = random(n, 3);
      const ta = tracelessAntiHermitian(x);
      expect(distance(fromCoordinates(n, coordinates(x)), ta)).toBeLessThan(1e-14);
      expect(distance(tracelessAntiHermitian(ta), ta)).toBeLessThan(1e-15);
      const p = coordinates(random(n, 4));
      const momentum = fromCoordinates(n, p);
      // K = (1/2) sum p_a^2 = -tr P^2
      const half = p.reduce((s, v) => s + (v * v) / 2, 0);
      expect(-matrix.trace(multiply(momentum, momentum))[0]).toBeCloseTo(half, 11);
    }
    // U(1): P = i p, TA(x) = i Im x, c = 2 Im x
    expect([...fromCoordinates(1, [0.7])]).toEqual([0, 0.7]);
    expect([...tracelessAntiHermitian(Float64Array.of(3, 0.4))]).toEqual([0, 0.4]);
    expect([...coordinates(Float64Array.of(3, 0.4))]).toEqual([0.8]);
    expect(() => fromCoordinates(3, [1, 2])).toThrow(/expected 8/);
  });

  it("(1/2) c_a(U delta) is the derivative of Re tr(delta U) along exp(i s lambda_a/2) U", () => {
    for (const n of sizes) {
      const u = haar(n, 1);
      const delta = random(n, 5);
      const h = 1e-4;
      const c = coordinates(multiply(u, delta));
      generators(n).forEach((lambda, a) => {
        const value = (s: number) =>
          matrix.trace(multiply(delta, multiply(matrix.exponential(scale(lambda, 0, s / 2)), u)))[0];
        expect(-(value(h) - value(-h)) / (2 * h)).toBeCloseTo(c[a]! / 2, 6);
      });
    }
  });
});

function haar(n: number, site: number): matrix.Matrix {
  return matrix.haarRandom(n, n > 1, addressedRng("haar").at("links", n, site));
}

describe("Haar-random matrices", () => {
  it("are in the group to rounding, for U(N) too", () => {
    for (const n of [1, 2, 3, 4, 8, 16])
      for (let k = 0; k < 20; k++) expect(matrix.unitarityDefect(haar(n, k), n > 1)).toBeLessThan(5e-15);
    const u = matrix.haarRandom(3, false, addressedRng("haar").at("u3", 0));
    expect(matrix.unitarityDefect(u)).toBeLessThan(5e-15);
    expect(Math.abs(matrix.determinant(u)[1])).toBeGreaterThan(1e-3);
  });

  // Fixed seeds; each test would reject exact Haar numbers for about 1 seed in 10^4 (3.9 sigma, p > 1e-4).
  it("have the moments <tr U> = 0, <|tr U|^2> = 1, <|tr U|^4> = 2", () => {
    const draws = 8000;
    /** Standard deviations of the three moments from Haar's. */
    const pulls = (n: number, draw: (k: number) => matrix.Matrix) => {
      const traces = Array.from({ length: draws }, (_, k) => matrix.trace(draw(k)));
      const mean = (f: (re: number, im: number) => number) => traces.reduce((s, t) => s + f(...t), 0) / draws;
      // the variance of |tr|^4 is <|tr|^8> - 4, where <|tr|^8> = 14, 23, 24 for N = 2, 3, 4
      const eighth = { 2: 14, 3: 23, 4: 24 }[n] ?? Number.NaN;
      return [
        mean((re) => re) * Math.sqrt(n === 2 ? draws : 2 * draws),
        (mean((re, im) => re * re + im * im) - 1) * Math.sqrt(draws),
        (mean((re, im) => (re * re + im * im) ** 2) - 2) * Math.sqrt(draws / (eighth - 4)),
      ].map(Math.abs);
    };
    for (const n of [2, 3, 4]) {
      for (const pull of pulls(n, (k) => haar(n, k))) expect(pull).toBeLessThan(3.9);
      // exponentials of a Gaussian in the algebra are random elements, but not Haar's: the test sees it
      if (n > 2) continue;
      const other = pulls(n, (k) => matrix.exponential(tracelessAntiHermitian(random(n, k))));
      expect(Math.max(...other)).toBeGreaterThan(3.9);
    }
  });

  it("SU(2) traces follow the semicircle, and U(1) angles are uniform", () => {
    const draws = 8000;
    const worst = (numbers: Float64Array, cdf: (x: number) => number) => {
      let d = 0;
      numbers.toSorted().forEach((x, i) => {
        d = Math.max(d, cdf(x) - i / draws, (i + 1) / draws - cdf(x));
      });
      return kolmogorovQ(d * Math.sqrt(draws));
    };
    const a0 = Float64Array.from({ length: draws }, (_, k) => haar(2, k)[0]!);
    const semicircle = (x: number) => 0.5 + (x * Math.sqrt(1 - x * x) + Math.asin(x)) / Math.PI;
    expect(worst(a0, semicircle)).toBeGreaterThan(1e-4);
    const phase = Float64Array.from({ length: draws }, (_, k) => Math.atan2(haar(1, k)[1]!, haar(1, k)[0]!));
    expect(worst(phase, (x) => 0.5 + x / (2 * Math.PI))).toBeGreaterThan(1e-4);
  });
});
