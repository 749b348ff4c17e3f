import { describe, expect, test } from "vitest";
import { describeAction } from "../../action.contract.ts";
import { type LoopFamily, loopFamilies, loopsOf } from "../../loops/families.ts";
import { loopSumReference } from "../../loops/reference.ts";
import { type Case, cases, configuration, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { wilsonGauge } from "../wilson-gauge/wilson-gauge.ts";
import { loopGauge, loopGaugeAction } from "./loop-gauge.ts";

const has = (family: LoopFamily, extents: readonly number[]) => {
  try {
    return loopsOf(family, extents).length > 0;
  } catch {
    return false;
  }
};

const few: readonly Case[] = [
  { group: "SU(3)", extents: [4, 2, 3, 4] },
  { group: "SU(2)", extents: [3, 4, 2] },
  { group: "U(1)", extents: [4, 6] },
  { group: "SU(3)", extents: [6] },
];

for (const family of loopFamilies.filter((name) => name !== "polyakov" && name !== "plaquette"))
  describeAction(`loop-gauge, ${family}`, {
    make: (space) => loopGauge(space, -1.3, loopsOf(family, space.lattice.extents)),
    cases: few.filter(({ extents }) => has(family, extents)),
    extensive: !family.startsWith("polyakov"),
  });

const knot = [1, 1, 2, -1, 3, -2, -1, -3];
describeAction("loop-gauge, a knot, a twice wound plaquette and a loop closed by the seam", {
  make: (space) => loopGauge(space, 0.9, [knot, [1, 2, -1, -2, 1, 2, -1, -2], [2, 1, 2, 2, -1]]),
  cases: [{ group: "SU(3)", extents: [4, 3, 2, 4] }],
  extensive: true,
});

describe.each(cases)("$group on $extents", ({ group, extents, lanes }) => {
  const space = linkSpace({ group, extents, lanes });
  const data = roughLinks(group, extents);
  const c = configuration(space, data);

  test.each(loopFamilies.filter((family) => has(family, extents)))("%s equals the path products", (family) => {
    const loops = loopsOf(family, extents);
    const expected = loops.reduce((sum, loop) => sum + loopSumReference(data, loop).re, 0);
    const value = loopGauge(space, 1.1, loops).value(c);
    expectClose(value, (-1.1 / space.group.n) * expected, 1e-13, space.lattice.volume * loops.length);
  });

  test("plaquettes as loops are the Wilson action, with the same force", () => {
    const [loops, wilson] = [loopGauge(space, 2, loopsOf("plaquette", extents)), wilsonGauge(space, 2)];
    expectClose(loops.value(c), wilson.value(c), 1e-13, space.lattice.volume);
    const [f, g] = [space.momenta(), space.momenta()];
    loops.addForce(c, 1, f);
    wilson.addForce(c, 1, g);
    const other = g.view();
    f.view().forEach((x, i) => expectClose(x, other[i]!, 1e-13, 10));
  });
});

test("loops given twice, backwards or from another corner count once", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const c = configuration(space, roughLinks("SU(2)", [4, 4]));
  const once = loopGauge(space, 1, [[1, 2, -1, -2]]);
  const often = loopGauge(space, 1, [
    [1, 2, -1, -2],
    [2, 1, -2, -1],
    [-1, -2, 1, 2],
  ]);
  expect(often.value(c)).toBe(once.value(c));
});

describe("parameters", () => {
  const { parameters, build } = loopGaugeAction;
  const on = (extents: readonly number[], given: unknown) =>
    build(parameters.parse(given), { space: linkSpace({ group: "SU(2)", extents: extents }) });
  test.each([
    [
      { beta: 1, paths: [[1, 2, -1]] },
      /loop \[1, 2, -1\] is not closed on the lattice \[4, 4\]: it ends \[0, 1\] away/,
    ],
    [{ beta: 1, paths: [[1, 3, -1, -3]] }, /step 3 is no direction; this lattice has directions 1 to 2/],
    [{ beta: 1, paths: [[1, 2, -2, -1]] }, /takes back the step before it/],
    [{ beta: 1, paths: [[]] }, /has no steps/],
    [{ beta: 1, loops: "chair" }, /no chair in 2 dimensions; use a lattice of at least 3/],
    [{ beta: 1, loops: "polyakov-z" }, /no direction z in 2 dimensions: they are x, t/],
  ])("%j is refused with a sentence", (given, sentence) => {
    expect(() => on([4, 4], given)).toThrow(sentence);
  });
  test("a line closes round the lattice", () => {
    expect(on([3, 4], { beta: 1, paths: [[1, 1, 1]] }).staples).toHaveLength(1);
    expect(parameters.safeParse({ beta: 1 }).error?.issues[0]?.message).toMatch(/either loops .* or paths/);
  });
});
