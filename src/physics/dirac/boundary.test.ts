import { describe, expect, test } from "vitest";
import { linkSpace } from "../testing.contract.ts";
import { type Boundary, boundaryFor, boundarySchema, complexPhase } from "./boundary.ts";
import { logDeterminant } from "./exact/determinant.ts";
import { Staggered } from "./staggered/staggered.ts";
import { Wilson } from "./wilson/wilson.ts";

const extents = [4, 6];
const boundary: Boundary = [{ angle: 0.37 }, -1];

/** Momenta of a plane wave: k_mu = (2 pi n + phase) / L_mu. */
function* momenta(): Generator<number[]> {
  for (let n = 0; n < extents[0]!; n++)
    for (let m = 0; m < extents[1]!; m++)
      yield [(Math.PI * (2 * n + 0.37)) / extents[0]!, (Math.PI * (2 * m + 1)) / extents[1]!];
}

const total = (term: (k: number[]) => number) => [...momenta()].reduce((sum, k) => sum + term(k), 0);
const sum = (k: readonly number[], f: (x: number) => number) => k.reduce((s, x) => s + f(x), 0);

describe("free quarks with twisted boundary conditions", () => {
  const space = linkSpace({ group: "SU(2)", extents });
  const n = 2;
  test.each(["even", "all"] as const)("staggered on %s sites: log det", (domain) => {
    const mass = 0.3;
    const d = new Staggered(space, { mass, boundary, domain });
    d.load(space.field());
    // m +- i sqrt(sum sin^2 k), one eigenvalue a momentum
    const expected = (n / 2) * total((k) => Math.log(mass ** 2 + sum(k, (x) => Math.sin(x) ** 2)));
    expect(logDeterminant(d).logModulus).toBeCloseTo(expected, 10);
  });
  test.each(["even", "all"] as const)("Wilson on %s sites: log det", (domain) => {
    const kappa = 0.2;
    const d = new Wilson(space, { kappa, boundary, domain });
    d.load(space.field());
    const modulus2 = (k: number[]) =>
      (1 - 2 * kappa * sum(k, Math.cos)) ** 2 + 4 * kappa ** 2 * sum(k, (x) => Math.sin(x) ** 2);
    expect(logDeterminant(d).logModulus).toBeCloseTo(n * total((k) => Math.log(modulus2(k))), 10);
  });
});

test("a half turn is antiperiodic, a whole one periodic", () => {
  expect(complexPhase({ angle: 1 })[0]).toBeCloseTo(-1, 15);
  expect(complexPhase({ angle: 2 })[0]).toBeCloseTo(1, 15);
});

test("what is no phase is refused", () => {
  expect(() => complexPhase(0.5)).toThrow(/0\.5 is no phase/);
  expect(boundarySchema.safeParse([1, 0.5]).success).toBe(false);
  expect(boundarySchema.safeParse([1, { angle: 0.5 }]).success).toBe(true);
  expect(() => boundaryFor([1], 2)).toThrow(/1 phases for 2 directions/);
  expect(boundaryFor(undefined, 3)).toEqual([1, 1, -1]);
});
