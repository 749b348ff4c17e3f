import { describe, expect, test } from "vitest";
import { Device } from "../../../kernels/device.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { type Action, sumOf } from "../../../physics/action.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import type { State, UpdateBench } from "../../update.ts";
import { hmcDefinition } from "./index.ts";
import { actionsOfLevels } from "./levels.ts";

const worth = (value: number): Action => ({ value: () => value, addForce: () => {} });
/** An action with parts, as quarks with a split determinant have them. */
const split = (...values: readonly number[]): Action => ({
  ...sumOf(values.map(worth)),
  parts: values.map((value, i) => ({ name: `part-${i + 1}`, action: worth(value) })),
});
const terms = [worth(1), split(10, 20, 40), worth(100)];
const names = ["wilson-gauge", "wilson", "wilson-gauge"];

/** The sum of the values on every level: each term has a binary or decimal place of its own. */
const valuesOn = (...levels: readonly (readonly string[])[]) =>
  actionsOfLevels(
    levels.map((actions) => ({ actions })),
    terms,
    names,
  ).map((action) => action.value({} as never));

describe("the levels of nested time scales", () => {
  test("name whole actions, all of that name", () => {
    expect(valuesOn(["wilson"], ["wilson-gauge"])).toEqual([70, 101]);
    expect(valuesOn(["wilson", "wilson-gauge"])).toEqual([171]);
  });
  test("name parts of an action", () => {
    expect(valuesOn(["wilson.part-1"], ["wilson.part-2", "wilson.part-3"], ["wilson-gauge"])).toEqual([10, 60, 101]);
    expect(valuesOn(["wilson.part-2"], ["wilson-gauge", "wilson.part-1", "wilson.part-3"])).toEqual([20, 151]);
  });
  test("take an action whose parts all stand on one level as it is", () => {
    const whole = { ...split(10, 20), value: () => 30.5 };
    const [action] = actionsOfLevels([{ actions: ["wilson.part-2", "wilson.part-1"] }], [whole], ["wilson"]);
    expect(action).toBe(whole);
  });

  const refused: readonly [string, readonly (readonly string[])[], RegExp][] = [
    ["an unknown name", [["gauge"]], /levels\[0\].*no action "gauge".*wilson-gauge, wilson, wilson\.part-1, .*part-3$/],
    ["an unknown part", [["wilson.part-4"]], /no action "wilson\.part-4"/],
    [
      "a whole and its part",
      [["wilson", "wilson-gauge"], ["wilson.part-2"]],
      /levels\[1\].*"wilson\.part-2" stands in two levels/,
    ],
    ["a name twice", [["wilson", "wilson"]], /"wilson\.part-1" stands in this level twice/],
    ["a part left over", [["wilson.part-1", "wilson.part-3"], ["wilson-gauge"]], /wilson\.part-2 stands in no level/],
    ["an action left over", [["wilson"]], /: wilson-gauge stands in no level/],
  ];
  test.each(refused)("refuse %s", (_, levels, sentence) => {
    expect(() => valuesOn(...levels)).toThrow(sentence);
  });
});

test("a trajectory with parts on two levels is that of two actions", () => {
  const space = new LinkSpace(new Lattice(new Device(), [4, 4]), parseGroup("SU(2)"));
  const [slow, fast] = [wilsonGauge(space, 0.7), wilsonGauge(space, 1.6)];
  const whole: Action = {
    ...sumOf([slow, fast]),
    parts: [
      { name: "slow", action: slow },
      { name: "fast", action: fast },
    ],
  };
  const linksAfter = (bench: Pick<UpdateBench, "action" | "terms" | "names">, levelNames: readonly string[]) => {
    const levels = levelNames.map((name, i) => ({ actions: [name], steps: i === 0 ? 3 : 2 }));
    const update = hmcDefinition.build(hmcDefinition.parameters.parse({ levels }), { space, label: "", ...bench });
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    for (let i = 0; i < 3; i++) update.step(state, addressedRng("levels", 0));
    return space.store(state.field).links;
  };
  const asParts = linksAfter({ action: whole, terms: [whole], names: ["sum"] }, ["sum.slow", "sum.fast"]);
  const asTerms = linksAfter({ action: whole, terms: [slow, fast], names: ["slow", "fast"] }, ["slow", "fast"]);
  const exchanged = linksAfter({ action: whole, terms: [whole], names: ["sum"] }, ["sum.fast", "sum.slow"]);
  expect(asParts).toEqual(asTerms);
  expect(asParts).not.toEqual(exchanged);
});
