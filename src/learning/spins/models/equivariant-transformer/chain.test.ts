import { describe, expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { Lattice } from "../../../../lattice/lattice.ts";
import { goldenOf } from "../../../../lattice/spins/configurations.contract.ts";
import type { SpinKind } from "../../../../lattice/spins/spin-data.ts";
import { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { addressedRng } from "../../../../numerics/addressed-random.ts";
import { configurationOf } from "../../model.contract.ts";
import { equivariantTransformer } from "./equivariant-transformer.ts";

const device = openDevice({ workers: 1 });
const rng = addressedRng("transformer chains");

function system(extents: readonly number[], spins: SpinKind, layers: number, coupling: number) {
  const space = new SpinSpace(new Lattice(device, extents), spins);
  const model = equivariantTransformer(space, {
    layers,
    neighbours: 1,
    head: 1,
    heads: 1,
    attention: "relu",
    temperature: 0.5,
    start: { start: "random", spread: 0.4, seed: "chain", J: [coupling] },
  });
  return { space, model, c: configurationOf(space, goldenOf(spins, extents).values) };
}

describe.each([
  ["O(3)", [4, 4]],
  ["O(3)", [3, 3]],
  ["XY", [4, 2]],
] as const)("%s on %j", (spins, extents) => {
  test("a chain is Metropolis with the numbers of its addresses, one update after the other", () => {
    const { space, model, c } = system(extents, spins, 2, -0.3);
    const n = space.components;
    const { volume } = space.lattice;
    const other = configurationOf(space, c.field.view());
    const updates = 40;
    const accepted = model.metropolis(c, { updates, key: rng.key("by hand"), step: 5 });
    const [first, second] = [rng.at("by hand", 5, 0), rng.at("by hand", 5, 1)];
    let count = 0;
    for (let u = 0; u < updates; u++) {
      const [a, b, site, d] = [first.uniform(), first.uniform(), second.uniform(), second.uniform()];
      const z = 1 - 2 * a;
      const r = Math.sqrt(1 - z * z);
      const spin =
        n === 3
          ? [r * Math.cos(2 * Math.PI * b), r * Math.sin(2 * Math.PI * b), z]
          : [Math.cos(2 * Math.PI * a), Math.sin(2 * Math.PI * a)];
      const at = n * Math.floor(site * volume);
      const before = model.value(other);
      const old = other.field.view().slice(at, at + n);
      other.field.view().set(spin, at);
      if (d < Math.exp(before - model.value(other))) count++;
      else other.field.view().set(old, at);
    }
    expect(accepted).toBe(count);
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(updates);
    c.field.view().forEach((x, i) => expect(Math.abs(x - other.field.view()[i]!)).toBeLessThan(1e-13));
  });

  test("proposals within a cap stay there, on the sphere", () => {
    const { space, model, c } = system(extents, spins, 1, -0.3);
    const n = space.components;
    for (let step = 0; step < 60; step++) {
      const before = c.field.view().slice();
      model.metropolis(c, { updates: 1, width: 0.3, key: rng.key("cap"), step });
      const after = c.field.view();
      for (let i = 0; i < before.length; i += n) {
        let cos = 0;
        for (let a = 0; a < n; a++) cos += before[i + a]! * after[i + a]!;
        expect(cos).toBeGreaterThan(Math.cos(0.3) - 1e-12);
      }
      expect(space.defect(c.field)).toBeLessThan(1e-13);
    }
  });
});

/** Mean of S_1.S_2 on two sites that `chain` finds, and its error from blocks. */
function measured(spins: SpinKind, layers: number, coupling: number, width?: number): { mean: number; error: number } {
  const { space, model, c } = system([2], spins, layers, coupling);
  const n = space.components;
  const [blocks, length] = [60, 250];
  const means = Array.from({ length: blocks }, (_, block) => {
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const key = rng.key(`dimer ${spins} ${layers} ${width}`);
      model.metropolis(c, { updates: 6, ...(width ? { width } : {}), key, step: block * length + i });
      const s = c.field.view();
      for (let a = 0; a < n; a++) sum += s[a]! * s[n + a]!;
    }
    return sum / length;
  });
  const mean = means.reduce((a, b) => a + b, 0) / blocks;
  return { mean, error: Math.sqrt(means.reduce((v, m) => v + (m - mean) ** 2, 0) / (blocks * (blocks - 1))) };
}

/** The same by quadrature over the angle between the spins, which S depends on alone. */
function exact(spins: SpinKind, layers: number, coupling: number): number {
  const { space, model } = system([2], spins, layers, coupling);
  const [points, sums] = [2000, [0, 0]];
  for (let i = 0; i < points; i++) {
    const u = (i + 0.5) / points;
    const cos = spins === "O(3)" ? 1 - 2 * u : Math.cos(Math.PI * u);
    const sin = Math.sqrt(1 - cos * cos);
    const c = configurationOf(space, Float64Array.from(spins === "O(3)" ? [0, 0, 1, sin, 0, cos] : [0, 1, sin, cos]));
    const weight = Math.exp(-model.value(c));
    c.field.release();
    sums[0]! += weight;
    sums[1]! += weight * cos;
  }
  return sums[1]! / sums[0]!;
}

describe("on two sites the chain samples exp(-S_eff)", () => {
  test("coth K - 1/K without layers", () => {
    const K = 0.8 / 0.5;
    expect(exact("O(3)", 0, 0.8)).toBeCloseTo(1 / Math.tanh(K) - 1 / K, 6);
  });
  // |pull| < 4: a false alarm in 16,000 runs, and the seeds are fixed
  test.each([
    ["O(3)", 0, undefined],
    ["O(3)", 2, undefined],
    ["O(3)", 1, 1.2],
    ["XY", 1, undefined],
    ["XY", 1, 1.2],
  ] as const)("%s, %d layers, width %s; and a coupling a tenth off is noticed", (spins, layers, width) => {
    const { mean, error } = measured(spins, layers, 0.8, width);
    expect(Math.abs(mean - exact(spins, layers, 0.8))).toBeLessThan(4 * error);
    expect(Math.abs(mean - exact(spins, layers, 0.88))).toBeGreaterThan(4 * error);
  });
});
