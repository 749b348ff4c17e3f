import { describe, expect, test } from "vitest";
import { addForceOfDerivative, derivativeField } from "../../lattice/links/derivative.ts";
import { describeAction } from "../action.contract.ts";
import { sumOf } from "../action.ts";
import { loopGauge } from "../actions/loop-gauge/loop-gauge.ts";
import { rectangleGauge } from "../actions/rectangle-gauge/rectangle-gauge.ts";
import { wilsonGauge } from "../actions/wilson-gauge/wilson-gauge.ts";
import { loopsOf } from "../loops/families.ts";
import { type Case, cases, configuration, expectClose, linkSpace, roughLinks } from "../testing.contract.ts";
import { stout } from "./stout/stout.ts";
import { through } from "./through.ts";

const few: readonly Case[] = [
  { group: "SU(3)", extents: [4, 2, 2, 2] },
  { group: "SU(3)", extents: [3, 2, 2, 3], lanes: 1 },
  { group: "SU(2)", extents: [3, 3, 2] },
];

const smeared = (rho: number | readonly number[], layers = 1) => ({ layers, loops: ["plaquette"] as const, rho });

describeAction("wilson-gauge through stout", {
  make: (space) => through(wilsonGauge(space, 2.3), stout(space, smeared(0.1))),
  cases,
});

describeAction("improved and Polyakov actions through three layers of stout", {
  make: (space) =>
    through(
      sumOf([rectangleGauge(space, 1.7, -0.331), loopGauge(space, 0.4, loopsOf("polyakov", space.lattice.extents))]),
      stout(space, smeared([0.12, 0.08, 0.05], 3)),
    ),
  cases: few,
  extensive: false,
});

describeAction("an action through a map through another", {
  make: (space) => through(through(wilsonGauge(space, 2.3), stout(space, smeared(0.1))), stout(space, smeared(-0.05))),
  cases: few.slice(0, 2),
});

describe.each(cases)("derivatives of gauge actions: $group on $extents", (where) => {
  test.each([
    ["wilson-gauge", wilsonGauge],
    ["rectangle-gauge", (on: ReturnType<typeof linkSpace>, beta: number) => rectangleGauge(on, beta, -0.1)],
  ] as const)("%s gives the force through its derivative", (_, make) => {
    const space = linkSpace(where);
    const action = make(space, 1.9);
    const c = configuration(space, roughLinks(where.group, where.extents));
    const [f, g, delta] = [space.momenta(), space.momenta(), derivativeField(space)];
    action.addForce(c, 0.6, f);
    action.addDerivative(c, 0.2, delta);
    action.addDerivative(c, 0.4, delta);
    addForceOfDerivative(space, c.field, delta, 1, g);
    const other = g.view();
    f.view().forEach((x, i) => expectClose(x, other[i]!, 1e-13, 10));
  });
});

test("through tells the gradient of the parameters, and hands the heat bath the mapped links", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const map = stout(space, smeared([0.1, 0.05], 2));
  const c = configuration(space, roughLinks("SU(2)", [4, 4]));
  const action = through(wilsonGauge(space, 2), map);
  const gradient = new Float64Array(2);
  action.addGradient(c, 1, gradient);
  const h = 1e-3;
  [0, 1].forEach((i) => {
    const at = (x: number) => {
      const before = map.parameters[i]!;
      map.parameters[i] = before + x;
      const value = action.value(c);
      map.parameters[i] = before;
      return value;
    };
    expectClose(gradient[i]!, (8 * (at(h) - at(-h)) - at(2 * h) + at(-2 * h)) / (12 * h), 1e-8);
  });
  let seen: unknown;
  const inner = {
    ...wilsonGauge(space, 2),
    refresh: (mapped: typeof c) => {
      seen = space.store(mapped.field).links;
      expect(mapped.auxiliary).toBe(c.auxiliary);
    },
  };
  through(inner as never, map).refresh?.(c, undefined as never, 0);
  const image = map.apply(c.field);
  expect(seen).toEqual(space.store(image.field).links);
});

test("an action that gives a force only is refused with a sentence", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const { value, addForce } = wilsonGauge(space, 2);
  expect(() => through({ value, addForce }, stout(space, smeared(0.1)))).toThrow(/cannot be taken on smeared links/);
});
