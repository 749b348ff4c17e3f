import { describe, expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import type { DiracOperator, NormalOperator, SingleOperator } from "../operator.ts";
import { ConjugateGradient } from "./conjugate-gradient.ts";
import { noisy, numbers, relativeDistance, staggered, wilson } from "./dense.contract.ts";
import { MixedConjugateGradient } from "./mixed.ts";
import { propagator } from "./solve.ts";
import { NotConverged } from "./stopping.ts";

function round(x: Field): void {
  const values = x.view();
  for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i]!);
}

/** Float32 by rounding: vectors are float64 in memory and every application rounds its result. */
function rounded(op: DiracOperator, error = 0): SingleOperator & { applications: number } {
  const { space, normal } = op;
  const { sites } = normal;
  const single = {
    applications: 0,
    normal: {
      ...normal,
      apply(out: Field, x: Field) {
        single.applications++;
        round(x);
        normal.apply(out, x);
        if (error !== 0) space.axpy(sites, out, error, x);
        round(out);
        return Math.fround(space.dot(sites, x, out)[0]!);
      },
    },
    demote(to: Field, from: Field) {
      space.copy(sites, to, from);
      round(to);
    },
    promoteAdd: (to: Field, from: Field) => space.axpy(sites, to, 1, from),
  };
  return single;
}

/** Counts the applications of an operator. */
function counted(normal: NormalOperator): NormalOperator & { applications: number } {
  const made = {
    ...normal,
    applications: 0,
    apply(out: Field, x: Field) {
      made.applications++;
      return normal.apply(out, x);
    },
  };
  return made;
}

const tight = { relative: 1e-12, iterations: 3000 };

describe.each([
  ["staggered", () => staggered({ group: "SU(3)", extents: [4, 4, 4, 4], domain: "even", mass: 0.1 })],
  ["Wilson", () => wilson({ group: "SU(3)", extents: [4, 4, 2, 2], domain: "even", kappa: 0.13 })],
] as const)("mixed precision: %s", (_, make) => {
  const op = make();
  const { space, normal } = op;
  const { sites } = normal;
  const b = noisy(space, sites, 1);
  const exact = space.field();
  exact.zero();
  const plain = new ConjugateGradient(space, sites).solve(normal, exact, b, tight);

  test("as exact as float64, with nearly all applications in float32", () => {
    const [single, full] = [rounded(op), counted(normal)];
    const x = space.field();
    x.zero();
    const report = new MixedConjugateGradient(space, sites, single).solve(full, x, b, tight);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
    expect(relativeDistance(numbers(space, sites, x), numbers(space, sites, exact))).toBeLessThan(1e-9);
    expect(full.applications).toBeLessThan(14);
    expect(single.applications).toBeGreaterThan(0.9 * plain.iterations);
    expect(report.iterations).toBeLessThan(1.35 * plain.iterations);
  });

  test("with the operator in float32", () => {
    const single = op.single!()!;
    const full = counted(normal);
    const x = space.field();
    x.zero();
    const report = new MixedConjugateGradient(space, sites, single).solve(full, x, b, tight);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
    expect(relativeDistance(numbers(space, sites, x), numbers(space, sites, exact))).toBeLessThan(1e-9);
    expect(full.applications).toBeLessThan(14);
    expect(report.iterations).toBeLessThan(1.35 * plain.iterations);
  });

  test("a float32 operator that is none of this one is made good in float64", () => {
    const x = space.field();
    x.zero();
    const report = new MixedConjugateGradient(space, sites, rounded(op, 30)).solve(normal, x, b, tight);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
    const nothing = { ...rounded(op), normal: { ...normal, apply: () => Number.NaN } };
    x.zero();
    const saved = new MixedConjugateGradient(space, sites, nothing).solve(normal, x, b, tight);
    expect(saved.residual).toBeLessThanOrEqual(1e-12);
  });

  test("errors and zero sources as in float64; the Dirac equation through it", () => {
    const mixed = new MixedConjugateGradient(space, sites, rounded(op));
    const x = space.field();
    x.zero();
    expect(() => mixed.solve(normal, x, b, { relative: 1e-12, iterations: 7 })).toThrow(NotConverged);
    const bad = noisy(space, sites, 1);
    bad.view()[0] = Number.POSITIVE_INFINITY;
    expect(() => mixed.solve(normal, x, bad, tight)).toThrow(/right-hand side holds/);
    bad.zero();
    expect(mixed.solve(normal, x, bad, tight).iterations).toBe(0);
    expect(space.norm2(sites, x)).toBe(0);
    const d = propagator(op, tight, mixed);
    x.zero();
    expect(d.solve(x, noisy(space, "all", 2)).residual).toBeLessThanOrEqual(1e-12);
    d.release();
  });
});
