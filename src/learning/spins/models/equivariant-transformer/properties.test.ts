import { describe, expect, test } from "vitest";
import { openDevice } from "../../../../kernels/node.ts";
import { Lattice } from "../../../../lattice/lattice.ts";
import { goldenOf } from "../../../../lattice/spins/configurations.contract.ts";
import type { SpinKind } from "../../../../lattice/spins/spin-data.ts";
import { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { applyWeights, readSafetensors, tensorsOf, writeSafetensors } from "../../../../storage/models/index.ts";
import { configurationOf } from "../../model.contract.ts";
import { linearSpins } from "../linear-spins/linear-spins.ts";
import { equivariantTransformerDefinition } from "./definition.ts";
import { equivariantTransformer } from "./equivariant-transformer.ts";
import { grown } from "./grow.ts";
import { referenceTransformer } from "./reference.contract.ts";
import { couplingAt, parameterCount, type TransformerShape, weightAt } from "./shape.ts";

const device = openDevice({ workers: 1 });
const spaceOf = (extents: readonly number[], spins: SpinKind = "O(3)") =>
  new SpinSpace(new Lattice(device, extents), spins);
const shapeOf = (given: Partial<TransformerShape>): TransformerShape => ({
  layers: 2,
  neighbours: 2,
  head: 1,
  heads: 1,
  attention: "relu",
  ...given,
});
/** Random weights of a size that training gives, and couplings that differ. */
const build = (space: SpinSpace, given: Partial<TransformerShape>, start: "random" | "identity" = "random") => {
  const shape = shapeOf(given);
  return equivariantTransformer(space, {
    ...shape,
    temperature: 1,
    start: { start, seed: "properties", J: Array.from({ length: shape.head }, (_, n) => 0.2 * Math.cos(1 + n)) },
  });
};
const goldenOn = (space: SpinSpace) => configurationOf(space, goldenOf(space.spins, space.lattice.extents).values);
const close = (found: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(found - expected)).toBeLessThan(tolerance * Math.max(1, Math.abs(expected)));

describe.each([
  ["O(3)", [6, 6], { layers: 3, neighbours: 9, head: 9 }],
  ["O(3)", [6, 6], { attention: "polynomial", heads: 2, neighbours: 6 }],
  ["O(3)", [4, 6], { heads: 3 }],
  ["O(3)", [3, 5], { head: 3 }],
  ["O(3)", [3, 5], { attention: "polynomial" }],
  ["O(3)", [4, 3, 2], { layers: 1, neighbours: 3 }],
  ["XY", [4, 4], { head: 2 }],
  ["XY", [6], { attention: "polynomial", heads: 2 }],
] as const)("%s spins on %j, %j", (spins, extents, given) => {
  test("the kernels equal loops over all pairs of sites, and notice a weight that differs", () => {
    const space = spaceOf(extents, spins);
    const model = build(space, given);
    const c = goldenOn(space);
    const dense = (parameters: Float64Array) =>
      referenceTransformer(extents, space.components, model.shape, parameters, c.field.view());
    const truth = dense(model.parameters);
    close(model.value(c), truth.energy);
    model.spinsBehind(c).forEach((x, i) => close(x, truth.spins[i]!));
    const wrong = model.parameters.slice();
    wrong[1]! += 1e-6;
    expect(Math.abs(dense(wrong).energy - truth.energy)).toBeGreaterThan(1e-11);
  });
});

test("without values every layer is the identity, and the model the linear one", () => {
  const space = spaceOf([6, 6]);
  const model = build(space, { layers: 3, neighbours: 6, head: 3 }, "identity");
  const c = goldenOn(space);
  const linear = linearSpins(space, { shells: 3, temperature: 1, J: [0, 1, 2].map((n) => 0.2 * Math.cos(1 + n)) });
  close(model.value(c), linear.value(c), 1e-14);
  // the same without queries, or without keys
  for (const role of [0, 1]) {
    const other = build(space, { layers: 2, head: 3 });
    for (const l of [0, 1]) for (let n = 0; n <= 2; n++) other.parameters[weightAt(other.shape, l, 0, role, n)] = 0;
    other.assign();
    close(other.value(c), linear.value(c), 1e-14);
  }
});

test("no layers at all is the linear model", () => {
  const space = spaceOf([4, 4]);
  const model = build(space, { layers: 0, head: 5, neighbours: 0 });
  const c = goldenOn(space);
  const linear = linearSpins(space, {
    shells: 5,
    temperature: 1,
    J: [0, 1, 2, 3, 4].map((n) => 0.2 * Math.cos(1 + n)),
  });
  expect([...model.parameters]).toEqual([...linear.parameters]);
  close(model.value(c), linear.value(c), 1e-14);
});

describe("growth", () => {
  const space = spaceOf([6, 6]);
  const c = goldenOn(space);
  const grow = (from: Partial<TransformerShape>, to: Partial<TransformerShape>) => {
    const small = build(space, from);
    const shape = shapeOf({ ...from, ...to });
    const start = grown(small.shape, small.parameters, shape, { seed: "growth" });
    return { small, large: equivariantTransformer(space, { ...shape, temperature: 1, start }) };
  };
  test.each([
    [{ layers: 1 }, { layers: 2 }],
    [
      { layers: 0, head: 2 },
      { layers: 1, neighbours: 6 },
    ],
    [{}, { neighbours: 9, head: 9 }],
    [{}, { heads: 3 }],
    [{ attention: "polynomial" as const }, { layers: 3, heads: 2, neighbours: 4, head: 2 }],
  ])("from %j to %j changes nothing, and new weights can be trained", (from, to) => {
    const { small, large } = grow(from, to);
    expect(large.parameters.length).toBeGreaterThan(small.parameters.length);
    close(large.value(c), small.value(c), 1e-13);
    const batch = large.batch(1);
    device.heap.f64(batch.spins, space.length).set(c.field.view());
    batch.values(1);
    const gradient = new Float64Array(large.parameters.length);
    batch.pull(Float64Array.of(1), gradient);
    batch.release();
    const { shape } = large;
    const lastValue = weightAt(shape, shape.layers - 1, shape.heads - 1, 2, shape.neighbours);
    expect(Math.abs(gradient[lastValue]!)).toBeGreaterThan(1e-8);
  });
  test("values that are not zero would be noticed", () => {
    const { small, large } = grow({ layers: 1 }, { layers: 2 });
    large.parameters[weightAt(large.shape, 1, 0, 2, 0)] = 1e-6;
    large.assign();
    expect(Math.abs(large.value(c) - small.value(c))).toBeGreaterThan(1e-9);
  });
  test("what cannot be is refused", () => {
    const shape = shapeOf({});
    const parameters = new Float64Array(parameterCount(shape));
    const options = { seed: "x" };
    expect(() => grown(shape, parameters, { ...shape, layers: 1 }, options)).toThrow(/layers would shrink from 2 to 1/);
    expect(() => grown(shape, parameters, { ...shape, attention: "polynomial" }, options)).toThrow(/changes H_eff/);
    expect(() => grown(shape, parameters.slice(1), shape, options)).toThrow(/parameters for a shape/);
  });
});

test("parameters fit another lattice that has the shells", () => {
  const small = build(spaceOf([6, 6]), { neighbours: 6 });
  const space = spaceOf([8, 8]);
  const large = equivariantTransformer(space, { ...small.shape, temperature: 1, start: small.parameters });
  const c = goldenOn(space);
  close(large.value(c), referenceTransformer([8, 8], 3, small.shape, small.parameters, c.field.view()).energy);
});

test.each([1, 2, 130, 131, 259])("a batch of %i configurations, whatever the pieces it is cut into", (count) => {
  const space = spaceOf([2, 3]);
  const model = build(space, { layers: 1 });
  const batch = model.batch(count);
  const configurations = Array.from({ length: count }, (_, b) => goldenOf("O(3)", [2, 3], 6 * b).values);
  const to = device.heap.f64(batch.spins, space.length * count);
  configurations.forEach((values, b) => to.set(values, b * space.length));
  const s = batch.values(count);
  configurations.forEach((values, b) => close(s[b]!, model.value(configurationOf(space, values))));
  batch.release();
  expect(() => batch.values(count + 1)).toThrow(/was asked for/);
});

test("weights are stored and read back", () => {
  const space = spaceOf([4, 4]);
  const model = build(space, { attention: "polynomial", heads: 2 });
  const other = build(space, { attention: "polynomial", heads: 2 }, "identity");
  const file = readSafetensors(writeSafetensors(tensorsOf(model)));
  applyWeights(other, file.tensors);
  other.assign();
  expect([...other.parameters]).toEqual([...model.parameters]);
  const c = goldenOn(space);
  expect(other.value(c)).toBe(model.value(c));
  const deeper = build(space, { layers: 3, attention: "polynomial", heads: 2 });
  expect(() => applyWeights(deeper, file.tensors)).toThrow(/layers = layer|layers = 2 \(here 3\)/);
});

describe("what cannot be built says why", () => {
  const { parameters, build: make } = equivariantTransformerDefinition;
  const given = parameters.parse({ temperature: 0.05 });
  test("defaults are the published layout, and a fixed point", () => {
    expect(parameters.parse(given)).toEqual(given);
    const model = make(given, { space: spaceOf([6, 6]) });
    expect(model.parameters.length).toBe(23);
  });
  test("spread and start", () => {
    const still = make({ ...given, spread: 0 }, { space: spaceOf([6, 6]) });
    expect(still.parameters.slice(0, 21).every((x) => x === 0)).toBe(true);
  });
  test.each([
    [[4, 4], "O(3)", {}, /neighbours = 6; a lattice \[4, 4\] has 5 shells/],
    [[6, 6], "Ising", {}, /for Ising spins take linear-spins/],
    [[6, 6], "O(3)", { head: 10 }, /head = 10; a lattice \[6, 6\] has 9/],
  ] as const)("%j, %s, %j", (extents, spins, more, message) => {
    expect(() => make({ ...given, ...more }, { space: spaceOf(extents, spins) })).toThrow(message);
  });
  test("couplings beside the shells", () => {
    const { error } = parameters.safeParse({ temperature: 1, head: 2, J: [1] });
    expect(error?.issues[0]?.message).toMatch(/1 numbers for head = 2/);
  });
  test("parameters of another shape", () => {
    const shape = shapeOf({});
    const options = { ...shape, temperature: 1, start: new Float64Array(3) };
    expect(() => equivariantTransformer(spaceOf([4, 4]), options)).toThrow(/3 parameters given, this one has 20/);
    expect(couplingAt(shape, shape.head)).toBe(parameterCount(shape) - 1);
  });
});
