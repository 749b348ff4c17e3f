import { expect, test } from "vitest";
import { crossing, derivative, scaleFromFlow } from "./scales.ts";

const grid = (count: number, step: number) => Array.from({ length: count }, (_, i) => i * step);

test("t0 and w0 of a known curve, to the order of the interpolation", () => {
  // t^2 E = t^2/(t + 2): reaches 0.3 at t = 0.15 + sqrt(0.6225); t d/dt of it is t^2 (t + 4)/(t + 2)^2
  const energy = (t: number) => 1 / (t + 2);
  const t0 = 0.15 + Math.sqrt(0.6225);
  const w = (t: number) => (t * t * (t + 4)) / (t + 2) ** 2;
  const errors = [0.1, 0.05].map((step) => {
    const times = grid(Math.round(2 / step), step);
    const found = scaleFromFlow(times, times.map(energy));
    return [Math.abs(found.t0! - t0), Math.abs(w(found.w0! ** 2) - 0.3)] as const;
  });
  expect(errors[0]![0]).toBeLessThan(1e-5);
  expect(errors[1]![0]).toBeLessThan(errors[0]![0] / 8);
  expect(errors[0]![1]).toBeLessThan(1e-4);
  expect(errors[1]![1]).toBeLessThan(errors[0]![1] / 6);
});

test("a curve that stays below has no scale", () => {
  const times = grid(10, 0.1);
  expect(
    scaleFromFlow(
      times,
      times.map(() => 0.01),
    ),
  ).toEqual({});
  expect(scaleFromFlow([], [])).toEqual({});
});

test("cubics are differentiated exactly, and so are two points", () => {
  const times = [0, 0.3, 0.5, 1.1, 1.2];
  derivative(
    times,
    times.map((t) => t ** 3 - 2 * t),
  ).forEach((slope, i) => expect(slope).toBeCloseTo(3 * times[i]! ** 2 - 2, 12));
  expect(derivative([1, 3], [2, 8])).toEqual([3, 3]);
});

test("crossings are exact for cubics on uneven times; the first upward one counts", () => {
  const times = [0, 0.1, 0.25, 0.3, 0.55, 0.7, 1];
  const cubic = (t: number) => 0.1 + 0.5 * t - 0.2 * t ** 2 + 0.7 * t ** 3;
  for (const at of [0.05, 0.28, 0.42, 0.93]) expect(crossing(times, times.map(cubic), cubic(at))).toBeCloseTo(at, 12);
  expect(crossing([0, 1], [0, 2], 0.5)).toBeCloseTo(0.25, 14);
  expect(crossing([0, 1, 2, 3], [1, 0, 0, 1], 0.5)).toBeGreaterThan(2);
  expect(crossing([0, 1, 2], [0, 0.1, 0.2], 0.3)).toBeUndefined();
  expect(crossing([0, 1, 2], [0, 0.1, 0.3], 0.3)).toBeCloseTo(2, 12);
});

test("times must increase", () => {
  expect(() => scaleFromFlow([0, 0.2, 0.1], [1, 1, 1])).toThrow(/increasing flow times/);
  expect(() => scaleFromFlow([0, 0.2], [1])).toThrow(RangeError);
});
