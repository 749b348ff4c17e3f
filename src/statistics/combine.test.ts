import { describe, expect, it } from "vitest";
import { combine, pull } from "./combine.ts";
import { formatWithError } from "./format-error.ts";

describe("combine", () => {
  it("weights by 1/error^2 and says whether the estimates agree", () => {
    const c = combine([
      { mean: 1, error: 1 },
      { mean: 4, error: 2 },
    ]);
    expect(c.mean).toBeCloseTo(1.6, 14);
    expect(c.error).toBeCloseTo(Math.sqrt(0.8), 14);
    expect(c.chiSquared).toBeCloseTo(0.36 + 1.44, 14);
    expect(c.q).toBeCloseTo(0.17971249487899976, 10);
    expect(combine([{ mean: 3, error: 0.1 }])).toMatchObject({ mean: 3, error: 0.1, chiSquared: 0, q: 1 });
    expect(() => combine([])).toThrow(/nothing/);
    expect(() => combine([{ mean: 1, error: 0 }])).toThrow(/above 0/);
  });

  it("pull counts standard deviations, from a number or from another estimate", () => {
    expect(pull({ mean: 5, error: 3 }, { mean: 0, error: 4 })).toBe(1);
    expect(pull({ mean: 5, error: 2 }, 9)).toBe(-2);
    expect(pull({ mean: 5, error: 0 }, 5)).toBe(0);
    expect(pull({ mean: 6, error: 0 }, 5)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("formatWithError", () => {
  const cases: [number, number, string][] = [
    [0.594217, 0.00008, "0.59422(8)"],
    [0.594217, 0.000123, "0.59422(12)"],
    [0.594217, 0.000354, "0.59422(35)"],
    [0.594217, 0.000356, "0.5942(4)"],
    [0.594217, 0.000949, "0.5942(9)"],
    [0.594217, 0.000951, "0.5942(10)"],
    [0.594217, 0.00996, "0.594(10)"],
    [-0.02, 0.004, "-0.020(4)"],
    [0, 0.05, "0.00(5)"],
    [12.34, 1.42, "12.3(1.4)"],
    [12.34, 0.98, "12.3(1.0)"],
    [12.34, 4.2, "12(4)"],
    [123.4, 12.3, "123(12)"],
    [12345, 12, "12345(12)"],
    [12345, 120, "1.234(12)e4"],
    [1.5234e-7, 3e-9, "1.523(30)e-7"],
    [1.5234e-7, 4e-9, "1.52(4)e-7"],
    [3e7, 5e6, "3.0(5)e7"],
    [0.001, 0.2, "0.00(20)"],
    [0.5, 0, "0.5(0)"],
    [0.5, Number.NaN, "0.5(?)"],
    [Number.NaN, 1, "NaN"],
  ];
  for (const [value, error, text] of cases)
    it(`${value} ± ${error} is ${text}`, () => expect(formatWithError(value, error)).toBe(text));

  it("rounding moves value and error by less than 15 % of the error", () => {
    for (let e = -6; e < 3; e++)
      for (const m of [1, 1.7, 3.49, 3.6, 7.77, 9.49]) {
        const error = m * 10 ** e;
        const text = formatWithError(31.41592653589793, error);
        const match = /^([\d.]+)\(([\d.]+)\)(?:e(\d+))?$/.exec(text);
        const scale = 10 ** Number(match?.[3] ?? 0);
        const decimals = match?.[1]?.split(".")[1]?.length ?? 0;
        const shown = match?.[2]?.includes(".") ? Number(match[2]) : Number(match?.[2]) * 10 ** -decimals;
        expect(Math.abs(shown * scale - error), text).toBeLessThan(0.15 * error);
        expect(Math.abs(Number(match?.[1]) * scale - 31.41592653589793), text).toBeLessThan(0.15 * error);
      }
  });
});
