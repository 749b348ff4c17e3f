import { describe, expect, it } from "vitest";
import { brent } from "./roots.ts";

describe("brent", () => {
  it("finds roots to double precision in few evaluations", () => {
    let evaluations = 0;
    const count = (f: (x: number) => number) => (x: number) => {
      evaluations++;
      return f(x);
    };
    expect(
      brent(
        count((x) => Math.cos(x) - x),
        0,
        1,
      ),
    ).toBeCloseTo(0.7390851332151607, 15);
    expect(evaluations).toBeLessThan(12);
    expect(brent((x) => x * x * x - 2, 0, 2)).toBeCloseTo(Math.cbrt(2), 15);
    expect(brent((x) => Math.exp(x) - 1e-8, -50, 10)).toBeCloseTo(Math.log(1e-8), 12);
    expect(brent((x) => x - 3, 7, -2)).toBe(3); // a > b
    expect(brent((x) => x, 0, 1)).toBe(0); // a root at the end
  });

  it("stays in the bracket and converges where secants fail", () => {
    expect(brent((x) => Math.sign(x - 0.3) * Math.abs(x - 0.3) ** 9, -1, 4, { tolerance: 1e-10 })).toBeCloseTo(0.3, 8);
    expect(brent((x) => (x < 0.123 ? -1 : 1e6), 0, 1)).toBeCloseTo(0.123, 12); // a jump
    for (let k = 1; k < 40; k++) expect(brent((x) => x ** k - 0.5, 0, 1.5)).toBeCloseTo(0.5 ** (1 / k), 13);
  });

  it("honours the tolerance, and says when there is no bracket or no end", () => {
    expect(Math.abs(brent((x) => x * x - 2, 0, 2, { tolerance: 1e-3 }) - Math.SQRT2)).toBeLessThan(1e-3);
    expect(() => brent((x) => x * x + 1, -1, 1)).toThrow(/not bracketed/);
    expect(() => brent((x) => x ** 3 - 0.1, -1, 1, { maxIterations: 2 })).toThrow(/not found/);
    expect(() => brent(() => Number.NaN, -1, 1)).toThrow(/not bracketed/);
  });
});
