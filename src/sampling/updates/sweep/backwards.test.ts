import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { rectangleGauge } from "../../../physics/actions/rectangle-gauge/rectangle-gauge.ts";
import type { State, UpdateBench } from "../../update.ts";
import { heatbathRule } from "../heatbath/heatbath.ts";
import { overrelaxationRule } from "../overrelaxation/overrelaxation.ts";
import { fixedStapleBench, haarStart } from "./fixed-staple.contract.ts";
import type { Order } from "./order.ts";
import { makeSweep } from "./sweep.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

/** How far the field is from its start after sweeps of reflections forwards (+) and backwards (-). */
function walked(group: string, order: Order, ways: string): number {
  const space = new LinkSpace(new Lattice(device, [8, 6], order === "sequential" ? 1 : undefined), parseGroup(group));
  const action = rectangleGauge(space, 3, -1 / 12);
  const bench: UpdateBench = { space, action, terms: [action], names: ["rectangle-gauge"], label: "" };
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 1 };
  haarStart(space, state);
  const start = space.store(state.field).links;
  const sweeps = {
    "+": makeSweep(bench, "sweep", order, overrelaxationRule),
    "-": makeSweep(bench, "sweep", order, overrelaxationRule, true),
  };
  for (const way of ways) sweeps[way as "+" | "-"](state, addressedRng("backwards"));
  const { links } = space.store(state.field);
  return links.reduce((most, x, i) => Math.max(most, Math.abs(x - start[i]!)), 0);
}

/** A reflection undoes itself, so a sweep of them is undone by the sweep in the reverse order, and by no other. */
describe.each(["U(1)", "SU(2)", "SU(3)", "SU(4)"])("overrelaxation of %s, backwards after forwards", (group) => {
  test.each(["coloured", "sequential"] as const)("comes back, %s", (order) => {
    expect(walked(group, order, "+-")).toBeLessThan(1e-9);
    expect(walked(group, order, "++")).toBeGreaterThan(0.1);
  });
});

/** Heat bath draws by address, so where links do not know of each other only the order of the subgroups matters. */
test("heat bath backwards takes the same draws in another order", () => {
  const links = (group: string, backwards: boolean) => {
    const { space, bench, state } = fixedStapleBench(device, group, [4, 4], 1.3);
    makeSweep(bench, "sweep", "coloured", heatbathRule, backwards)(state, addressedRng("backwards"));
    return space.store(state.field).links;
  };
  expect(links("SU(2)", true)).toEqual(links("SU(2)", false));
  expect(links("SU(3)", true)).not.toEqual(links("SU(3)", false));
  expect(links("SU(4)", true)).not.toEqual(links("SU(4)", false));
});
