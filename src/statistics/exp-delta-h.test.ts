import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/index.ts";
import { acceptance, expDeltaH, expectedAcceptance } from "./exp-delta-h.ts";

/** deltaH of an exact update: normal with mean m and variance 2 m, and the decisions min(1, exp(-deltaH)). */
function metropolis(n: number, m: number, chain: number) {
  const s = addressedRng("delta-h", chain).at("x", 0);
  const deltaH = Float64Array.from({ length: n }, () => m + Math.sqrt(2 * m) * s.normal());
  return { deltaH, accepted: Array.from(deltaH, (x) => s.uniform() < Math.exp(-x)) };
}

describe("exp(-deltaH)", () => {
  it("is 1 for a normal deltaH of variance twice its mean: honest pulls, and a shifted deltaH is seen", () => {
    // mean square of 200 pulls: 1 within 0.1 per deviation
    const pulls = Array.from({ length: 200 }, (_, k) => expDeltaH([metropolis(500, 0.1, k).deltaH]).pull ?? Number.NaN);
    const square = pulls.reduce((s, p) => s + p * p, 0) / 200;
    expect(square).toBeGreaterThan(0.65);
    expect(square).toBeLessThan(1.5);
    const wrong = expDeltaH([metropolis(5000, 0.1, 0).deltaH.map((x) => x + 0.05)]);
    expect(Math.abs(wrong.pull ?? 0)).toBeGreaterThan(5);
  });

  it("is exact for deltaH = 0, and refused with too few trajectories", () => {
    expect(expDeltaH([new Float64Array(20)]).pull).toBe(0);
    expect(expDeltaH([new Float64Array(20).fill(0.1)]).pull).toBe(Number.NEGATIVE_INFINITY);
    const short = expDeltaH([[0.1, 0.2]]);
    expect(short.estimate.refused).toBe(true);
    expect(short.pull).toBeUndefined();
  });
});

describe("acceptance", () => {
  it("agrees with the expected one within its errors", () => {
    for (const m of [0.02, 0.3, 2]) {
      const { accepted, deltaH } = metropolis(20_000, m, 3);
      const a = acceptance([accepted]);
      expect(Math.abs(a.rate - expectedAcceptance(m)) / a.binomialError).toBeLessThan(3.9);
      const mean = deltaH.reduce((s, x) => s + x, 0) / deltaH.length;
      expect(expectedAcceptance(mean)).toBeCloseTo(expectedAcceptance(m), 1);
      // independent decisions: both errors are the same
      if (a.estimate.refused) throw new Error(a.estimate.reason);
      expect(a.estimate.error / a.binomialError).toBeCloseTo(1, 1);
      expect(a.estimate.mean).toBeCloseTo(a.rate, 14);
    }
  });

  it("is 1 for deltaH <= 0 on average, and keeps an error where everything was accepted", () => {
    expect(expectedAcceptance(0)).toBe(1);
    expect(expectedAcceptance(-0.1)).toBe(1);
    expect(expectedAcceptance(4)).toBeCloseTo(0.15729920705028513, 14); // erfc(1)
    const all = acceptance([
      [1, 1, 1],
      [true, true],
    ]);
    expect(all.rate).toBe(1);
    expect(all.binomialError).toBeCloseTo(Math.sqrt(((6 / 7) * (1 / 7)) / 8), 14);
    expect(all.estimate.refused).toBe(true);
    expect(all.n).toBe(5);
  });
});
