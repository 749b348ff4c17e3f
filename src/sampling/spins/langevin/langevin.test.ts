import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { hmcDefinition } from "../../updates/hmc/index.ts";
import { exactSpins, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { langevinDefinition } from "./index.ts";
import { langevin } from "./langevin.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    langevinDefinition.build(langevinDefinition.parameters.parse(parameters), bench);
const hmcOf =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    hmcDefinition.build(hmcDefinition.parameters.parse(parameters), bench);

/** The Langevin equation without its decision. */
const unadjusted = (bench: UpdateBench & { space: UpdateBench["space"] }): Update => {
  const { space } = spinBench(spinTargets.dimer, bench.space.lattice.device);
  const update = langevin(space, { value: () => 0, addForce: (...all) => bench.action.addForce(...all) }, 1.2);
  return {
    step(state, rng) {
      const p = space.momenta();
      const { step } = state;
      space.drawMomenta(p, rng, step);
      bench.action.addForce(state, 0.6, p);
      space.drift(state.field, p, update.stepSize);
      p.release();
      state.step += 1;
      return {};
    },
  };
};

describeSpinUpdate("langevin", {
  build: build({ stepSize: 0.9 }),
  targets: ["dimer", "heisenberg", "heisenbergField", "xyRing", "xyField"],
  draws: 1200,
  deltaH: true,
  reversible: true,
  broken: { "without a decision": unadjusted },
});
describeSpinUpdate("hmc of spins", {
  build: hmcOf({ length: 1.5, steps: 4 }),
  targets: ["dimer", "heisenbergField", "xyRing", "xyField"],
  draws: 1200,
  deltaH: true,
  reversible: true,
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("langevin", () => {
  test("tunes the step size towards the wanted acceptance, and stops", () => {
    const bench = spinBench({ spins: "O(3)", extents: [6, 6], shells: [1.5] }, device);
    const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
    const update = build({ stepSize: 3, tune: 0.6 })(bench);
    const rng = addressedRng("tuning");
    for (let i = 0; i < 400; i++) update.tune!(update.step(state, rng));
    const frozen = update.freeze!();
    expect(update.tuned!().stepSize).toBe(frozen!.stepSize);
    let accepted = 0;
    for (let i = 0; i < 400; i++) accepted += update.step(state, rng).accepted ? 1 / 400 : 0;
    expect(Math.abs(accepted - 0.6)).toBeLessThan(0.12);
  });
  test("Ising spins are refused with a sentence", () => {
    expect(() => build({})(spinBench(spinTargets.isingRing, device))).toThrow(/Ising spins have no molecular dynamics/);
  });
  test("halving the step size divides deltaH by eight", () => {
    const { heisenberg } = spinTargets;
    const size = (stepSize: number) => {
      const bench = spinBench(heisenberg, device);
      const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
      const update = build({ stepSize })(bench);
      return exactSpins(heisenberg, 200).reduce((sum, draw) => {
        state.field.view().set(draw);
        return sum + Math.abs(update.step(state, addressedRng("size")).deltaH!);
      }, 0);
    };
    expect(Math.abs(Math.log2(size(0.1) / size(0.05)) - 3)).toBeLessThan(0.15);
  });
});
