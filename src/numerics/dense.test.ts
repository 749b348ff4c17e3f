import { describe, expect, it } from "vitest";
import { determinant, distance, identity, multiply } from "./complex-matrix.ts";
import { diagonalMatrix, gaussian } from "./dense.contract.ts";
import { inverseOf, logDeterminantOf, luDecompose, solve } from "./dense.ts";

describe("dense complex matrices", () => {
  // around one and two panels of the blocked elimination, odd and even
  const sizes = [1, 2, 3, 47, 48, 49, 96, 97, 131];

  it("have the determinant of plain elimination", () => {
    for (const n of sizes) {
      const a = gaussian(n, "determinant").map((x) => x / Math.sqrt(n));
      const [re, im] = determinant(a);
      const { logModulus, phase } = logDeterminantOf(a);
      expect(logModulus).toBeCloseTo(Math.log(Math.hypot(re, im)), 10);
      expect(Math.abs(Math.sin(phase - Math.atan2(im, re)))).toBeLessThan(1e-10);
      expect(Math.cos(phase - Math.atan2(im, re))).toBeGreaterThan(0.9);
      expect(Math.abs(phase)).toBeLessThanOrEqual(Math.PI);
    }
  });

  it("keep the sign of row exchanges, and survive determinants beyond the doubles", () => {
    const swapped = Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0);
    expect(logDeterminantOf(swapped)).toEqual({ logModulus: 0, phase: Math.PI });
    const huge = diagonalMatrix(Array.from({ length: 60 }, () => [0, 1e20]));
    const { logModulus, phase } = logDeterminantOf(huge);
    expect(logModulus).toBeCloseTo(1200 * Math.LN10, 9);
    expect(phase).toBeCloseTo(0, 10);
  });

  it("solve linear systems, one or several right-hand sides, and have an inverse", () => {
    for (const n of sizes) {
      const a = gaussian(n, "solve");
      const lu = luDecompose(a);
      const x = gaussian(n, "solution");
      const b = multiply(a, x);
      expect(distance(solve(lu, b, n), x)).toBeLessThan(1e-9);
      expect(distance(multiply(a, inverseOf(lu)), identity(n))).toBeLessThan(1e-10);
      // the first column alone
      const column = Float64Array.from({ length: 2 * n }, (_, k) => b[2 * (k >> 1) * n + (k & 1)]!);
      solve(a, column).forEach((y, k) => {
        expect(Math.abs(y - x[2 * (k >> 1) * n + (k & 1)]!)).toBeLessThan(1e-9);
      });
      if (n > 60) break;
    }
  });

  it("that are singular have no inverse, and say so", () => {
    const n = 50;
    const a = gaussian(n, "singular");
    a.copyWithin(0, 2 * n, 4 * n);
    const twoRows = Float64Array.of(1, 0, 2, 0, 2, 0, 4, 0);
    expect(logDeterminantOf(twoRows)).toEqual({ logModulus: Number.NEGATIVE_INFINITY, phase: 0 });
    expect(() => inverseOf(twoRows)).toThrow(/singular/);
    expect(logDeterminantOf(a).logModulus).toBeLessThan(logDeterminantOf(gaussian(n, "singular")).logModulus - 20);
    expect(() => solve(twoRows, new Float64Array(6))).toThrow(/right-hand side/);
    expect(() => luDecompose(Float64Array.of(1, 0, 0, Number.NaN, 0, 0, 1, 0))).toThrow(/entry \(0, 1\)/);
  });
});
