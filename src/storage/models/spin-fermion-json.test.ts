import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { canted, golden, neel } from "../../lattice/spins/configurations.contract.ts";
import { SpinSpace } from "../../lattice/spins/spins.ts";
import { configurationOf } from "../../learning/spins/model.contract.ts";
import { equivariantTransformer } from "../../learning/spins/models/equivariant-transformer/equivariant-transformer.ts";
import { holdsTransformerSets, readTransformerSets } from "./spin-fermion-json.ts";

const small = (over: Record<string, unknown> = {}) =>
  JSON.stringify({
    "trained_models_2x2_T0.5": {
      models: [{ L: 1, n_max: 0, n_head: 1, params: [1, 2, 3, 4, 5], H_eff_Neel: 7, ...over }],
    },
  });

test("a set is read with its shape, its temperature and what is known of it", () => {
  expect(holdsTransformerSets(small())).toBe(true);
  const [set] = readTransformerSets(small());
  expect(set).toEqual({
    layers: 1,
    neighbours: 0,
    head: 1,
    parameters: Float64Array.of(1, 2, 3, 4, 5),
    temperature: 0.5,
    energies: { Neel: 7 },
  });
});

test.each([
  ["{", /no JSON/],
  ["{}", /no key "trained_models_…"/],
  ['{"trained_models_x": {"models": []}}', /models: expected a list/],
  [small({ params: [1, 2] }), /models\[0\]\.params: expected 5 numbers, as L = 1, n_max = 0, n_head = 1 need/],
  [small({ L: -1 }), /models\[0\]\.L: expected a whole number/],
])("%s is refused", (text, message) => {
  expect(() => readTransformerSets(text)).toThrow(message);
});

/** The stored sets; skipped where ../shared/physics is not beside the repository. */
const path = fileURLToPath(new URL("../../../../shared/physics/spin-fermion.json", import.meta.url));

describe.runIf(existsSync(path))("the trained Transformers of spin-fermion.json", () => {
  const sets = existsSync(path) ? readTransformerSets(readFileSync(path, "utf8")) : [];
  const space = new SpinSpace(new Lattice(openDevice({ workers: 1 }), [6, 6]), "O(3)");
  const named: Record<string, Float64Array> = { golden0: golden(36), Neel: neel([6, 6]), canted: canted([6, 6]) };

  test.each(sets.map((set, i) => [i, set] as const))("set %i has the energies written beside it", (_, set) => {
    const { layers, neighbours, head, parameters } = set;
    const model = equivariantTransformer(space, {
      layers,
      neighbours,
      head,
      heads: 1,
      attention: "relu",
      temperature: 1,
      start: parameters,
    });
    expect(Object.keys(set.energies).sort()).toEqual(["Neel", "canted", "golden0"]);
    for (const [name, energy] of Object.entries(set.energies))
      expect(Math.abs(model.value(configurationOf(space, named[name]!)) - energy)).toBeLessThan(1e-10);
  });
});
