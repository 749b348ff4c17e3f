import { describe, expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import { logDeterminantOf } from "../../../numerics/dense.ts";
import { eigenvaluesOf } from "../../../numerics/general-eigen.ts";
import { hermitianEigenvalues } from "../../../numerics/hermitian.ts";
import type { DiracOperator, NormalOperator } from "../operator.ts";
import { arnoldi } from "./arnoldi.ts";
import { ConjugateGradient } from "./conjugate-gradient.ts";
import { denseOf, gaugeIdentity, noisy, staggered, wilson } from "./dense.contract.ts";
import { deflated, lanczos, spectralRange } from "./lanczos.ts";
import { NotConverged } from "./stopping.ts";

/** All eigenvalues of a Hermitian operator, ascending. */
const denseSpectrum = (a: NormalOperator) => [...hermitianEigenvalues(denseOf(a.space, a.sites, a.apply))];

const operators = [
  ["staggered SU(2) 4x4 even", () => staggered({ group: "SU(2)", extents: [4, 4], domain: "even", mass: 0.1 })],
  ["staggered SU(3) 4x4 all", () => staggered({ group: "SU(3)", extents: [4, 4], domain: "all", mass: 0.1 })],
  ["Wilson SU(3) 4x4 even", () => wilson({ group: "SU(3)", extents: [4, 4], domain: "even", kappa: 0.23 })],
  ["Wilson SU(2) 4x4 all", () => wilson({ group: "SU(2)", extents: [4, 4], domain: "all", kappa: 0.23 })],
] as const;

describe.each(operators)("Lanczos: %s", (_, make) => {
  const { normal } = make();
  const { space, sites } = normal;
  const exact = denseSpectrum(normal);
  const norm = exact.at(-1)!;

  test.each([1, 5, 8])("the %d lowest and largest, each as often as it occurs", (count) => {
    for (const end of ["lowest", "largest"] as const) {
      const modes = lanczos(normal, { count, end, basis: count + 8 });
      const wanted = end === "lowest" ? exact.slice(0, count) : exact.slice(-count).reverse();
      wanted.forEach((value, i) => expect(Math.abs(modes.values[i]! - value)).toBeLessThan(1e-10 * norm));
      for (const [i, v] of modes.vectors.entries())
        for (const [j, w] of modes.vectors.entries()) {
          const [re, im] = space.dot(sites, v, w);
          expect(Math.hypot(re! - (i === j ? 1 : 0), im!)).toBeLessThan(1e-12);
        }
      expect(Math.max(...modes.residuals)).toBeLessThan(1.01e-10 * norm);
      modes.release();
    }
  });

  test("the whole spectrum", () => {
    const modes = lanczos(normal, { count: exact.length });
    exact.forEach((value, i) => expect(Math.abs(modes.values[i]! - value)).toBeLessThan(1e-11 * norm));
  });

  test("its range", () => {
    const { lowest, largest } = spectralRange(normal);
    expect(lowest).toBeLessThanOrEqual(exact[0]!);
    expect(largest).toBeGreaterThanOrEqual(norm);
    expect(largest - norm).toBeLessThan(1e-7 * norm);
    expect(exact[0]! - lowest).toBeLessThan(1e-7 * norm);
  });
});

test("free staggered quarks have the eigenvalues m^2 + sum sin^2 k", () => {
  const extents = [4, 4, 4, 4];
  const op = staggered({ group: "SU(2)", extents, domain: "even", mass: 0.3, links: gaugeIdentity("SU(2)", extents) });
  // sin^2 k is 0 or 1 in space and 1/2 in the antiperiodic time: multiplicities 1, 3, 3, 1 of 2 * 128 / 8
  const modes = lanczos(op.normal, { count: 40, end: "lowest" });
  modes.values.forEach((value, i) => expect(value).toBeCloseTo(0.09 + 0.5 + (i < 32 ? 0 : 1), 10));
  const top = lanczos(op.normal, { count: 34, end: "largest", basis: 60 });
  top.values.forEach((value, i) => expect(value).toBeCloseTo(0.09 + 0.5 + (i < 32 ? 3 : 2), 10));
});

test("too few applications are an error that says how far it got", () => {
  const { normal } = staggered({ group: "SU(3)", extents: [4, 4, 4, 4], domain: "even", mass: 0.1 });
  const hurried = () => lanczos(normal, { count: 4, basis: 12, applications: 30 });
  expect(hurried).toThrow(NotConverged);
  expect(hurried).toThrow(/^Lanczos: .*worst of 4 eigenvalues after \d+ applications of A with 12 vectors, 1e-10 was/);
  expect(() => lanczos(normal, { count: 1000 })).toThrow(/1000 eigenvalues of an operator that has 384/);
  const broken = { ...normal, apply: () => Number.NaN };
  expect(() => lanczos(broken, { count: 1 })).toThrow(/NaN/);
});

test("low modes as first guess save iterations", () => {
  const { space, normal } = staggered({ group: "SU(3)", extents: [4, 4, 4, 4], domain: "even", mass: 0.05 });
  const modes = lanczos(normal, { count: 10, basis: 40, tolerance: 1e-6 });
  const b = noisy(space, "even", 1);
  const cg = new ConjugateGradient(space, "even");
  const [x, y] = [space.field(), space.field()];
  x.zero();
  const stopping = { relative: 1e-8, iterations: 5000 };
  const plain = cg.solve(normal, x, b, stopping);
  deflated(y, b, modes);
  const guessed = cg.solve(normal, y, b, stopping);
  expect(guessed.residual).toBeLessThan(1e-8);
  expect(guessed.iterations).toBeLessThan(0.7 * plain.iterations);
  space.axpy("even", y, -1, x);
  expect(Math.sqrt(space.norm2("even", y) / space.norm2("even", x))).toBeLessThan(1e-4);
});

describe.each([
  ["staggered SU(2) 4x4", () => staggered({ group: "SU(2)", extents: [4, 4], domain: "even", mass: 0.1 })],
  ["Wilson SU(3) 4x4 even", () => wilson({ group: "SU(3)", extents: [4, 4], domain: "even", kappa: 0.23 })],
  ["Wilson SU(2) 4x4 all", () => wilson({ group: "SU(2)", extents: [4, 4], domain: "all", kappa: 0.26 })],
] as const)("Arnoldi: %s", (_, make) => {
  const op: DiracOperator = make();
  const { space } = op;
  const whole = (out: Field, x: Field) => (op.evenOdd ? op.evenOdd.whole(out, x) : op.apply(out, x));
  const all = eigenvaluesOf(denseOf(space, "all", whole));
  const exact = Array.from({ length: all.length / 2 }, (_, i) => [all[2 * i]!, all[2 * i + 1]!] as const);
  exact.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

  test.each([1, 6])("the %d eigenvalues of smallest modulus, each as often as it occurs", (count) => {
    const found = arnoldi(op, { count, basis: count + 10 });
    for (const [i, [re, im]] of found.values.entries()) {
      expect(Math.hypot(re, im)).toBeCloseTo(Math.hypot(...exact[i]!), 10);
      const nearest = Math.min(...exact.map((z) => Math.hypot(z[0] - re, z[1] - im)));
      expect(nearest).toBeLessThan(1e-9);
    }
    expect(Math.max(...found.residuals)).toBeLessThan(1e-8);
    // degenerate eigenvectors are independent: their Gram determinant does not vanish
    const overlaps = found.vectors.map((v) => found.vectors.flatMap((w) => [...space.dot("all", v, w)]));
    expect(logDeterminantOf(Float64Array.from(overlaps.flat())).logModulus).toBeGreaterThan(-20);
    found.release();
  });

  test("more solves than allowed are an error", () => {
    expect(() => arnoldi(op, { count: 4, basis: 8, solves: 8 })).toThrow(NotConverged);
    expect(() => arnoldi(op, { count: 4, basis: 8, solves: 8 })).toThrow(/^Arnoldi: .* after 8 solves with 8 vectors/);
  });
});

test("the free Wilson spectrum", () => {
  const extents = [4, 4, 4, 4];
  const kappa = 0.12;
  const op = wilson({ group: "SU(2)", extents, domain: "even", kappa, links: gaugeIdentity("SU(2)", extents) });
  // lambda = 1 - 2 kappa sum cos k +- 2 i kappa sqrt(sum sin^2 k), smallest at k = (0, 0, 0, +-pi/4)
  const value = [1 - 2 * kappa * (3 + Math.SQRT1_2), 2 * kappa * Math.SQRT1_2] as const;
  const { values } = arnoldi(op, { count: 5, basis: 20 });
  for (const [re, im] of values) {
    expect(re).toBeCloseTo(value[0], 9);
    expect(Math.abs(im)).toBeCloseTo(value[1], 9);
  }
});
