import { describe, expect, test } from "vitest";
import { coordinatesOf, shellCount, shellsOf } from "../../../../lattice/shells.ts";
import { golden, spinData } from "../../../../lattice/spins/configurations.contract.ts";
import type { SpinData } from "../../../../lattice/spins/spin-data.ts";
import { componentsOf } from "../../../../lattice/spins/spin-data.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { describeSpinAction, spinForces, worstLocalChange } from "../../spin-action.contract.ts";
import type { SpinAction } from "../../spin-action.ts";
import { roughSpins, spinCases, spinConfiguration, spinSpace } from "../../testing.contract.ts";
import { type PairEnergies, pairAction } from "./pair-action.ts";
import { pairCouplingsAction } from "./pair-couplings.ts";

/** Couplings of either sign for as many shells as there are. */
const allShells = (space: SpinSpace): PairEnergies => ({
  shells: Array.from({ length: shellCount(space.lattice.extents) }, (_, n) => Math.cos(2 * n + 0.5) / (n + 1)),
});

describeSpinAction("pairs of all distances", {
  make: (space, temperature) => pairAction(space, allShells(space), temperature, "pairs"),
  cases: spinCases,
});

describeSpinAction("pairs in a field", {
  make: (space, temperature) =>
    pairAction(space, { shells: [-0.8], field: [0.3, -0.2, 0.7].slice(0, space.components) }, temperature, "pairs"),
  cases: spinCases,
  rotations: false,
});

/** E from every pair of sites, without tables. */
function energyOf({ spins, extents, values }: SpinData, energies: PairEnergies): number {
  const n = componentsOf(spins);
  const sites = Array.from({ length: values.length / n }, (_, i) => coordinatesOf(i, extents));
  const distances = shellsOf(extents).map(({ r2 }) => r2);
  let sum = 0;
  for (const [i, x] of sites.entries())
    for (const [j, y] of sites.entries()) {
      if (j <= i) continue;
      const r2 = x.reduce(
        (s, c, mu) => s + Math.min(Math.abs(c - y[mu]!), extents[mu]! - Math.abs(c - y[mu]!)) ** 2,
        0,
      );
      const coupling = energies.shells[distances.indexOf(r2) - 1] ?? 0;
      for (let a = 0; a < n; a++) sum -= coupling * values[n * i + a]! * values[n * j + a]!;
    }
  values.forEach((v, i) => (sum -= v * (energies.field?.[i % n] ?? 0)));
  return sum;
}

describe.each(spinCases)("$spins on $extents", (where) => {
  const space = spinSpace(where);
  const energies = { ...allShells(space), field: [0.2, -0.5, 1.1].slice(0, space.components) };

  test("S is the sum over all pairs, once each, divided by T", () => {
    const data = roughSpins(where);
    const c = spinConfiguration(space, data);
    const expected = energyOf(data, energies) / 0.3;
    expect(Math.abs(pairAction(space, energies, 0.3, "pairs").value(c) - expected)).toBeLessThan(
      1e-13 * Math.max(10, Math.abs(expected)),
    );
  });

  test("couplings are J/T, and written to they change the action and its local changes", () => {
    const action = pairAction(space, energies, 0.5, "pairs");
    expect(Array.from(action.couplings.shells)).toEqual(Array.from(energies.shells, (j) => j / 0.5));
    const data = roughSpins(where);
    const c = spinConfiguration(space, data);
    action.couplings.shells.fill(0.25);
    const expected = energyOf(data, {
      shells: Array.from(action.couplings.shells),
      field: energies.field.map((h) => 2 * h),
    });
    expect(Math.abs(action.value(c) - expected)).toBeLessThan(1e-12 * Math.max(10, Math.abs(expected)));
    expect(worstLocalChange(space, action, 20)).toBeLessThan(1e-11);
  });
});

test("pair sums of the golden configuration are those of the physics sheet (2.4, 5.6)", () => {
  const sums: Record<string, readonly number[]> = {
    "2,2": [-0.5550305904, -0.8567584746],
    "4,4": [-15.3694522363, 10.3020065843, 4.494734027, -7.6259209718, 1.1016773715],
    "6,6": [
      -38.8748728327, 25.2722829204, 19.7041583705, -24.4789770544, 4.4435468971, -6.3487987383, 6.2098033963,
      -5.3898138979, 2.0388991118,
    ],
  };
  for (const [key, expected] of Object.entries(sums)) {
    const extents = key.split(",").map(Number);
    const space = spinSpace({ spins: "O(3)", extents });
    const c = spinConfiguration(space, spinData(extents, golden(space.lattice.volume)));
    expected.forEach((sum, n) => {
      const only = expected.map((_, m) => (m === n ? 1 : 0));
      expect(Math.abs(-pairAction(space, { shells: only }, 1, "pairs").value(c) - sum)).toBeLessThan(2e-10);
    });
  }
});

describe("planted errors are noticed", () => {
  const where = { spins: "O(3)", extents: [4, 4] } as const;
  const space = spinSpace(where);
  const right = pairAction(space, { shells: [1, 0.5] }, 0.7, "pairs");

  test("a force off by a millionth, or turned the other way", () => {
    const wrong: SpinAction = { ...right, addForce: (c, weight, p) => right.addForce(c, weight * (1 + 1e-6), p) };
    const { force, differences } = spinForces(space, wrong);
    expect(Math.abs(force / differences - 1)).toBeGreaterThan(1e-7);
    const turned: SpinAction = { ...right, addForce: (c, weight, p) => right.addForce(c, -weight, p) };
    expect(spinForces(space, turned).force).not.toBeCloseTo(spinForces(space, turned).differences, 3);
  });

  test("a gradient without its second shell", () => {
    const less = pairAction(space, { shells: [1] }, 0.7, "pairs");
    const { gradient, differences } = spinForces(space, { ...right, addDerivative: less.addDerivative });
    expect(Math.abs(gradient / differences - 1)).toBeGreaterThan(1e-3);
  });

  test("a local action that forgets its neighbours' fields", () => {
    const forgetful: SpinAction = { ...right, local: { ...right.local, accept: () => {} } };
    expect(worstLocalChange(space, forgetful, 20)).toBeGreaterThan(0.01);
  });
});

test("what makes no sense is refused in a sentence", () => {
  const make =
    (extents: readonly number[], energies: PairEnergies, temperature = 1) =>
    () =>
      pairAction(spinSpace({ spins: "XY", extents }), energies, temperature, "pair-couplings");
  expect(make([4, 1], { shells: [1] })).toThrow(/has extent 1 in direction 1, .* leave that direction out/);
  expect(make([4, 4], { shells: [1, 1, 1, 1, 1, 1] })).toThrow(/6 shells; a lattice \[4, 4\] has 5/);
  expect(make([4, 4], { shells: [1] }, 0)).toThrow(/temperature 0; expected a positive number/);
  expect(make([4, 4], { shells: [1], field: [1] })).toThrow(/a field of 1 numbers; XY spins have 2/);
  expect(make([4, 4], { shells: [1], square: 1 })).toThrow(/for Ising spins; this run has XY spins/);
  expect(() => right().local.accept()).toThrow(/accept without a change/);
  expect(pairCouplingsAction.parameters.safeParse({ J: [], temperature: 1 }).error?.issues[0]?.message).toMatch(
    /one coupling at least/,
  );

  function right() {
    return pairAction(spinSpace({ spins: "XY", extents: [4] }), { shells: [1] }, 1, "pairs");
  }
});
