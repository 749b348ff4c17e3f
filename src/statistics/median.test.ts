import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/index.ts";
import { median, medianWithError } from "./median.ts";

describe("the median", () => {
  it("is the middle value, or between the two in the middle", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
    // sorted as numbers, and what was given stays as it was
    const given = [10, 9, 100];
    expect(median(given)).toBe(10);
    expect(given).toEqual([10, 9, 100]);
  });

  it("has no error below ten values", () => {
    expect(medianWithError([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ median: 5 });
    expect(medianWithError([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).error).toBeGreaterThan(0);
  });

  it("has the error that its own scatter shows", () => {
    const rng = addressedRng("median");
    const n = 400;
    const repeats = Array.from({ length: 200 }, (_, r) =>
      medianWithError(Array.from({ length: n }, (_, i) => rng.at("draw", r, i).normal())),
    );
    const scatter = Math.sqrt(repeats.reduce((sum, one) => sum + one.median ** 2, 0) / repeats.length);
    const mean = repeats.reduce((sum, one) => sum + one.error!, 0) / repeats.length;
    // sqrt(pi/2n) for normal draws; 200 repetitions know a scatter to 5 %, medians of blocks of 25 have it to 2 %
    expect(scatter / Math.sqrt(Math.PI / (2 * n))).toBeGreaterThan(0.85);
    expect(scatter / Math.sqrt(Math.PI / (2 * n))).toBeLessThan(1.15);
    expect(mean / scatter).toBeGreaterThan(0.85);
    expect(mean / scatter).toBeLessThan(1.15);
  });

  it("does not hear of a few values that are far out, but of a drift", () => {
    const still = Array.from({ length: 160 }, (_, i) => 1 + 0.01 * (i % 2));
    const hiccups = still.map((x, i) => (i % 50 === 7 ? 100 : x));
    expect(medianWithError(hiccups).median).toBeCloseTo(1.005, 1);
    expect(medianWithError(hiccups).error).toBeLessThan(0.01);
    const drifting = still.map((x, i) => x + i / 160);
    expect(medianWithError(drifting).error).toBeGreaterThan(0.05);
  });
});
