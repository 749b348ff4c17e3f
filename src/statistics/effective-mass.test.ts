import { describe, expect, it } from "vitest";
import { addressedRng } from "../numerics/index.ts";
import type { Chains } from "./chains.ts";
import { coshMass, type EffectiveMass, effectiveMasses, logMass } from "./effective-mass.ts";
import type { Estimate, Estimated } from "./estimate.ts";

const accepted = (estimated: Estimated): Estimate => {
  if (estimated.refused) throw new Error(estimated.reason);
  return estimated;
};
const cosh = (m: number, t: number, extent: number) => Math.cosh(m * (t - extent / 2));

describe("effective masses of exact correlators", () => {
  it.each([8, 9, 64])("cosh inverts one state on %i times", (extent) => {
    for (const m of [1e-3, 0.05, 0.4, 1, 3])
      for (let t = 0; t + 1 <= extent / 2; t++)
        expect(Math.abs(coshMass(cosh(m, t, extent), cosh(m, t + 1, extent), t, extent) / m - 1)).toBeLessThan(
          1e-15 / m ** 2 + 1e-12, // the ratio of the correlator is 1 + O(m^2), known to 1e-16
        );
  });

  it("log is the same far from the middle only", () => {
    expect(logMass(Math.exp(-0.7), Math.exp(-1.4))).toBeCloseTo(0.7, 14);
    expect(logMass(cosh(0.4, 3, 8), cosh(0.4, 4, 8))).toBeLessThan(0.1);
    expect(logMass(cosh(0.4, 0, 64), cosh(0.4, 1, 64))).toBeCloseTo(0.4, 9);
  });

  it("there is none where the correlator rises or has changed sign", () => {
    expect(coshMass(1, 1.1, 0, 8)).toBeNaN();
    expect(coshMass(1, -0.5, 0, 8)).toBeNaN();
    expect(logMass(1, -0.5)).toBeNaN();
    expect(logMass(1, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

/** Chains of C(t) with one state of mass m and independent relative noise at every time, t and T - t apart. */
function noisy(m: number, extent: number, n: number, noise: number, seed: number): Chains[] {
  return Array.from({ length: extent }, (_, t) => {
    const stream = addressedRng("correlator", seed).at("noise", t);
    return [Float64Array.from({ length: n }, () => cosh(m, t, extent) * (1 + noise * stream.normal()))];
  });
}

describe("effective masses of noisy correlators", () => {
  const extent = 8;
  const mass = 0.5;

  it("have errors that cover the mass: the mean square of 200 pulls is 1", () => {
    const pulls = Array.from({ length: 200 }, (_, seed) => {
      const list = effectiveMasses(noisy(mass, extent, 200, 0.02, seed));
      expect(list.map(({ t }) => t)).toEqual([0, 1, 2, 3]);
      const { mean, error } = accepted(list[1]!.cosh);
      return ((mean - mass) / error) ** 2;
    });
    const square = pulls.reduce((sum, x) => sum + x, 0) / pulls.length;
    expect(square).toBeGreaterThan(0.65); // 0.1 is one standard deviation
    expect(square).toBeLessThan(1.4);
  });

  it("averages t and T - t, which halves the variance where they are independent", () => {
    const data = noisy(mass, extent, 4000, 0.02, 1);
    const { error } = accepted(effectiveMasses(data)[2]!.log);
    // ln(C(2)/C(3)): two relative errors 0.02/sqrt(4000), each over sqrt 2 by folding
    expect(error / (0.02 / Math.sqrt(4000))).toBeCloseTo(1, 1);
    const shifted = data.map((chains, t) => (t === 6 ? [Float64Array.from(chains[0]!, (x) => 1.2 * x)] : chains));
    const log = (list: EffectiveMass[]) => accepted(list[2]!.log).mean;
    expect(log(effectiveMasses(shifted)) - log(effectiveMasses(data))).toBeCloseTo(Math.log(1.1), 2);
  });

  it("refuse with a sentence where there is no mass", () => {
    const rising = noisy(mass, extent, 100, 0, 1).map((chains, t) =>
      t === 1 ? [new Float64Array(100).fill(1e3)] : chains,
    );
    expect(effectiveMasses(rising)[0]!.cosh).toMatchObject({
      refused: true,
      reason: expect.stringMatching(/no effective mass: C\(0\)\/C\(1\) is 0\.0\d+/),
    });
    expect(effectiveMasses(rising)[0]!.log.refused).toBe(false);
    expect(effectiveMasses([])).toEqual([]);
  });
});
