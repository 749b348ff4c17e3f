import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { sumOf } from "../../../physics/action.ts";
import { exactDeterminantDefinition } from "../../../physics/actions/exact-determinant/exact-determinant.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { startField } from "../../../physics/starts/index.ts";
import type { State } from "../../update.ts";
import { selfLearningDefinition } from "./index.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

const { parameters, build } = selfLearningDefinition;
const beta = 2.3;

/** The couplings that a short run for heavy staggered quarks on 4^4 freezes, and how often it accepted. */
function learnt(mass: number) {
  const space = new LinkSpace(new Lattice(device, [4, 4, 4, 4]), parseGroup("SU(2)"));
  const gauge = wilsonGauge(space, beta);
  const quark = exactDeterminantDefinition.parameters.parse({ fermion: { name: "staggered", mass } });
  const terms = [gauge, exactDeterminantDefinition.build(quark, { space })];
  const update = build(
    parameters.parse({
      loops: ["plaquette", "polyakov-x", "polyakov-y", "polyakov-z", "polyakov-t"],
      inner: { name: "heatbath", sweeps: 2 },
    }),
    { space, action: sumOf(terms), terms, names: ["wilson-gauge", "exact-determinant"], label: "" },
  );
  const rng = addressedRng(`heavy quarks ${mass}`);
  const state: State = { space, field: startField(space, "hot", rng), auxiliary: new Map(), step: 0 };
  let accepted = 0;
  for (let i = 0; i < 20; i++) {
    const report = update.step(state, rng);
    update.tune!(report);
    if (report.accepted) accepted += 1;
  }
  return { fitted: update.freeze!()!, accepted };
}

/**
 * log det D = const + (1/8m^4)[sum Re tr P + sum Re tr Pol_t - sum_i Re tr Pol_i] + O(m^-6), every line once; with lines counted
 * once for each of their four sites that is beta + N/8m^4 for plaquettes and N/32m^4 for lines, negative round space, where
 * the quarks are periodic (notes on gauge theory, 5.1).
 */
describe("heavy quarks shift the couplings as the hopping expansion says, up to corrections in 1/m^2", () => {
  const signs = { "polyakov-x": -1, "polyakov-y": -1, "polyakov-z": -1, "polyakov-t": 1 };
  const ratios = (mass: number) => {
    const { fitted, accepted } = learnt(mass);
    expect(accepted).toBeGreaterThan(15);
    const lines = Object.entries(signs).map(([loop, sign]) => (sign * 32 * mass ** 4 * fitted[`beta ${loop}`]!) / 2);
    return [(8 * mass ** 4 * (fitted["beta plaquette"]! - beta)) / 2, ...lines];
  };
  test("to 6 % at m = 12, and that of the plaquette four times closer than at m = 6", () => {
    const [near, far] = [ratios(12), ratios(6)];
    for (const [i, ratio] of near.entries()) {
      expect(Math.abs(1 - ratio)).toBeLessThan(0.06);
      expect(1 - far[i]!).toBeGreaterThan(1 - ratio);
    }
    const closer = (1 - far[0]!) / (1 - near[0]!);
    expect(closer).toBeGreaterThan(3.3);
    expect(closer).toBeLessThan(4.7);
  });
});
