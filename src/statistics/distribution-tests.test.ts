import { describe, expect, it } from "vitest";
import { addressedRng, normalCdf } from "../numerics/index.ts";
import { chiSquaredTest, chiSquaredTwoSamples } from "./chi-squared.ts";
import { ksTest, ksTestTwoSamples } from "./ks.ts";

const stream = (k: number) => addressedRng("distribution-tests", k).at("x", 0);
const normals = (n: number, k: number, shift = 0) => {
  const s = stream(k);
  return Float64Array.from({ length: n }, () => s.normal() + shift);
};

/** Fraction of p-values below 0.1 among many, and their mean: 0.1 and 0.5 for an honest continuous test. */
function honesty(pValues: readonly number[]) {
  return {
    low: pValues.filter((p) => p < 0.1).length / pValues.length,
    mean: pValues.reduce((s, p) => s + p, 0) / pValues.length,
  };
}

describe("Kolmogorov-Smirnov", () => {
  it("distances by hand", () => {
    expect(ksTest([0.2, 0.5, 0.9], (x) => x).distance).toBeCloseTo(0.9 - 2 / 3, 14);
    expect(ksTestTwoSamples([1, 2, 3, 4], [2.5, 3.5, 4.5, 5.5]).distance).toBe(0.5);
    expect(ksTestTwoSamples([1, 2, 3], [1, 2, 3])).toEqual({ distance: 0, pValue: 1 });
    expect(() => ksTest([1, Number.NaN], (x) => x)).toThrow(/finite/);
  });

  // 500 p-values: the fraction below 0.1 is 0.1 within 0.013 per deviation, the mean 0.5 within 0.013
  it("one sample: p-values are uniform, also for small samples, and a shift is seen", () => {
    for (const n of [10, 200]) {
      const { low, mean } = honesty(Array.from({ length: 500 }, (_, k) => ksTest(normals(n, k), normalCdf).pValue));
      expect(Math.abs(low - 0.1)).toBeLessThan(0.053);
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.053);
    }
    expect(ksTest(normals(500, 0, 0.3), normalCdf).pValue).toBeLessThan(1e-4);
  });

  it("two samples", () => {
    const p = Array.from(
      { length: 500 },
      (_, k) => ksTestTwoSamples(normals(150, 2 * k), normals(90, 2 * k + 1)).pValue,
    );
    const { low, mean } = honesty(p);
    expect(Math.abs(low - 0.1)).toBeLessThan(0.053);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.07); // the distance is discrete
    expect(ksTestTwoSamples(normals(500, 0), normals(500, 1, 0.4)).pValue).toBeLessThan(1e-4);
  });
});

describe("chi-squared", () => {
  const p = [0.1, 0.2, 0.3, 0.25, 0.15];
  const draw = (n: number, k: number, weights = p) => {
    const s = stream(k);
    const counts = new Float64Array(weights.length);
    for (let i = 0; i < n; i++) {
      let u = s.uniform();
      let b = 0;
      while (b < weights.length - 1 && u >= weights[b]!) u -= weights[b++]!;
      counts[b]!++;
    }
    return counts;
  };

  it("by hand", () => {
    // (60 - 50)^2/50 + (40 - 50)^2/50 = 4 with 1 degree of freedom: 0.0455
    const { chiSquared, dof, pValue } = chiSquaredTest([60, 40], [0.5, 0.5]);
    expect([chiSquared, dof]).toEqual([4, 1]);
    expect(pValue).toBeCloseTo(0.04550026389635842, 12);
    expect(() => chiSquaredTest([1, 2], [0.5, 0.6])).toThrow(/sum 1/);
    expect(() => chiSquaredTest([1, 2], [0.5, 0.5])).toThrow(/two bins/);
  });

  it("merges neighbouring bins that hold little", () => {
    expect(chiSquaredTest([50, 48, 1, 0, 1], [0.5, 0.47, 0.01, 0.01, 0.01]).dof).toBe(1);
    expect(chiSquaredTest([1, 1, 48, 50], [0.01, 0.04, 0.45, 0.5]).dof).toBe(2);
    expect(chiSquaredTwoSamples([100, 100, 0, 1], [120, 80, 1, 0]).dof).toBe(1);
  });

  it("p-values are uniform for one sample and for two, and a wrong weight is seen", () => {
    const one = honesty(Array.from({ length: 500 }, (_, k) => chiSquaredTest(draw(300, k), p).pValue));
    const two = honesty(
      Array.from({ length: 500 }, (_, k) => chiSquaredTwoSamples(draw(300, 2 * k), draw(500, 2 * k + 1)).pValue),
    );
    for (const { low, mean } of [one, two]) {
      expect(Math.abs(low - 0.1)).toBeLessThan(0.053);
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.053);
    }
    const other = [0.15, 0.15, 0.3, 0.25, 0.15];
    expect(chiSquaredTest(draw(3000, 0, other), p).pValue).toBeLessThan(1e-4);
    expect(chiSquaredTwoSamples(draw(3000, 0, other), draw(3000, 1)).pValue).toBeLessThan(1e-4);
  });
});
