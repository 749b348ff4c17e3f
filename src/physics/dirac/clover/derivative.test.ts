import { describe, expect, test } from "vitest";
import { addForceOfDerivative, derivativeField } from "../../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { forceAgainstDifferences } from "../../action.contract.ts";
import type { Action } from "../../action.ts";
import { type Case, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { Clover } from "./clover.ts";

const shapes: readonly (Case & { r?: number; kappa?: number })[] = [
  { group: "SU(3)", extents: [4, 2, 2, 4] },
  { group: "SU(2)", extents: [2, 4, 2, 2], lanes: 1, r: 0.7 },
  { group: "SU(5)", extents: [2, 2, 2, 2] },
  { group: "SU(3)", extents: [4, 6] },
  { group: "U(1)", extents: [6, 4], r: 0.7 },
];

const numbers = (shape: Case & { r?: number }) => ({
  kappa: 0.13,
  cSW: 1.3,
  r: shape.r ?? 1,
  boundary: shape.extents.map((_, mu) => (mu % 2 === 0 ? 1 : -1)),
});

/** Re(y^dagger D x) with fixed vectors as an action of the links, with the derivative of another operator for its force. */
function bilinear(d: Clover, derived = d): Action {
  const [x, y, dx] = [d.space.field(), d.space.field(), d.space.field()];
  d.space.draw(d.domain, x, "gaussian", addressedRng("x", 0), "x", 0);
  d.space.draw(d.domain, y, "gaussian", addressedRng("y", 0), "y", 0);
  return {
    value: ({ field }) => {
      d.load(field);
      d.apply(dx, x);
      return d.space.dot(d.domain, y, dx)[0]!;
    },
    addForce: ({ field, space }, weight, p) => {
      derived.load(field);
      const delta = derivativeField(space as LinkSpace);
      derived.addDerivative(delta, 1, y, x);
      addForceOfDerivative(space as LinkSpace, field, delta, weight, p);
      delta.release();
    },
  };
}

/** log det A_oo as an action. */
function local(d: Clover, sign = 1): Action {
  return {
    value: ({ field }) => {
      d.load(field);
      return d.local!.logDeterminant();
    },
    addForce: ({ field, space }, weight, p) => {
      d.load(field);
      const delta = derivativeField(space as LinkSpace);
      d.local!.addDerivative(delta, sign);
      addForceOfDerivative(space as LinkSpace, field, delta, weight, p);
      delta.release();
    },
  };
}

describe.each(shapes)("derivative of clover: $group on $extents, r = $r", (shape) => {
  const space = linkSpace(shape);
  const options = numbers(shape);

  test.each(["all", "even"] as const)("of y^dagger D x on %s sites, to 1e-8", (domain) => {
    const action = bilinear(new Clover(space, { ...options, domain }));
    const { exact, differences } = forceAgainstDifferences(space, action);
    expectClose(exact, differences, 1e-8);
  });

  test("of log det A_oo, to 1e-8", () => {
    const { exact, differences } = forceAgainstDifferences(space, local(new Clover(space, options)));
    expectClose(exact, differences, 1e-8);
  });

  test("wrong signs are noticed", () => {
    for (const domain of ["all", "even"] as const) {
      const right = new Clover(space, { ...options, domain });
      const wrong = new Clover(space, { ...options, domain, cSW: -options.cSW });
      const { exact, differences } = forceAgainstDifferences(space, bilinear(right, wrong));
      expect(Math.abs(exact - differences)).toBeGreaterThan(1e-3 * Math.abs(differences));
    }
    const { exact, differences } = forceAgainstDifferences(space, local(new Clover(space, options), -1));
    expectClose(exact, -differences, 1e-8);
  });
});

test("odd extents and extent 1, domain all", () => {
  const space = linkSpace({ group: "SU(2)", extents: [3, 1, 2, 3] });
  const options = numbers({ group: "SU(2)", extents: [3, 1, 2, 3] });
  const { exact, differences } = forceAgainstDifferences(
    space,
    bilinear(new Clover(space, { ...options, domain: "all" })),
  );
  expectClose(exact, differences, 1e-8);
});

describe("the derivative field", () => {
  const shape = { group: "SU(3)", extents: [4, 4, 2, 4] };
  const run = (workers: 1 | 2, weights: readonly number[]) => {
    const space = linkSpace(shape, workers);
    const u = space.field();
    space.load(u, roughLinks(shape.group, shape.extents));
    const d = new Clover(space, numbers(shape));
    d.load(u);
    const delta = derivativeField(space);
    const [x, y] = [d.space.field(), d.space.field()];
    d.space.draw("even", x, "gaussian", addressedRng("x", 0), "x", 0);
    d.space.draw("even", y, "gaussian", addressedRng("y", 0), "y", 0);
    const before = [x, y].map((v) => d.space.store(v));
    for (const weight of weights) {
      d.addDerivative(delta, weight, y, x);
      d.local!.addDerivative(delta, 2 * weight);
    }
    expect([x, y].map((v) => d.space.store(v))).toEqual(before);
    return delta.view().slice();
  };

  test("one and two workers give the same bits", () => {
    expect(run(2, [0.7])).toEqual(run(1, [0.7]));
  });

  test("it is added to, times its weight", () => {
    const [one, two] = [run(1, [1]), run(1, [0.25, -1.5])];
    one.forEach((value, i) => expectClose(two[i]!, -1.25 * value, 1e-12, 1));
  });
});
