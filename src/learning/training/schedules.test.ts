import { describe, expect, it } from "vitest";
import { clip, normOf } from "./gradient.ts";
import { fullSchedule, scheduleNames, scheduleOf, scheduleSchema } from "./schedules.ts";

const at = (given: Parameters<typeof scheduleOf>[0], steps: readonly number[], all = 100) =>
  steps.map(scheduleOf(scheduleSchema.parse(given), all));

describe("schedules", () => {
  it("have the values of their formulas", () => {
    expect(at("constant", [0, 99])).toEqual([1, 1]);
    expect(at("step", [0, 24, 25, 50, 99])).toEqual([1, 1, 0.5, 0.25, 0.125]);
    expect(at({ name: "exponential", final: 0.01, "warm-up": 0 }, [0, 50, 100])).toEqual([1, 0.1, 0.01]);
    const cosine = at("cosine", [0, 50, 100]);
    expect(cosine[0]).toBe(1);
    expect(cosine[1]).toBeCloseTo(0.5, 14);
    expect(cosine[2]).toBeCloseTo(0, 14);
    expect(at({ name: "cosine", final: 0.2, "warm-up": 0 }, [100])[0]).toBeCloseTo(0.2, 14);
    expect(at("inverse", [0, 10, 30])).toEqual([1, 0.5, 0.25]);
  });
  it("warm up linearly, and then have the rest of the steps", () => {
    expect(at({ name: "constant", "warm-up": 4 }, [0, 1, 2, 3, 4])).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(at({ name: "exponential", final: 0.01, "warm-up": 20 }, [20, 60, 100])).toEqual([1, 0.1, 0.01]);
  });
  it("never rise after the warm-up, nor leave (0, 1] before the end", () => {
    for (const name of scheduleNames) {
      const factors = at(name, [...Array(100).keys()]);
      factors.slice(1).forEach((f, i) => expect(f).toBeLessThanOrEqual(factors[i]!));
      expect(Math.min(...factors)).toBeGreaterThan(0);
      expect(Math.max(...factors)).toBe(1);
    }
  });
  it("are written out with every number, which changes nothing when read again", () => {
    for (const name of scheduleNames) {
      const full = fullSchedule(name, 1000);
      expect(fullSchedule(full, 7)).toEqual(full);
      expect(scheduleSchema.parse(full)).toEqual(full);
    }
    expect(fullSchedule("step", 1000)).toEqual({ name: "step", "warm-up": 0, every: 250, factor: 0.5 });
  });
});

describe("gradients", () => {
  it("are shortened to the limit, in their direction", () => {
    const g = Float64Array.of(3, -4);
    const out = new Float64Array(2);
    expect(clip(g, normOf(g), 1, out)).toBe(true);
    expect(normOf(out)).toBeCloseTo(1, 15);
    expect(out[0]! / out[1]!).toBeCloseTo(-0.75, 15);
    expect([...g]).toEqual([3, -4]);
  });
  it("stay as they are within the limit, and without one", () => {
    const out = new Float64Array(2);
    for (const limit of [5, 0]) {
      expect(clip(Float64Array.of(3, -4), 5, limit, out)).toBe(false);
      expect([...out]).toEqual([3, -4]);
    }
  });
  it("that overflow count as infinite", () => {
    expect(normOf(Float64Array.of(1e200, 1))).toBe(Infinity);
    expect(normOf(Float64Array.of(1, Number.NaN))).toBeNaN();
  });
});
