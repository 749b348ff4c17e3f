import { describe, expect, test } from "vitest";
import { su2TorusPlaquette2d, u1TorusPlaquette2d } from "../numerics/exact-2d.ts";
import { ksTest } from "../statistics/ks.ts";
import { exactDraws, onePlaquette, plaquetteLaw, targets, valuesOf } from "./update-targets.contract.ts";

/** Fixed seeds; with others each line would fail once in 10^4 (means at 4 sigma, p below 1e-4). */
describe.each(["su2", "u1", "su2Odd"] as const)("exact draws of the target %s", (key) => {
  const target = targets[key];
  const draws = exactDraws(target, 2000);
  const volume = target.extents[0] * target.extents[1];
  test("have the exact mean plaquette of the torus", () => {
    const exact = (target.group === "U(1)" ? u1TorusPlaquette2d : su2TorusPlaquette2d)(target.beta, volume);
    const values = draws.map((draw) => valuesOf(draw)[0]!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const sigma = Math.sqrt(values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length / (values.length - 1));
    expect(Math.abs(mean - exact) / sigma).toBeLessThan(4);
    expect(sigma).toBeLessThan(0.01);
  });
  test("have the exact law of one plaquette, and no other", () => {
    expect(ksTest(draws.map(onePlaquette), plaquetteLaw(target)!).pValue).toBeGreaterThan(1e-4);
    const wrong = plaquetteLaw({ ...target, beta: 1.3 * target.beta })!;
    expect(ksTest(draws.map(onePlaquette), wrong).pValue).toBeLessThan(1e-8);
  });
});
