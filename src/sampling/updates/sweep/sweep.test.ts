import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { coordinates, makeGeometry, siteAt } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { Action } from "../../../physics/action.ts";
import { loopGauge } from "../../../physics/actions/loop-gauge/loop-gauge.ts";
import { rectangleGauge } from "../../../physics/actions/rectangle-gauge/rectangle-gauge.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import type { GaugeAction } from "../../../physics/loops/staple.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { heatbathDefinition } from "../heatbath/index.ts";
import { metropolisDefinition } from "../metropolis/index.ts";
import { haarStart } from "./fixed-staple.contract.ts";
import { groupsOf, type Order } from "./order.ts";
import { needsOneLane } from "./sweep.ts";

const device = openDevice({ workers: 1 });
const two = openDevice({ workers: 2 });
afterAll(() => [device, two].forEach((d) => d.close()));

const spaceOf = (name: string, extents: readonly number[], lanes?: 1, on = device) =>
  new LinkSpace(new Lattice(on, extents, lanes), parseGroup(name));
const benchOf = (space: LinkSpace, action: Action, name = "the-action"): UpdateBench => ({
  space,
  action,
  terms: [action],
  names: [name],
  label: "",
});
const heatbath = (bench: UpdateBench, order: Order): Update =>
  heatbathDefinition.build(heatbathDefinition.parameters.parse({ order, overrelaxation: 1 }), bench);
const stateOf = (space: LinkSpace): State => ({ space, field: space.field(), auxiliary: new Map(), step: 0 });

const actions = {
  plaquettes: (space: LinkSpace): GaugeAction => wilsonGauge(space, 2),
  rectangles: (space: LinkSpace): GaugeAction => rectangleGauge(space, 2, -1 / 12),
  /** Straight round a lattice of four sites in x. */
  lines: (space: LinkSpace): GaugeAction => loopGauge(space, 1, [[1, 1, 1, 1]]),
};
const wilson = actions.plaquettes;

describe("groups: every block once, and none beside a link of its own loops", () => {
  test.each([
    ["plaquettes", [4, 4, 4, 4], "even-odd"],
    ["plaquettes", [4, 4, 4, 4], "coloured"],
    ["plaquettes", [3, 5, 4], "coloured"],
    ["plaquettes", [2, 2], "even-odd"],
    ["rectangles", [4, 6, 4], "coloured"],
    ["rectangles", [5, 6], "coloured"],
    ["lines", [4, 3], "coloured"],
  ] as const)("%s on %j, %s", (name, extents, order) => {
    const first = spaceOf("U(1)", extents);
    const action = actions[name](first);
    const geometry = makeGeometry(extents, needsOneLane([action], first.lattice) ? 1 : undefined);
    const sources = action.staples.map((term) => term.source);
    extents.forEach((_extent, mu) => {
      const groups = groupsOf(order, sources, mu, geometry);
      expect(groups.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: geometry.blocks }, (_b, b) => b));
      for (const group of groups) {
        const sites = group.flatMap((b) => [...geometry.sites.subarray(b * geometry.lanes, (b + 1) * geometry.lanes)]);
        const here = new Set(sites);
        const beside = sites.filter((site) =>
          sources.some((source) =>
            source.conflicts(mu, extents).some((y) => {
              const other = coordinates(site, extents).map((c, d) => c + y[d]!);
              return here.has(siteAt(other, extents));
            }),
          ),
        );
        expect(beside).toEqual([]);
      }
    });
  });

  test("plaquettes on even extents need two, in both parallel orders the same", () => {
    const geometry = makeGeometry([4, 4, 6]);
    const sources = wilson(spaceOf("U(1)", [4, 4, 6])).staples.map((term) => term.source);
    for (const mu of [0, 1, 2]) expect(groupsOf("coloured", sources, mu, geometry)).toHaveLength(2);
  });
});

describe("refusals", () => {
  const odd = spaceOf("SU(2)", [5, 4]);
  const even = spaceOf("SU(2)", [4, 4]);
  test.each([
    ["odd extents", odd, "plaquettes", "even-odd", /even extents.*\[5, 4\].*order = "coloured"/],
    ["rectangles on two colours", even, "rectangles", "even-odd", /plaquette action only.*order = "coloured"/],
    [
      "a loop back over its own link",
      spaceOf("SU(2)", [4, 1]),
      "plaquettes",
      "coloured",
      /"the-action".*\[4, 1\].*"hmc"/,
    ],
    ["lane partners in one loop", spaceOf("SU(2)", [2, 3]), "plaquettes", "coloured", /one lane/],
  ] as const)("%s", (_, space, name, order, sentence) => {
    expect(() => heatbath(benchOf(space, actions[name](space)), order)).toThrow(sentence);
  });
  test("a plaquette round an extent of two is fine", () => {
    const space = spaceOf("SU(2)", [2, 4]);
    expect(() => heatbath(benchOf(space, wilson(space)), "even-odd")).not.toThrow();
  });
  test("an action that is not linear in the links", () => {
    const squared: Action = { value: () => 0, addForce: () => {} };
    expect(() => heatbath(benchOf(even, squared, "squared"), "coloured")).toThrow(/"squared".*"hmc"/);
  });
});

test.each([
  [[4, 4, 4, 4], "plaquettes", false],
  [[2, 3], "plaquettes", true],
  [[2, 2, 2, 2], "plaquettes", false],
  [[4, 4], "rectangles", false],
  [[4, 3], "rectangles", true],
  [[4, 4], "lines", false],
  [[4, 3], "lines", true],
] as const)("needsOneLane on %j with %s: %s", (extents, name, expected) => {
  const space = spaceOf("U(1)", extents);
  expect(needsOneLane([actions[name](space)], space.lattice)).toBe(expected);
  const single = spaceOf("U(1)", extents, 1);
  expect(needsOneLane([actions[name](single)], single.lattice)).toBe(false);
});

describe("one and two workers give the same bits", () => {
  test.each([
    ["SU(2)", [8, 8, 4, 4], "plaquettes", "coloured"],
    ["SU(2)", [8, 8, 4], "plaquettes", "sequential"],
    ["SU(3)", [8, 4, 4, 4], "plaquettes", "even-odd"],
    ["SU(3)", [8, 8, 4], "rectangles", "coloured"],
    ["U(1)", [16, 16, 8], "rectangles", "coloured"],
  ] as const)("%s %j, %s, %s", (group, extents, name, order) => {
    const results = [device, two].map((on) => {
      const space = spaceOf(group, extents, undefined, on);
      const bench = benchOf(space, actions[name](space));
      const state = stateOf(space);
      haarStart(space, state);
      const metropolis = metropolisDefinition.build(metropolisDefinition.parameters.parse({ order }), bench);
      const rng = addressedRng("workers");
      heatbath(bench, order).step(state, rng);
      const { acceptance } = metropolis.step(state, rng);
      return { acceptance, links: space.store(state.field).links };
    });
    expect(results[1]).toEqual(results[0]);
  });
});

test("two updates of a mixture draw other numbers, by their labels", () => {
  const space = spaceOf("SU(2)", [4, 4]);
  const links = ["", "-1"].map((label) => {
    const state = stateOf(space);
    heatbath({ ...benchOf(space, wilson(space)), label }, "coloured").step(state, addressedRng("labels"));
    return space.store(state.field).links;
  });
  expect(links[0]).not.toEqual(links[1]);
});
