import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { rectangleGauge } from "../../../physics/actions/rectangle-gauge/rectangle-gauge.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import type { GaugeAction } from "../../../physics/loops/staple.ts";
import { describeUpdate } from "../../update.contract.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { fixedStapleBench, haarStart } from "../sweep/fixed-staple.contract.ts";
import { overrelaxationDefinition } from "./index.ts";

const build = (bench: UpdateBench): Update =>
  overrelaxationDefinition.build(overrelaxationDefinition.parameters.parse({}), bench);

/** Reflects the links of another action than that of the bench. */
const reflecting =
  (other: (space: LinkSpace) => GaugeAction) =>
  (bench: UpdateBench): Update => {
    const action = other(bench.space as LinkSpace);
    return build({ ...bench, action, terms: [action] });
  };

describeUpdate("overrelaxation", {
  build,
  broken: { "about a wrong staple": reflecting((space) => rectangleGauge(space, 2, -0.05)) },
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("keeps the action", () => {
  test.each([
    ["SU(2)", [4, 4, 4, 4], "wilson"],
    ["SU(3)", [4, 4, 2, 4], "wilson"],
    ["SU(3)", [4, 6, 4], "rectangle"],
    ["SU(2)", [6, 5], "rectangle"],
    ["SU(4)", [4, 4], "wilson"],
    ["SU(5)", [4, 4], "wilson"],
    ["U(1)", [4, 4, 4], "wilson"],
    ["U(1)", [6, 6], "rectangle"],
  ] as const)("%s on %j, %s action", (name, extents, kind) => {
    const space = new LinkSpace(new Lattice(device, extents), parseGroup(name));
    const action = kind === "wilson" ? wilsonGauge(space, 3) : rectangleGauge(space, 3, -1 / 12);
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    haarStart(space, state);
    const bench = { space, action, terms: [action], names: [kind], label: "" };
    const before = { action: action.value(state), links: space.store(state.field).links };
    const update = build(bench);
    const rng = addressedRng("overrelaxation");
    for (let i = 0; i < 10; i++) update.step(state, rng);
    const scale = Math.abs(before.action) + Math.sqrt(space.lattice.volume);
    expect(Math.abs(action.value(state) - before.action) / scale).toBeLessThan(1e-12);
    const { links } = space.store(state.field);
    const moved = links.reduce((sum, x, i) => sum + (x - before.links[i]!) ** 2, 0) / links.length;
    expect(moved * space.group.n).toBeGreaterThan(0.1);
    expect(space.defect(state.field)).toBeLessThan(1e-13);
  });
});

test.each(["SU(2)", "U(1)"])("%s: reflecting the same links twice brings them back", (name) => {
  const { space, bench, state } = fixedStapleBench(device, name, [4, 4], 1);
  haarStart(space, state);
  const start = space.store(state.field).links;
  const update = build(bench);
  const rng = addressedRng("twice");
  const distance = () => Math.max(...space.store(state.field).links.map((x, i) => Math.abs(x - start[i]!)));
  update.step(state, rng);
  expect(distance()).toBeGreaterThan(0.1);
  update.step(state, rng);
  expect(distance()).toBeLessThan(1e-13);
});
