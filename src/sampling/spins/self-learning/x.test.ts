import { afterAll, describe, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import { doubleExchange } from "../../../physics/spins/actions/double-exchange/double-exchange.ts";
import { selfLearning } from "./self-learning.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { makeMetropolis } from "../metropolis/metropolis.ts";
import { makeOverrelaxation } from "../overrelaxation/overrelaxation.ts";
import { inTurn } from "../spin-move.ts";
import { dot, pull, spinSpace, stateOf } from "./small-systems.contract.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("2x2", () => {
  const space = spinSpace(device, [2, 2]);
  const target = doubleExchange(space, { J: 2, t: 1, mu: 0, temperature: 0.2, boundary: "periodic" } as never);
  test.each([[[1, 0], "heatbath"], [[2, 0], "heatbath"], [[-1, 1], "heatbath"],[[1,0],"metropolis"],[[1,1],"reflect"],[[1,-0.5],"reflect"],[[-1,0.5],"both"]])("%j %j", (shells, what) => {
    const guide = pairAction(space, { shells: shells as number[] }, 1, "guide");
    const o = { order: "sequential" } as const;
    const m = what === "heatbath" ? makeHeatbath(space, guide, o) : what === "metropolis" ? makeMetropolis(space, guide, o) : inTurn([makeOverrelaxation(space, guide, o), ...(what === "both" ? [makeHeatbath(space, guide, o)] : [makeMetropolis(space, guide, {order: "random", updates: 1})])]);
    const update = selfLearning(space, { target, levels: [guide], inner: { walk: (s, r) => { const x = m.move(s, r); return { tries: x.proposals, accepted: x.accepted, forces: 0 }; } } });
    const state = stateOf(space);
    const rng = addressedRng("square");
    const v: number[][] = [[], [], [], [], [], []];
    let acc = 0;
    const t0 = performance.now();
    const n = 40000;
    for (let i = 0; i < n; i++) {
      acc += update.step(state, rng).accepted ? 1 : 0;
      const s = state.field.view();
      [[0,1],[0,2],[1,3],[2,3],[0,3],[1,2]].forEach(([a,b],k) => v[k]!.push(dot(s,a!,b!)));
    }
    console.log(JSON.stringify(shells), what, acc / n, v.map((x, k) => pull(x, k<4 ? -0.11207255: 0.36008574).toFixed(2)).join(" "), performance.now() - t0);
  });
});
