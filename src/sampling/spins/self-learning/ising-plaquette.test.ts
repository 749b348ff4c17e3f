import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { linearSpins } from "../../../learning/spins/models/linear-spins/linear-spins.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { isingAction } from "../../../physics/spins/actions/ising/ising.ts";
import type { UpdateBench } from "../../update.ts";
import { isingLaw, stateValues } from "../spin-targets.contract.ts";
import { selfLearningDefinition } from "./index.ts";
import { pull, spinSpace, stateOf } from "./small-systems.contract.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

/** H = -J sum ss - K sum ssss with K/J = 0.2 on 4 x 4, near the temperature where large lattices order. */
const [square, temperature] = [0.2, 2.5];
const extents = [4, 4];

function benchOf(shells: number, thermalise: number): UpdateBench {
  const space = spinSpace(device, extents, "Ising");
  const given = isingAction.parameters.parse({ J: 1, square, temperature });
  const action = isingAction.build(given, { space });
  const level = linearSpins(space, { shells, temperature });
  const guide = { action: level, terms: [level], names: ["linear-spins"], thermalise };
  return { space, action, terms: [action], names: ["ising"], label: "", guide };
}

/** M^2 and |M| a site, and S. */
function values(spins: ArrayLike<number>, s: number): number[] {
  const m = Array.from(spins).reduce((a, b) => a + b, 0) / spins.length;
  return [m * m, Math.abs(m), s];
}

/** Means over all 2^16 states. */
function exact(bench: UpdateBench): number[] {
  const law = isingLaw({ spins: "Ising", extents, shells: [1 / temperature], square: square / temperature });
  const state = stateOf(bench.space as never);
  const sums = [0, 0, 0];
  law.forEach((p, x) => {
    const spins = stateValues(x, 16);
    state.field.view().set(spins);
    values(spins, bench.action.value(state)).forEach((v, k) => (sums[k]! += p * v));
  });
  return sums;
}

/** A fitted cluster update of the Ising model with plaquettes (J. Liu et al., Phys. Rev. B 95 (2017) 041101). */
describe.each([1, 3])("Wolff clusters of %d fitted shells, for an action with plaquettes", (shells) => {
  test("give the exact averages, and are mostly accepted", () => {
    const thermalise = 200;
    const bench = benchOf(shells, thermalise);
    const given = { inner: { name: "wolff", clusters: 2 }, fit: { first: 20 } };
    const update = selfLearningDefinition.build(selfLearningDefinition.parameters.parse(given), bench);
    const [state, rng] = [stateOf(bench.space as never), addressedRng("plaquettes")];
    for (let i = 0; i < thermalise; i++) update.tune!(update.step(state, rng));
    const { J1 = Number.NaN } = update.freeze!()!;
    // 1.11 is published of large lattices; beside more shells it is another number
    if (shells === 1) expect(Math.abs(J1 - 1.12)).toBeLessThan(0.05);
    const series: number[][] = [[], [], []];
    let accepted = 0;
    const steps = 12000;
    for (let i = 0; i < steps; i++) {
      accepted += update.step(state, rng).accepted ? 1 : 0;
      values(state.field.view(), bench.action.value(state)).forEach((v, k) => series[k]!.push(v));
    }
    const means = exact(bench);
    const pulls = series.map((list, k) => pull(list, means[k]!));
    // with other seeds one of the three would be beyond once in 5000
    expect(pulls.filter((x) => !(Math.abs(x) < 4))).toEqual([]);
    expect(accepted / steps).toBeGreaterThan(0.9);
  });
});
