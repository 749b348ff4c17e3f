import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/addressed-random.ts";
import { powerLaw } from "./power-law.ts";

const law = (x: number) => (7.1 / x) ** 1.1;

describe("a power law", () => {
  it("is found through points that lie on it", () => {
    const { exponent, scale, exponentError } = powerLaw([44, 65, 86, 128].map((x) => ({ x, y: law(x) })))!;
    expect(exponent).toBeCloseTo(1.1, 12);
    expect(scale).toBeCloseTo(7.1, 10);
    expect(exponentError!).toBeLessThan(1e-12);
  });
  it("has errors that the scatter of fits confirms", () => {
    const rng = addressedRng("power law");
    const pulls = Array.from({ length: 300 }, (_, k) => {
      const stream = rng.at("noise", k);
      const points = [30, 44, 65, 86, 107, 128, 200].map((x) => ({ x, y: law(x) * Math.exp(0.1 * stream.normal()) }));
      const fit = powerLaw(points)!;
      return [(fit.exponent - 1.1) / fit.exponentError!, (fit.scale - 7.1) / fit.scaleError!];
    });
    // Student with 5 degrees of freedom: mean square 5/3, with a standard deviation of 0.24 over 300; 4 sigma
    for (const i of [0, 1]) {
      const square = pulls.reduce((sum, pull) => sum + pull[i]! ** 2, 0) / pulls.length;
      expect(Math.abs(square - 5 / 3)).toBeLessThan(1);
    }
  });
  it("has no errors from two points, and is none of one or of what is not positive", () => {
    expect(powerLaw([{ x: 1, y: 1 }, { x: 2, y: 0.5 }])).toEqual({ exponent: 1, scale: 1, points: 2 }); // biome-ignore format: short
    expect(powerLaw([{ x: 1, y: 1 }])).toBeUndefined();
    expect(powerLaw([{ x: 1, y: -1 }, { x: 2, y: 0.5 }])).toBeUndefined(); // biome-ignore format: short
  });
});
