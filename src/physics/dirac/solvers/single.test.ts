import { describe, expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import type { NormalOperator } from "../operator.ts";
import { ConjugateGradient } from "./conjugate-gradient.ts";
import { noisy, numbers, relativeDistance, staggered, wilson } from "./dense.contract.ts";
import { MixedConjugateGradient } from "./mixed.ts";

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

const limit = { relative: 1e-12, iterations: 3000 };
const operators = [
  ["staggered SU(3) 4^4", () => staggered({ group: "SU(3)", extents: [4, 4, 4, 4], domain: "even", mass: 0.1 })],
  ["staggered SU(2) 8x4, all", () => staggered({ group: "SU(2)", extents: [8, 4], domain: "all", mass: 0.2 })],
  ["Wilson SU(3) 4x4x4x2", () => wilson({ group: "SU(3)", extents: [4, 4, 4, 2], domain: "even", kappa: 0.14 })],
  ["Wilson SU(2) 4x4, all", () => wilson({ group: "SU(2)", extents: [4, 4], domain: "all", kappa: 0.22 })],
] as const;

describe.each(operators)("float32 kernels inside: %s", (_, make) => {
  const op = make();
  const { space, domain } = op;
  const b = noisy(space, domain, 1);
  const mixed = new MixedConjugateGradient(space, domain, op.single()!);
  const plain = new ConjugateGradient(space, domain);

  test.each([
    ["a relative limit", { relative: 1e-13, iterations: 3000 }],
    ["an absolute limit", { absolute: 1e-19, iterations: 3000 }],
    ["a loose limit", { relative: 1e-4, iterations: 3000 }],
  ])("%s is kept as in float64, with the work done in float32", (_, stopping) => {
    const [x, y] = [space.field(), space.field()];
    const double = plain.solve(op.normal, y, b, stopping);
    const full = counted(op.normal);
    const report = mixed.solve(full, x, b, stopping);
    const bb = space.norm2(domain, b);
    const { relative = Infinity, absolute = Infinity } = stopping as { relative?: number; absolute?: number };
    expect(report.residual).toBeLessThanOrEqual(Math.min(relative, Math.sqrt(absolute / bb)));
    expect(full.applications).toBeLessThan(16);
    // with few different eigenvalues float64 is done early, and every correction begins anew
    expect(report.iterations).toBeLessThan((domain === "all" ? 2.5 : 1.4) * double.iterations + 3);
    const reached = Math.max(report.residual, double.residual);
    expect(relativeDistance(numbers(space, domain, x), numbers(space, domain, y))).toBeLessThan(1e3 * reached + 1e-13);
  });

  test("sources of any size", () => {
    const [x, small] = [space.field(), space.field()];
    for (const scale of [1e-25, 1e25]) {
      space.axpby(domain, small, scale, b, 0, b);
      space.zero("all", x);
      const report = mixed.solve(op.normal, x, small, { relative: 1e-12, iterations: 3000 });
      expect(report.residual).toBeLessThanOrEqual(1e-12);
    }
  });

  test("a limit below rounding ends at rounding, as in float64", () => {
    const stopping = { relative: 1e-30, iterations: 3000 };
    const [x, y] = [space.field(), space.field()];
    const report = mixed.solve(op.normal, x, b, stopping);
    const double = plain.solve(op.normal, y, b, stopping);
    expect(report.residual).toBeLessThan(2 * double.residual + 1e-15);
  });

  test("a correction that makes things worse is taken back", () => {
    const single = op.single()!;
    const wild = { ...single, promoteAdd: (to: Field) => space.axpby(domain, to, 1e20, b, 1, to) };
    const [x, y] = [space.field(), space.field()];
    const report = new MixedConjugateGradient(space, domain, wild).solve(op.normal, x, b, limit);
    const double = plain.solve(op.normal, y, b, limit);
    expect(report.residual).toBe(double.residual);
    expect(report.iterations).toBeGreaterThan(double.iterations);
  });

  test("float32 that never gets there leaves float64 half of the iterations", () => {
    const { space: inSingle, sites, apply } = op.single()!.normal;
    // an antihermitian part, which the recursion does not see
    const skew = (out: Field, x: Field) => {
      const value = apply(out, x);
      inSingle.complexAxpy(sites, out, 0, 3, x);
      return value;
    };
    const single = { ...op.single()!, normal: { space: inSingle, sites, apply: skew } };
    const x = space.field();
    const report = new MixedConjugateGradient(space, domain, single).solve(op.normal, x, b, limit);
    expect(report.residual).toBeLessThanOrEqual(limit.relative);
  });

  test("too few iterations are an error", () => {
    const x = space.field();
    expect(() => mixed.solve(op.normal, x, b, { relative: 1e-13, iterations: 5 })).toThrow(/after 5 of 5 iterations/);
  });
});
