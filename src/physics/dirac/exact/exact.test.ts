import { describe, expect, test } from "vitest";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { describeAction } from "../../action.contract.ts";
import { type Case, configuration, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { staggeredLogDeterminant, wilsonLogDeterminant, wilsonTrace } from "../free.contract.ts";
import { diracOperator, type Fermion, fermionSchema } from "../quark.ts";
import { logDeterminant } from "./determinant.ts";
import { ExactDeterminant } from "./exact-determinant.ts";
import { matrixOf } from "./matrix.ts";
import { hasDenseTrace, traceOfInverse } from "./trace.ts";

/** An operator on unit links, or on rough ones. */
function loaded(where: Case, given: object, domain: "even" | "all", links: "cold" | "rough" = "rough") {
  const space = linkSpace(where);
  const op = diracOperator(space, fermionSchema.parse(given), domain);
  op.load(configuration(space, links === "cold" ? undefined : roughLinks(where.group, where.extents)).field);
  return op;
}

describe("free quarks, one colour (U(1) on unit links)", () => {
  const on = (extents: readonly number[]): Case => ({ group: "U(1)", extents });

  test.each([
    [[4, 4, 4, 4], 0.3, 79.947122179977],
    [[4, 4, 4, 4], 0.5, 91.963581861956],
    [[6, 6, 6, 6], 0.3, 428.39875882277],
    [[8, 8, 8, 4], 0.3, 704.17235011216],
    [[4, 4, 4, 8], 0.3, 149.28350409958],
  ])("staggered on %o, m = %d: log det D = %d", (extents, mass, expected) => {
    const { logModulus } = logDeterminant(loaded(on(extents), { name: "staggered", mass }, "even", "cold"));
    expectClose(logModulus, expected, 1e-13);
    expectClose(logModulus, staggeredLogDeterminant({ extents }, mass), 1e-13);
  });

  test.each([
    [0.141139, 18.727476400537, 3.5288171317944],
    [0.125, 8.2585314469196, 3.7849956941555],
    [0.1, 2.3027884558203, 3.9551825165461],
  ])("Wilson on 4^4, kappa = %d: log det D = %d, (1/V) Tr D^-1 = %d", (kappa, determinant, trace) => {
    const op = loaded(on([4, 4, 4, 4]), { name: "wilson", kappa }, "even", "cold");
    const { logModulus, phase } = logDeterminant(op);
    expectClose(logModulus, determinant, 1e-12);
    expectClose(logModulus, wilsonLogDeterminant({ extents: [4, 4, 4, 4] }, kappa), 1e-12);
    expectClose(Math.cos(phase), 1, 1e-12);
    const found = traceOfInverse(op);
    expectClose(found / 256, trace, 1e-12);
    expectClose(found, wilsonTrace({ extents: [4, 4, 4, 4] }, kappa), 1e-12);
  });
});

const small: Case = { group: "SU(2)", extents: [2, 2, 2, 4] };
const fermions: readonly (readonly [object, Case])[] = [
  [
    { name: "staggered", mass: 0.3 },
    { group: "SU(3)", extents: [4, 2, 2, 4] },
  ],
  [
    { name: "staggered", mass: 0.3 },
    { group: "U(1)", extents: [4, 6] },
  ],
  [{ name: "wilson", kappa: 0.15 }, small],
  [
    { name: "wilson", kappa: 0.3 },
    { group: "U(1)", extents: [4, 6] },
  ],
  [{ name: "wilson", kappa: 0.12, r: 0.6 }, small],
  [{ name: "clover", kappa: 0.13, "c-sw": 1.3 }, small],
  [
    { name: "domain-wall", mass: 0.2, ls: 4 },
    { group: "SU(2)", extents: [2, 2, 2, 2] },
  ],
  [
    { name: "domain-wall", mass: 0.2, ls: 4, b: 2, c: 1 },
    { group: "U(1)", extents: [4, 4] },
  ],
];

describe.each(fermions)("%o on rough links of %o", (given, where) => {
  test("the determinant of the preconditioned operator is that of D", () => {
    const [even, all] = (["even", "all"] as const).map((domain) => logDeterminant(loaded(where, given, domain)));
    expectClose(even!.logModulus, all!.logModulus, 1e-12, Math.max(1, Math.abs(all!.logModulus)));
    expectClose(Math.cos(even!.phase), Math.cos(all!.phase), 1e-10, 1);
    expect(Math.abs(Math.sin(all!.phase))).toBeLessThan(1e-10); // det D is real
  });

  test("the trace of the inverse too, where the preconditioned operator knows it", () => {
    const [even, all] = (["even", "all"] as const).map((domain) => loaded(where, given, domain));
    if (hasDenseTrace(even!)) expectClose(traceOfInverse(even!), traceOfInverse(all!), 1e-11);
    else expect(() => traceOfInverse(even!)).toThrow(/from the operator on all sites/);
    expect(hasDenseTrace(all!)).toBe(true);
  });
});

test("the trace of the inverse is the derivative of log det D with respect to the mass", () => {
  const at = (mass: number) => loaded(small, { name: "staggered", mass }, "even");
  const h = 1e-3;
  const log = (mass: number) => logDeterminant(at(mass)).logModulus;
  const differences = (8 * (log(0.5 + h) - log(0.5 - h)) - (log(0.5 + 2 * h) - log(0.5 - 2 * h))) / (12 * h);
  expectClose(traceOfInverse(at(0.5)), differences, 1e-10); // the truncation error is h^4 = 1e-12
});

describe("the exact determinant as an action", () => {
  const make = (given: object, count?: number) => (space: LinkSpace) =>
    new ExactDeterminant(space, diracOperator(space, fermionSchema.parse(given) as Fermion, "even"), count);
  const cases: readonly Case[] = [
    { group: "SU(2)", extents: [2, 2, 2, 2] },
    { group: "SU(3)", extents: [2, 4] },
  ];
  describeAction("staggered", { make: make({ name: "staggered", mass: 0.4 }), cases, extensive: false });
  describeAction("Wilson", { make: make({ name: "wilson", kappa: 0.13 }, 2), cases, extensive: false });
  describeAction("clover", {
    make: make({ name: "clover", kappa: 0.12, "c-sw": 1 }, 2),
    cases: [cases[0]!],
    extensive: false,
  });

  test("counts its quark fields", () => {
    const space = linkSpace(cases[0]!);
    const c = configuration(space, roughLinks("SU(2)", [2, 2, 2, 2]));
    const [one, two] = [1, 2].map((count) => make({ name: "staggered", mass: 0.4 }, count)(space).value(c));
    expectClose(two!, 2 * one!, 1e-14);
  });
});

test("a lattice that is too large is refused with size and limit", () => {
  const op = loaded({ group: "SU(3)", extents: [8, 8, 8, 8] }, { name: "staggered", mass: 1 }, "even", "cold");
  expect(() => matrixOf(op.space, "even", () => 0)).toThrow(RangeError);
  expect(() => logDeterminant(op)).toThrow(/a matrix of 6144 rows; exact linear algebra is for 4096 at most/);
});
