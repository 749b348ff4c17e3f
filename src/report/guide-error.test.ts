import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/addressed-random.ts";
import type { Stepped } from "../storage/run-directory/record.ts";
import { guideErrors, guideMseOf } from "./guide-error.ts";

/**
 * A made-up independence sampler: d is normal of variance mse where the effective action lives, about +mse/2, and of the same
 * variance about -mse/2 under the target.
 */
function sampled(mse: number, n: number, seed: string): Stepped[] {
  const rng = addressedRng(seed);
  let present = -mse / 2;
  return Array.from({ length: n }, (_, i) => {
    const proposed = mse / 2 + Math.sqrt(mse) * rng.at("d", i).normal();
    const deltaH = proposed - present;
    const accepted = rng.at("decision", i).uniform() < Math.exp(-deltaH);
    if (accepted) present = proposed;
    return { type: "stepped", phase: "production", chain: 0, time: i, trajectory: i, seconds: 0, accepted, deltaH };
  });
}

describe("the error of a guide", () => {
  it("follows the decisions", () => {
    const decisions = [
      { accepted: true, deltaH: 0.5 },
      { accepted: false, deltaH: 3 },
      { accepted: true, deltaH: -1 },
      {},
      { accepted: false, deltaH: Number.POSITIVE_INFINITY },
    ];
    expect(guideErrors(decisions)).toEqual([0.5, 0.5, -0.5, -0.5, -0.5]);
  });
  it("has the mean square that the proposals were made with, of two replicas with constants of their own", () => {
    const found = guideMseOf([sampled(0.3, 6000, "a"), sampled(0.3, 6000, "b")])!;
    expect(found.refused).toBe(false);
    if (found.refused) return;
    // 4 standard deviations
    expect(Math.abs(found.mean - 0.3)).toBeLessThan(4 * found.error);
    expect(found.error).toBeLessThan(0.03);
  });
  it("is not there where nothing is decided", () => {
    const sweeps = sampled(0.3, 10, "c").map(({ accepted: _, deltaH: __, ...rest }) => rest);
    expect(guideMseOf([sweeps])).toBeUndefined();
  });
});
