import { describe, expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import { solve } from "../../../numerics/dense.ts";
import type { DiracOperator, NormalOperator } from "../operator.ts";
import { BiCGStab } from "./bicgstab.ts";
import { ConjugateGradient } from "./conjugate-gradient.ts";
import { denseOf, noisy, numbers, plusIdentity, relativeDistance, staggered, wilson } from "./dense.contract.ts";
import { lanczos } from "./lanczos.ts";
import { MixedConjugateGradient } from "./mixed.ts";
import { MultiShift, shifted } from "./multi-shift.ts";
import { propagator, solveDirac } from "./solve.ts";
import { defaultStopping, NotConverged, type Stopping, stoppingSchema, targetNorm2 } from "./stopping.ts";

const tight: Stopping = { relative: 1e-12, iterations: 2000 };

const operators: readonly [string, () => DiracOperator][] = [
  [
    "staggered SU(2) 2x2x4x4 even",
    () => staggered({ group: "SU(2)", extents: [2, 2, 4, 4], domain: "even", mass: 0.3 }),
  ],
  ["staggered SU(3) 4x4 all", () => staggered({ group: "SU(3)", extents: [4, 4], domain: "all", mass: 0.2 })],
  ["staggered SU(3) 4x4 even", () => staggered({ group: "SU(3)", extents: [4, 4], domain: "even", mass: 0.2 })],
  ["Wilson SU(2) 2x2x2x4 all", () => wilson({ group: "SU(2)", extents: [2, 2, 2, 4], domain: "all", kappa: 0.12 })],
  ["Wilson SU(2) 2x2x2x4 even", () => wilson({ group: "SU(2)", extents: [2, 2, 2, 4], domain: "even", kappa: 0.12 })],
  ["Wilson SU(3) 4x4 all", () => wilson({ group: "SU(3)", extents: [4, 4], domain: "all", kappa: 0.22 })],
  ["Wilson SU(3) 4x4 even", () => wilson({ group: "SU(3)", extents: [4, 4], domain: "even", kappa: 0.22 })],
];

/** D of all sites, whatever the operator. */
const whole = (op: DiracOperator) => (out: Field, x: Field) =>
  op.evenOdd ? op.evenOdd.whole(out, x) : op.apply(out, x);

function residualOf(a: NormalOperator, x: Field, b: Field): number {
  const out = a.space.field();
  a.apply(out, x);
  a.space.axpby(a.sites, out, 1, b, -1, out);
  return Math.sqrt(a.space.norm2(a.sites, out) / a.space.norm2(a.sites, b));
}

describe.each(operators)("%s", (_, make) => {
  const op = make();
  const { space, normal } = op;
  const { sites } = normal;
  const b = noisy(space, sites, 1);
  const source = noisy(space, "all", 2);
  const dirac = { space, sites: "all" as const, apply: whole(op) };
  const exactPsi = solve(denseOf(space, "all", dirac.apply), numbers(space, "all", source));

  test("conjugate gradients give the dense solution and report the true residual", () => {
    const x = space.field();
    x.zero();
    const report = new ConjugateGradient(space, sites).solve(normal, x, b, tight);
    const exact = solve(denseOf(space, sites, normal.apply), numbers(space, sites, b));
    expect(relativeDistance(numbers(space, sites, x), exact)).toBeLessThan(1e-10);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
    expect(report.residual).toBeCloseTo(residualOf(normal, x, b), 14);
    expect(report.iterations).toBeGreaterThan(3);
  });

  test("every shift has the solution of its own system", () => {
    const shifts = [0.5, 1e-3, 2, 50, 0.01];
    const x = shifts.map(() => space.field());
    const report = new MultiShift(space, sites).solve(normal, shifts, x, b, tight);
    const a = denseOf(space, sites, normal.apply);
    const y = space.field();
    shifts.forEach((sigma, i) => {
      const exact = solve(plusIdentity(a, sigma), numbers(space, sites, b));
      expect(relativeDistance(numbers(space, sites, x[i]!), exact)).toBeLessThan(1e-10);
      expect(residualOf(shifted(normal, sigma), x[i]!, b)).toBeLessThan(1.5e-12);
      y.zero();
      new ConjugateGradient(space, sites).solve(shifted(normal, sigma), y, b, tight);
      expect(relativeDistance(numbers(space, sites, x[i]!), numbers(space, sites, y))).toBeLessThan(1e-10);
    });
    expect(report.residual).toBeLessThan(shifts.length * 1e-12);
  });

  test("the Dirac equation on all sites", () => {
    const psi = space.field();
    psi.zero();
    const report = solveDirac(op, psi, source, tight);
    expect(relativeDistance(numbers(space, "all", psi), exactPsi)).toBeLessThan(1e-10);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
    const again = solveDirac(op, psi, source, tight);
    expect(again).toEqual({ iterations: 0, residual: report.residual });
  });

  test("BiCGStab for D itself", () => {
    const psi = space.field();
    psi.zero();
    const report = new BiCGStab(space, "all").solve(dirac, psi, source, tight);
    expect(relativeDistance(numbers(space, "all", psi), exactPsi)).toBeLessThan(1e-10);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
  });
});

describe("stopping", () => {
  const op = staggered({ group: "SU(3)", extents: [4, 4], domain: "even", mass: 0.05 });
  const { space, normal } = op;
  const cg = new ConjugateGradient(space, "even");
  const b = noisy(space, "even", 3);
  const x = space.field();
  const multi = new MultiShift(space, "even");

  test("relative and absolute limits are different things", () => {
    const bb = space.norm2("even", b);
    expect(targetNorm2({ relative: 1e-3, iterations: 1 }, bb)).toBeCloseTo(1e-6 * bb, 15);
    expect(targetNorm2({ absolute: 1e-3, iterations: 1 }, bb)).toBe(1e-3);
    expect(targetNorm2({ relative: 1e-3, absolute: 1e-9, iterations: 1 }, bb)).toBe(1e-9);
    expect(() => targetNorm2({ iterations: 1 }, bb)).toThrow("neither a relative limit");
    expect(() => targetNorm2({ relative: -1, iterations: 1 }, bb)).toThrow("positive");
    expect(stoppingSchema.parse({})).toEqual(defaultStopping);
    expect(stoppingSchema.parse({ relative: 1e-8 })).toEqual({ relative: 1e-8, iterations: 3000 });
    x.zero();
    const loose = cg.solve(normal, x, b, { relative: 1e-3, iterations: 100 });
    expect(loose.residual).toBeLessThan(1e-3);
    expect(loose.residual).toBeGreaterThan(1e-6);
    x.zero();
    const absolute = cg.solve(normal, x, b, { absolute: 1e-19, iterations: 100 });
    expect(absolute.residual ** 2 * bb).toBeLessThan(1e-19);
  });

  test("too few iterations are an error that says how far it got", () => {
    x.zero();
    const few = { relative: 1e-12, iterations: 4 };
    let caught: unknown;
    try {
      cg.solve(normal, x, b, few);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(NotConverged);
    const error = caught as NotConverged;
    expect(error.iterations).toBe(4);
    expect(error.residual).toBeCloseTo(residualOf(normal, x, b), 12);
    expect(error.absolute).toBeCloseTo(error.residual ** 2 * space.norm2("even", b), 10);
    expect(error.message).toMatch(/^conjugate gradients: .*after 4 of 4 iterations.*\|r\|\/\|b\| <= 1e-12/);
    expect(() => multi.solve(normal, [0], [x], b, few)).toThrow(NotConverged);
    const source = noisy(space, "all", 3);
    expect(() => solveDirac(op, x, source, few)).toThrow(NotConverged);
    const d = { space, sites: "all" as const, apply: whole(op) };
    x.zero();
    expect(() => new BiCGStab(space, "all").solve(d, x, source, few)).toThrow(NotConverged);
  });

  test("NaN in the source, in the guess and in the operator is an error that says so", () => {
    const bad = noisy(space, "even", 4);
    bad.view()[3] = Number.NaN;
    x.zero();
    expect(() => cg.solve(normal, x, bad, tight)).toThrow(/right-hand side holds NaN/);
    expect(() => multi.solve(normal, [0], [x], bad, tight)).toThrow(/right-hand side holds NaN/);
    expect(() => cg.solve(normal, bad, b, tight)).toThrow(/guess/);
    const broken: NormalOperator = { ...normal, apply: () => Number.NaN };
    x.zero();
    expect(() => cg.solve(broken, x, b, tight)).toThrow(/A p holds NaN/);
    expect(() => multi.solve(broken, [0], [x], b, tight)).toThrow(/A p holds NaN/);
  });

  test("a zero source has a zero solution", () => {
    const zero = space.field();
    zero.zero();
    const source = noisy(space, "all", 5);
    expect(cg.solve(normal, source, zero, tight)).toEqual({ iterations: 0, residual: 0 });
    expect(space.norm2("even", source)).toBe(0);
    const other = noisy(space, "all", 5);
    expect(multi.solve(normal, [0], [other], zero, tight).iterations).toBe(0);
    expect(space.norm2("even", other)).toBe(0);
    const third = noisy(space, "all", 5);
    expect(propagator(op, tight).solve(third, zero)).toEqual({ iterations: 0, residual: 0 });
    expect(space.norm2("all", third)).toBe(0);
    const d = { space, sites: "all" as const, apply: whole(op) };
    const fourth = noisy(space, "all", 5);
    expect(new BiCGStab(space, "all").solve(d, fourth, zero, tight).iterations).toBe(0);
    expect(space.norm2("all", fourth)).toBe(0);
  });

  test("an operator that is not positive, or not Hermitian, is noticed", () => {
    const negative = shifted(normal, -100);
    x.zero();
    expect(() => cg.solve(negative, x, b, tight)).toThrow(/Hermitian positive/);
    const skew: NormalOperator = {
      ...normal,
      apply(out, y) {
        const value = normal.apply(out, y);
        space.complexAxpy("even", out, 0, 0.3, y);
        return value; // the recursion never sees the antihermitian part
      },
    };
    x.zero();
    expect(() => cg.solve(skew, x, b, tight)).toThrow(NotConverged);
  });

  test("a recursion that loses the solution is noticed and repaired", () => {
    // an operator whose first applications are wrong: the recursion converges, to a wrong solution
    let calls = 0;
    const flaky: NormalOperator = {
      ...normal,
      apply(out, y) {
        const value = normal.apply(out, y);
        if (calls++ === 2) {
          space.axpy("even", out, 1e-4, y);
          return value + 1e-4 * space.norm2("even", y);
        }
        return value;
      },
    };
    x.zero();
    const report = cg.solve(flaky, x, b, tight);
    expect(report.residual).toBeLessThanOrEqual(1e-12);
    expect(residualOf(normal, x, b)).toBeLessThanOrEqual(1.0001e-12);
    calls = 0;
    const shifts = [0, 0.1];
    const y = [space.field(), space.field()];
    const shiftReport = multi.solve(flaky, shifts, y, b, tight);
    expect(shiftReport.residual).toBeLessThanOrEqual(1e-12);
    shifts.forEach((sigma, i) => expect(residualOf(shifted(normal, sigma), y[i]!, b)).toBeLessThanOrEqual(1.0001e-12));
  });

  test("a limit below rounding stops at rounding", () => {
    x.zero();
    const report = cg.solve(normal, x, b, { relative: 1e-30, iterations: 3000 });
    expect(report.residual).toBeLessThan(1e-12);
    expect(report.residual).toBeGreaterThan(1e-30);
  });
});

test("one worker and two give the same bits", () => {
  const solutions = ([1, 2] as const).map((workers) => {
    const op = staggered({ group: "SU(3)", extents: [8, 4, 4, 4], domain: "even", mass: 0.2, workers });
    const { space, normal } = op;
    const b = noisy(space, "even", 6);
    const x = [space.field(), space.field(), space.field(), space.field(), space.field()];
    for (const field of x) field.zero();
    new ConjugateGradient(space, "even").solve(normal, x[0]!, b, tight);
    new MultiShift(space, "even").solve(normal, [0.01, 0.2], x.slice(1, 3), b, tight);
    solveDirac(op, x[3]!, noisy(space, "all", 7), tight);
    new MixedConjugateGradient(space, "even", op.single!()!).solve(normal, x[4]!, b, tight);
    const { values, vectors } = lanczos(normal, { count: 2, end: "largest", tolerance: 1e-4 });
    return [values, ...[...x, ...vectors].map((field) => numbers(space, "even", field))];
  });
  expect(solutions[0]).toEqual(solutions[1]);
});
