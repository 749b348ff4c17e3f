import { describe, expect, test } from "vitest";
import { describeAction, forceAgainstDifferences } from "../../action.contract.ts";
import type { Action } from "../../action.ts";
import { planes } from "../../loops/families.ts";
import { addLoopForce } from "../../loops/force.ts";
import { plaquetteStaple, plaquetteSums } from "../../loops/plaquette.ts";
import { addPlaquetteForce } from "../../loops/plaquette-force.ts";
import { loopSumReference } from "../../loops/reference.ts";
import { cases, configuration, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { wilsonGauge, wilsonGaugeAction } from "./wilson-gauge.ts";

describeAction("wilson-gauge", { make: (space) => wilsonGauge(space, 2.3), cases });

describe.each(cases)("$group on $extents", ({ group, extents, lanes }) => {
  test("plaquette sums and action equal the path products", () => {
    const space = linkSpace({ group, extents, lanes });
    const data = roughLinks(group, extents);
    const c = configuration(space, data);
    const expected = planes(extents.length).map(
      ([mu, nu]) => loopSumReference(data, [mu + 1, nu + 1, -mu - 1, -nu - 1]).re,
    );
    const { volume } = space.lattice;
    plaquetteSums(space, c.field.address).forEach((sum, i) => expectClose(sum, expected[i]!, 1e-13, volume));
    const total = expected.reduce((a, b) => a + b, 0);
    expectClose(wilsonGauge(space, 2.3).value(c), (-2.3 / space.group.n) * total, 1e-13, volume);
  });
});

test("plaquette by plaquette the force is that of the staples, which very large lattices take", () => {
  for (const where of [...cases, { group: "SU(16)", extents: [2, 2] }]) {
    const space = linkSpace(where);
    const c = configuration(space, roughLinks(where.group, where.extents));
    const [f, g] = [space.momenta(), space.momenta()];
    addPlaquetteForce(space, 1.5, c.field, f);
    addLoopForce(space, plaquetteStaple, 1.5, c.field, g);
    const other = g.view();
    f.view().forEach((x, i) => expectClose(x, other[i]!, 1e-13, 10));
  }
});

test("a force that is wrong by one part in a million is caught", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 4] });
  const right = wilsonGauge(space, 2.3);
  const wrong: Action = { ...right, addForce: (c, weight, p) => right.addForce(c, weight * (1 + 1e-6), p) };
  const { exact, differences } = forceAgainstDifferences(space, wrong);
  expect(Math.abs(exact / differences - 1)).toBeGreaterThan(1e-7);
});

test("the definition refuses what makes no sense, in a sentence", () => {
  expect(wilsonGaugeAction.parameters.safeParse({ beta: -1 }).error?.issues[0]?.message).toMatch(
    /beta must be 0 or more/,
  );
  expect(() => wilsonGaugeAction.build({ beta: 1 }, { space: linkSpace({ group: "SU(2)", extents: [6] }) })).toThrow(
    /no plaquette in 1 dimension;/,
  );
});
