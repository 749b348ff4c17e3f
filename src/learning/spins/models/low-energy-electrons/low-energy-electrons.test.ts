import { expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { Lattice } from "../../../../lattice/lattice.ts";
import { goldenOf } from "../../../../lattice/spins/configurations.contract.ts";
import { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { doubleExchange } from "../../../../physics/spins/actions/double-exchange/double-exchange.ts";
import { configurationOf, describeSpinModel } from "../../model.contract.ts";
import { LowEnergyElectrons } from "./low-energy-electrons.ts";

const all = { t: 1, J: 1, mu: 0, boundary: "periodic" } as const;

for (const { spins, extents, more } of [
  { spins: "O(3)", extents: [4, 4], more: { window: 0.5, shells: 5 } },
  { spins: "XY", extents: [4, 3], more: { window: 1.2, shells: 2, mu: -0.3 } },
  { spins: "Ising", extents: [5], more: { window: 1, shells: 1, boundary: [0.5] } },
] as const)
  describeSpinModel(`low-energy-electrons, ${spins} on ${extents.join("x")}`, {
    spins,
    extents,
    make: (space, temperature) => {
      const model = new LowEnergyElectrons(space, { ...all, ...more, J: 0.8, temperature });
      for (let i = 1; i < model.parameters.length; i++) model.parameters[i] = 0.3 * Math.cos(1 + 2 * i);
      model.assign();
      return model;
    },
  });

const device = openDevice({ workers: 1 });
const space = new SpinSpace(new Lattice(device, [4, 4]), "O(3)");
const golden = configurationOf(space, goldenOf("O(3)", [4, 4], 0).values);

test("with all orbitals it is the double-exchange model", () => {
  const model = new LowEnergyElectrons(space, { ...all, window: 10, shells: 1, temperature: 0.1 });
  expect(model.rows).toBe(32);
  // ln W of the notes, 5.4
  expect(Math.abs(model.value(golden) + 267.78277042)).toBeLessThan(1e-8);
});

test("keeps whole levels: six of the sixteen orbitals of 4 x 4 lie at half filling", () => {
  expect(new LowEnergyElectrons(space, { ...all, window: 0, shells: 1, temperature: 0.1 }).rows).toBe(12);
  expect(() => new LowEnergyElectrons(space, { ...all, window: 0.5, mu: 1, shells: 1, temperature: 0.1 })).toThrow(
    "the nearest is 1.000 away",
  );
});

test("is nearer to the exact weight than the same pairs alone, which it fits with", () => {
  // spins that scatter about one another: what differs between two configurations, exact and of the model
  const exact = doubleExchange(space, { ...all, temperature: 0.1 });
  const model = new LowEnergyElectrons(space, { ...all, window: 0, shells: 5, temperature: 0.1 });
  const values = Array.from({ length: 12 }, (_, k) => {
    const c = configurationOf(space, goldenOf("O(3)", [4, 4], 16 * k).values);
    return [exact.value(c), model.value(c)] as const;
  });
  const spread = (list: readonly number[]) => {
    const mean = list.reduce((a, b) => a + b, 0) / list.length;
    return list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length;
  };
  expect(spread(values.map(([s, m]) => s - m))).toBeLessThan(0.3 * spread(values.map(([s]) => s)));
});
