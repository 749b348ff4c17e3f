import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import { selfLearning } from "./self-learning.ts";
import { dimer, dot, localChain, pull, spinSpace, stateOf } from "./small-systems.contract.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("dimer", () => {
  const space = spinSpace(device, [2]);
  test.each([[0], [1], [-0.3]])("J %d", (J) => {
    const guide = pairAction(space, { shells: [J] }, 1, "guide");
    const update = selfLearning(space, {
      target: dimer({ J: 1, beta: 5 }),
      levels: [guide],
      inner: localChain(guide.local, 2, 2),
    });
    const state = stateOf(space);
    const rng = addressedRng("dimer");
    const values: number[] = [];
    let acc = 0;
    const t0 = performance.now();
    const n = 100000;
    for (let i = 0; i < n; i++) {
      acc += update.step(state, rng).accepted ? 1 : 0;
      values.push(dot(state.field.view(), 0, 1));
    }
    console.log(J, acc / n, pull(values, -0.16639625), performance.now() - t0);
  });
});
