import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exponential, logarithm, one, over, power, squareRoot, times, toFixed, toNumber } from "./fixed-point.ts";
import { evaluate, inverse, type PartialFractions } from "./rational-function.ts";
import { degreeFor, minimax, rationalPower } from "./rational-power.ts";

const tables = fileURLToPath(new URL("../../../../shared/physics/rational-approximations.json", import.meta.url));

/** Largest relative difference of two lists. */
function difference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((m, x, k) => Math.max(m, Math.abs(x / b[k]! - 1)), 0);
}

const flat = ({ constant, residues, poles }: PartialFractions) => [constant, ...residues, ...poles];

/** The error r(x)/f(x) - 1 on a fine logarithmic grid: its extrema with alternating signs. */
function ripples(r: PartialFractions, f: (x: number) => number, lower: number, upper: number): number[] {
  const extrema: number[] = [];
  const points = 20000;
  for (let i = 0; i <= points; i++) {
    const x = lower * (upper / lower) ** (i / points);
    const e = evaluate(r, x) / f(x) - 1;
    const last = extrema.at(-1);
    if (last === undefined || e * last < 0) extrema.push(e);
    else if (Math.abs(e) > Math.abs(last)) extrema[extrema.length - 1] = e;
  }
  return extrema;
}

/** Whether the 2n + 2 ripples of an approximation are equal to a relative tolerance. */
function isEqualRipple(r: PartialFractions, f: (x: number) => number, lower: number, upper: number): boolean {
  const sizes = ripples(r, f, lower, upper).map(Math.abs);
  return sizes.length === 2 * r.poles.length + 2 && Math.max(...sizes) < (1 + 1e-4) * Math.min(...sizes);
}

describe("fixed-point numbers", () => {
  it("keep doubles exactly and have 70 digits of e^x, ln x, sqrt x", () => {
    for (const x of [1, -0.1, 3e-20, 6.02e23, -2.5e-5, 0]) expect(toNumber(toFixed(x))).toBe(x);
    // e to 60 digits
    const e = (2718281828459045235360287471352662497757247093699959574966967n << 256n) / 10n ** 60n;
    expect(Math.abs(toNumber(exponential(one) - e))).toBeLessThan(1e-60);
    for (const x of [3e-12, 0.7, 5, 1e6]) {
      const u = toFixed(x);
      expect(Math.abs(toNumber(over(exponential(logarithm(u)) - u, u)))).toBeLessThan(1e-60);
      expect(Math.abs(toNumber(over(power(u, one / 2n) - squareRoot(u), u)))).toBeLessThan(1e-60);
      expect(Math.abs(toNumber(over(times(squareRoot(u), squareRoot(u)) - u, u)))).toBeLessThan(1e-60);
    }
    expect(() => toFixed(Number.NaN)).toThrow(RangeError);
    expect(() => logarithm(0n)).toThrow(RangeError);
    expect(() => squareRoot(-1n)).toThrow(RangeError);
  });
});

describe("rational approximations of x^p", () => {
  const quarter = rationalPower({ power: 1 / 4, degree: 10, lower: 0.0004, upper: 64 });

  it("reproduce the table of x^(1/4), degree 10, on [0.0004, 64]", () => {
    const residues = [
      -1.1472527436322903e-5, -8.22437195900441e-5, -4.911917249478209e-4, -2.8595740550169564e-3,
      -1.657546771377983e-2, -9.632764566721617e-2, -0.5684080282956644, -3.574637513226843, -29.402805614736042,
      -910.454747964212,
    ];
    const poles = [
      1.7585352463504747e-4, 1.2116676043259563e-3, 5.511731061457466e-3, 2.3034355065820862e-2, 9.439559579370578e-2,
      0.38561054626048247, 1.5842943313284585, 6.695935386170518, 32.015219356384215, 297.1675517580863,
    ];
    expect(difference(flat(quarter), [5.7165557622098175, ...residues, ...poles])).toBeLessThan(1e-14);
    expect(quarter.relativeError).toBeCloseTo(2.205557085824224e-6, 20);
  });

  it.skipIf(!existsSync(tables))("reproduce all stored tables and their inverses", () => {
    const stored = JSON.parse(readFileSync(tables, "utf8")).tables as Record<string, Record<string, unknown>>;
    expect(Object.keys(stored).length).toBeGreaterThan(10);
    for (const t of Object.values(stored)) {
      const [numerator, denominator] = (t.power as string).split("/").map(Number);
      const list = (x: unknown) => {
        const { a0, a, b } = x as { a0: number; a: number[]; b: number[] };
        return [a0, ...a, ...b];
      };
      const degree = (t.a as number[]).length;
      const r = rationalPower({ power: numerator! / denominator!, degree, lower: 0.0004, upper: 64 });
      expect(difference(flat(r), list(t))).toBeLessThan(1e-13);
      expect(difference(flat(r.reciprocal), list(t.inverse))).toBeLessThan(1e-13);
      expect(Math.abs(r.relativeError / (t.rel_error as number) - 1)).toBeLessThan(1e-12);
    }
  });

  it("have 2n + 2 equal ripples, and lose them with one wrong pole", () => {
    for (const [p, degree, lower, upper] of [
      [1 / 4, 10, 0.0004, 64],
      [-3 / 8, 7, 0.01, 20],
      [0.9, 6, 1e-4, 1],
      [0.01, 5, 1e-5, 1e3],
      [0.5, 3, 1e-4, 1],
      [1 / 3, 1, 0.5, 2],
    ] as const) {
      const r = rationalPower({ power: p, degree, lower, upper });
      const f = (x: number) => x ** p;
      expect(isEqualRipple(r, f, lower, upper)).toBe(true);
      expect(Math.max(...ripples(r, f, lower, upper)) / r.relativeError).toBeCloseTo(1, 3);
      const wrong = { ...r, poles: r.poles.map((b, k) => (k === 0 ? b * (1 + 1e-4) : b)) };
      expect(isEqualRipple(wrong, f, lower, upper)).toBe(false);
    }
  });

  it("multiply to one with the inverse of the same fit", () => {
    const other = inverse(quarter);
    expect(other.power).toBe(-1 / 4);
    expect(rationalPower({ power: -1 / 4, degree: 10, lower: 0.0004, upper: 64 })).toEqual(other);
    for (const x of [0.0004, 0.03, 1, 64]) expect(evaluate(quarter, x) * evaluate(other, x)).toBeCloseTo(1, 14);
    expect(flat(inverse(other))).toEqual(flat(quarter));
  });

  it("are remembered, and found fast enough to start a run with", () => {
    const request = { power: 0.3, degree: 15, lower: 0.0009, upper: 17 };
    const start = performance.now();
    const r = rationalPower(request);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(rationalPower({ ...request })).toBe(r);
  });

  it("of the smallest degree for a tolerance", () => {
    const degree = degreeFor(1 / 4, 0.0004, 64, 1e-9);
    const error = (n: number) => rationalPower({ power: 1 / 4, degree: n, lower: 0.0004, upper: 64 }).relativeError;
    expect(error(degree)).toBeLessThanOrEqual(1e-9);
    expect(error(degree - 1)).toBeGreaterThan(1e-9);
    expect(degreeFor(0.5, 0.9, 1, 1e-3)).toBe(1);
    expect(() => degreeFor(0.5, 1e-20, 1, 1e-12)).toThrow(/degree 40 reaches/);
  });

  it("refuse what makes no sense", () => {
    const good = { power: 0.5, degree: 5, lower: 0.1, upper: 10 };
    for (const bad of [
      { power: 0 },
      { power: 1 },
      { power: -1.5 },
      { power: Number.NaN },
      { degree: 0 },
      { degree: 2.5 },
      { degree: 41 },
      { lower: 0 },
      { lower: 10 },
      { upper: Number.POSITIVE_INFINITY },
      { shift: -1 },
    ])
      expect(() => rationalPower({ ...good, ...bad })).toThrow(RangeError);
    expect(() => rationalPower({ ...good, degree: 40, lower: 5 })).toThrow(/smaller degree/);
    expect(() => degreeFor(0.5, 0.1, 1, 0)).toThrow(RangeError);
  });
});

describe("rational approximations of other functions", () => {
  it("(x/(x+d))^p is the power on a Moebius image of the interval, and what the exchange finds from f itself", () => {
    const d = 0.3;
    const f = (x: number) => Math.sqrt(x / (x + d));
    const r = rationalPower({ power: 0.5, degree: 5, lower: 0.001, upper: 20, shift: d });
    expect(isEqualRipple(r, f, 0.001, 20)).toBe(true);
    const fixed = toFixed(d);
    const direct = minimax((x) => squareRoot(over(x, x + fixed)), 5, 0.001, 20);
    expect(difference(flat(direct), flat(r))).toBeLessThan(1e-13);
    expect(difference(flat(direct.reciprocal), flat(r.reciprocal))).toBeLessThan(1e-13);
  });

  it("a product of powers", () => {
    const direct = minimax((x) => times(power(x, toFixed(0.5)), power(x + one, toFixed(-0.25))), 6, 0.01, 10);
    expect(isEqualRipple(direct, (x) => Math.sqrt(x) * (x + 1) ** -0.25, 0.01, 10)).toBe(true);
  });

  it("refuses functions without negative poles", () => {
    expect(() => minimax((x) => exponential(-x), 3, 0.1, 5)).toThrow(RangeError);
  });
});
