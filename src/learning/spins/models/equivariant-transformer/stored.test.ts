import { describe, expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { Lattice } from "../../../../lattice/lattice.ts";
import { golden } from "../../../../lattice/spins/configurations.contract.ts";
import { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { configurationOf } from "../../model.contract.ts";
import { equivariantTransformer } from "./equivariant-transformer.ts";
import { couplingAt, ROLES, weightAt } from "./shape.ts";
import { type StoredTransformer, storedTransformers } from "./stored.contract.ts";

const device = openDevice({ workers: 1 });

function build({ extents, layers, neighbours, amplitude, couplings, constant }: StoredTransformer, factor = 1) {
  const space = new SpinSpace(new Lattice(device, extents), "O(3)");
  const model = equivariantTransformer(space, {
    layers,
    neighbours,
    head: couplings.length,
    heads: 1,
    attention: "relu",
    temperature: 1,
    start: { start: "identity", seed: "overwritten" },
  });
  const { shape, parameters } = model;
  for (let l = 0; l < layers; l++)
    for (let a = 0; a < ROLES; a++)
      for (let n = 0; n <= neighbours; n++)
        parameters[weightAt(shape, l, 0, a, n)] = factor * amplitude * Math.cos(n + 2 * a + 3 * l + 0.5);
  parameters.set([...couplings, constant], couplingAt(shape, 0));
  model.assign();
  return { model, c: configurationOf(space, golden(space.lattice.volume)) };
}

const close = (found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-11) => {
  for (const [i, x] of expected.entries())
    expect(Math.abs(found[i]! - x)).toBeLessThan(tolerance * Math.max(1, Math.abs(x)));
};

describe.each(
  storedTransformers.map(
    (stored) =>
      [
        `${stored.extents.join("x")}, L = ${stored.layers}, amplitude ${stored.amplitude}, ${stored.couplings.length} couplings`,
        stored,
      ] as const,
  ),
)("the Transformer of the physics sheet, 5.7: %s", (_, stored) => {
  const { model, c } = build(stored);
  const { volume } = model.space.lattice;

  test("energy", () => {
    close([model.value(c)], [stored.energy], 1e-12);
  });

  test("the spins behind the last layer", () => {
    const spins = model.spinsBehind(c);
    close(spins, stored.spin0);
    close(spins.slice(3 * (7 % volume)), stored.spin7);
    const sum = [0, 1, 2].map((a) => spins.reduce((total, x, i) => (i % 3 === a ? total + x : total), 0));
    close(sum, stored.spinSum);
  });

  test("derivatives with respect to weights, couplings and spins", () => {
    const batch = model.batch(1);
    device.heap.f64(batch.spins, c.field.length).set(c.field.view());
    batch.values(1);
    const gradient = new Float64Array(model.parameters.length);
    batch.pull(Float64Array.of(1), gradient);
    close(gradient, [...stored.weights.flat(2), ...stored.slopes, 1]);
    const weights = gradient.slice(0, stored.weights.flat(2).length);
    close([Math.hypot(...weights)], [stored.norm]);
    const derivative = model.space.field();
    derivative.zero();
    model.addDerivative(c, 1, derivative);
    close(derivative.view(), stored.derivative0);
    close(derivative.view().slice(3 * (5 % volume)), stored.derivative5);
  });
});

test("another amplitude is told apart", () => {
  const stored = storedTransformers[0]!;
  const { model, c } = build(stored, 1.0001);
  expect(Math.abs(model.value(c) - stored.energy)).toBeGreaterThan(1e-6);
});
