import { describe, expect, test } from "vitest";
import {
  compressedFrequencies,
  type FrequencyRule,
  frequenciesFor,
  plainFrequencies,
  ruleError,
} from "./frequencies.ts";

/** ln(cosh(beta b/2)/cosh(beta a/2)) twice, what the levels +-a turned into +-b do to ln W, by a rule. */
const pairMoved = ({ values, weights }: FrequencyRule, a: number, b: number) =>
  2 * values.reduce((sum, w, l) => sum + weights[l]! * Math.log((w * w + b * b) / (w * w + a * a)), 0);
const exact = (beta: number, a: number, b: number) =>
  2 * Math.log(Math.cosh((beta * b) / 2) / Math.cosh((beta * a) / 2));

describe.each([0.2, 1, 5, 20, 100])("beta = %d", (beta) => {
  const reach = 4.5;
  const rule = frequenciesFor(1 / beta, reach, 1e-10);

  test("the rule that is chosen keeps its promise, the one below does not", () => {
    expect(ruleError(rule, 1 / beta, reach)).toBeLessThan(1e-10);
    const count = rule.values.length;
    if (count > 2)
      expect(ruleError(compressedFrequencies(1 / beta, reach, count - 1), 1 / beta, reach)).toBeGreaterThan(1e-10);
  });

  test("weights and values are positive, the lowest those of Matsubara", () => {
    expect(rule.values.every((x, l) => x > 0 && (l === 0 || x > rule.values[l - 1]!))).toBe(true);
    expect(rule.weights.every((x) => x > 0)).toBe(true);
    expect((rule.values[0]! * beta) / Math.PI).toBeCloseTo(1, 3);
  });

  test("levels that move and keep the sum of squares", () => {
    // a^2 + b^2 stays: as Tr h^2 does when a spin turns
    for (const [a, b, angle] of [
      [0.3, 0.1, 0.4],
      [4, 1.5, 0.2],
      [2, 3.5, 1],
    ] as const) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const [d, e] = [Math.abs(a * c - b * s), Math.abs(a * s + b * c)];
      const found = pairMoved(rule, a, d) + pairMoved(rule, b, e);
      expect(Math.abs(found - exact(beta, a, d) - exact(beta, b, e))).toBeLessThan(4e-10);
    }
  });
});

test("the error falls exponentially with the number of frequencies, that of plain ones as its third power", () => {
  const compressed = [6, 8, 10].map((n) => ruleError(compressedFrequencies(0.05, 4.5, n), 0.05, 4.5));
  expect(compressed[1]! / compressed[0]!).toBeLessThan(1 / 100);
  expect(compressed[2]! / compressed[1]!).toBeLessThan(1 / 100);
  const plain = [400, 800].map((n) => ruleError(plainFrequencies(0.05, n), 0.05, 4.5));
  expect(plain[0]! / plain[1]!).toBeCloseTo(8, 0);
  expect(plain[1]!).toBeGreaterThan(1e-7);
});

test("an accuracy beyond the arithmetic is refused", () => {
  expect(() => frequenciesFor(5, 4.5, 1e-30)).toThrow(/take local = "diagonalise"/);
});
