import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/index.ts";
import { runningMean } from "./running.ts";

function run(n: number, tau: number, chain: number) {
  const a = (2 * tau - 1) / (2 * tau + 1);
  const s = addressedRng("running", chain).at("ar1", 0);
  const running = runningMean();
  let x = s.normal();
  for (let i = 0; i < n; i++) {
    running.push(10 + x);
    x = a * x + Math.sqrt(1 - a * a) * s.normal();
  }
  return running.estimate();
}

describe("running mean", () => {
  it("is the mean, and has no error before 16 values", () => {
    const running = runningMean();
    expect(running.estimate()).toEqual({ n: 0, mean: Number.NaN });
    for (let i = 1; i <= 15; i++) running.push(i);
    expect(running.estimate()).toEqual({ n: 15, mean: 8 });
    running.push(16);
    expect(running.estimate().mean).toBe(8.5);
    expect(running.estimate().error).toBeGreaterThan(0);
  });

  it("constant data have error 0", () => {
    const running = runningMean();
    for (let i = 0; i < 100; i++) running.push(0.1);
    expect(running.estimate()).toMatchObject({ mean: 0.1, error: 0, tauInt: 0.5 });
  });

  for (const tau of [0.5, 3, 10]) {
    it(`tau_int = ${tau}: the pulls are those of errors good to a quarter`, () => {
      // mean square of 200 pulls: 1 within 0.1 per deviation, blocking adds its own scatter
      const estimates = Array.from({ length: 200 }, (_, k) => run(4000, tau, k));
      const square = (f: (e: (typeof estimates)[number]) => number) =>
        estimates.reduce((s, e) => s + ((e.mean - 10) / f(e)) ** 2, 0) / 200;
      expect(square((e) => e.error!)).toBeGreaterThan(0.6);
      expect(square((e) => e.error!)).toBeLessThan(1.6);
      // the naive error fails where there is autocorrelation
      if (tau > 1) expect(square((e) => e.error! / Math.sqrt(2 * e.tauInt!))).toBeGreaterThan(1.6);
    });
  }
});
