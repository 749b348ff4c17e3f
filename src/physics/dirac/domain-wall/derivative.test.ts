import { describe, expect, test } from "vitest";
import type { Field } from "../../../lattice/field.ts";
import { addForceOfDerivative, derivativeField } from "../../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { roughLinks } from "../../testing.contract.ts";
import { conjugateGradients, noise, operatorOf, type Shape } from "./testing.contract.ts";

const shapes: readonly Shape[] = [
  { group: "SU(3)", extents: [2, 2, 2, 2], L5: 3, b: 1, c: 1, domain: "all" },
  { group: "SU(3)", extents: [2, 2, 2, 2], L5: 3, b: 1, c: 1, domain: "even" },
  { group: "SU(2)", extents: [2, 4, 2, 2], L5: 4, b: 2, c: 1, domain: "all" },
  { group: "SU(2)", extents: [2, 4, 2, 2], L5: 4, b: 1.5, c: 0.3, domain: "even" },
  { group: "SU(2)", extents: [3, 3, 2, 1], L5: 2, b: 2, c: 0, domain: "all" },
  { group: "SU(3)", extents: [4, 4], L5: 1, b: 2, c: 1, domain: "even" },
];
const named = shapes.map((s) => [JSON.stringify(s), s] as const);

/** -dS/dU along momenta p, for the derivative field delta. */
function slopeOf(links: LinkSpace, u: Field, delta: Field, p: Field): number {
  const force = links.momenta();
  addForceOfDerivative(links, u, delta, 1, force);
  const [a, b] = [force.view(), p.view()];
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum -= a[k]! * b[k]!;
  return sum;
}

/** dS/ds along U -> exp(s P) U by differences of fourth order. */
function difference(links: LinkSpace, u: Field, p: Field, value: (u: Field) => number): number {
  const h = 4e-3;
  const at = (s: number) => {
    const moved = u.copy();
    links.drift(moved, p, s);
    const result = value(moved);
    moved.release();
    return result;
  };
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

function direction(links: LinkSpace): Field {
  const p = links.momenta();
  links.drawMomenta(p, addressedRng("direction"), 0);
  return p;
}

describe("the derivative of Re y^dagger D x", () => {
  test.each(named)("equals differences, %s", (_, shape) => {
    const { operator, links, u } = operatorOf(shape);
    const [x, y, dx] = [noise(operator, "x"), noise(operator, "y"), operator.space.field()];
    const p = direction(links);
    const delta = derivativeField(links);
    operator.addDerivative(delta, 1.7, y, x);
    const expected = difference(links, u, p, (v) => {
      operator.load(v);
      operator.apply(dx, x);
      return 1.7 * operator.space.dot(shape.domain, y, dx)[0]!;
    });
    const slope = slopeOf(links, u, delta, p);
    expect(Math.abs(slope - expected)).toBeLessThan(1e-8 * Math.abs(expected));
    // what is there is kept, and the weight counts
    operator.load(u);
    operator.addDerivative(delta, -0.85, y, x);
    expect(Math.abs(slopeOf(links, u, delta, p) - slope / 2)).toBeLessThan(1e-12 * Math.abs(slope));
    // y and x the other way round are another derivative
    const swapped = derivativeField(links);
    operator.addDerivative(swapped, 1.7, x, y);
    expect(Math.abs(slopeOf(links, u, swapped, p) - expected)).toBeGreaterThan(1e-3 * Math.abs(expected));
  });
});

describe("S = phi^dagger D_PV (D^dagger D)^{-1} D_PV^dagger phi", () => {
  /** S and the pieces of its derivative. */
  function action(shape: Shape) {
    const { operator, links, u } = operatorOf(shape);
    const heavy = operator.pauliVillars();
    const { space } = operator;
    const phi = noise(operator, "phi");
    const right = space.field();
    const solve = (v: Field) => {
      heavy.load(v);
      heavy.applyDagger(right, phi);
      return conjugateGradients(operator.normal, right);
    };
    const value = (v: Field) => space.dot(shape.domain, right, solve(v))[0]!;
    return { operator, heavy, links, u, phi, value, solve };
  }

  test.each(named)("its force equals differences, %s", (_, shape) => {
    const { operator, heavy, links, u, phi, value, solve } = action({ ...shape, mass: 0.4 });
    const p = direction(links);
    const expected = difference(links, u, p, value);
    const x = solve(u);
    const y = operator.space.field();
    operator.apply(y, x);
    const delta = derivativeField(links);
    heavy.addDerivative(delta, 2, phi, x);
    operator.addDerivative(delta, -2, y, x);
    const slope = slopeOf(links, u, delta, p);
    expect(Math.abs(slope - expected)).toBeLessThan(1e-8 * Math.abs(expected));
  });

  test.each(named)("mass 1 gives |phi|^2 whatever the field, %s", (_, shape) => {
    const { operator, links, u, phi, value } = action({ ...shape, mass: 1 });
    const norm = operator.space.norm2(shape.domain, phi);
    for (const seed of [1, 2]) {
      links.load(u, roughLinks(shape.group, shape.extents, seed));
      expect(Math.abs(value(u) / norm - 1)).toBeLessThan(1e-12);
    }
  });
});
