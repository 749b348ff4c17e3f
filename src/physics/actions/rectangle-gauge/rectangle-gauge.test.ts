import { describe, expect, test } from "vitest";
import { describeAction } from "../../action.contract.ts";
import { planes, rectangle } from "../../loops/families.ts";
import { loopSumReference } from "../../loops/reference.ts";
import { cases, configuration, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { improvements, rectangleGauge, rectangleGaugeAction } from "./rectangle-gauge.ts";

describeAction("rectangle-gauge", { make: (space) => rectangleGauge(space, 1.7, improvements.iwasaki), cases });

describe.each(cases)("$group on $extents", ({ group, extents, lanes }) => {
  test.each(Object.entries(improvements))("%s equals the path products", (_, c1) => {
    const space = linkSpace({ group, extents, lanes });
    const data = roughLinks(group, extents);
    let plaquettes = 0;
    let rectangles = 0;
    for (const [mu, nu] of planes(extents.length)) {
      plaquettes += loopSumReference(data, rectangle(mu, nu, 1, 1)).re;
      rectangles +=
        loopSumReference(data, rectangle(mu, nu, 2, 1)).re + loopSumReference(data, rectangle(mu, nu, 1, 2)).re;
    }
    const expected = (-1.7 / space.group.n) * ((1 - 8 * c1) * plaquettes + c1 * rectangles);
    const value = rectangleGauge(space, 1.7, c1).value(configuration(space, data));
    expectClose(value, expected, 1e-13, 10 * space.lattice.volume);
  });
});

describe("parameters", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 4] });
  const c = configuration(space, roughLinks("SU(3)", [4, 4]));
  const { parameters, build } = rectangleGaugeAction;

  test("a named improvement is its c1", () => {
    const named = build(parameters.parse({ beta: 2, improvement: "symanzik" }), { space });
    const numbered = build(parameters.parse({ beta: 2, c1: -1 / 12 }), { space });
    expect(named.value(c)).toBe(numbered.value(c));
  });

  test.each([{ beta: 2 }, { beta: 2, c1: -0.1, improvement: "dbw2" }])("%j is refused with a sentence", (given) => {
    expect(parameters.safeParse(given).error?.issues[0]?.message).toMatch(/either c1 or improvement/);
  });
});
