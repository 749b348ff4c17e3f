import { describe, expect, test } from "vitest";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { derivativeField } from "../../../lattice/links/derivative.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import {
  describeFieldMap,
  gradientAgainstDifferences,
  pullAgainstDifferences,
} from "../../../physics/maps/field-map.contract.ts";
import type { FieldMap } from "../../../physics/maps/field-map.ts";
import { through } from "../../../physics/maps/through.ts";
import {
  type Case,
  configuration,
  expectClose,
  gaugeTransformed,
  linkSpace,
  permuted,
  roughLinks,
  translated,
} from "../../../physics/testing.contract.ts";
import { cask } from "./cask.ts";
import { caskDefinition } from "./definition.ts";
import { farthest, referenceLayer } from "./reference.contract.ts";

const cases: readonly Case[] = [
  { group: "SU(2)", extents: [4, 2, 2, 4] },
  { group: "SU(3)", extents: [3, 4, 2] },
  { group: "SU(3)", extents: [4, 5], lanes: 1 },
  { group: "U(1)", extents: [5, 4] },
];

describeFieldMap("cask, two layers", {
  make: (space) => cask(space, { layers: 2, rho: [0.08, 0.1, -0.12, 0.07, -0.06, -0.08, -0.1, 0.12] }),
  cases,
});

describeFieldMap("cask, two heads, many loops, nothing at the end", {
  make: (space) =>
    cask(space, {
      layers: 1,
      heads: 2,
      range: 2,
      loops: ["plaquette", "rectangle", "polyakov-t"],
      final: [],
      rho: [
        [0.1, -0.03, 0.05, -0.12, 0.02, 0.1, 0.07, 0.02, -0.1],
        [-0.1, 0.05, 0.05, 0.06, 0.02, -0.1, 0.1, -0.02, 0.1],
      ].flat(),
    }),
  cases: [
    { group: "SU(2)", extents: [4, 3, 2] },
    { group: "SU(4)", extents: [4, 2] },
  ],
  marked: ["t"],
});

describeFieldMap("cask, lines in space and other loops at the end", {
  make: (space) =>
    cask(space, {
      layers: 1,
      range: 1,
      loops: ["polyakov-space"],
      final: ["plaquette", "polyakov-x", "polyakov-t"],
      rho: [0.1, 0.2, -0.1, 0.2, -0.3, 0.2],
    }),
  cases: [{ group: "SU(3)", extents: [4, 2, 3] }],
  marked: ["x", "t"],
});

const rho = [0.08, 0.1, -0.12, 0.07, -0.06, -0.08, -0.1, 0.12];

test.each([
  ["SU(2)", [4, 4, 2, 2]],
  ["SU(3)", [4, 3, 2]],
] as const)("the action of mapped links is invariant, %s on %j, to 1e-11", (group, extents) => {
  const data = roughLinks(group, extents);
  const value = (links: GaugeData) => {
    const space = linkSpace({ group, extents: links.extents });
    return through(wilsonGauge(space, 3), cask(space, { layers: 2, rho })).value(configuration(space, links));
  };
  const expected = value(data);
  const steps = extents.map((_, mu) => mu + 1);
  const turned = extents.map((_, mu) => (mu + 1) % extents.length);
  for (const same of [gaugeTransformed(data), translated(data, steps), permuted(data, turned)])
    expectClose(value(same), expected, 1e-11);
  expect(Math.abs(value(roughLinks(group, extents, 1)) / expected - 1)).toBeGreaterThan(1e-3);
});

test("the reference sees a small change of every weight", () => {
  const [group, extents] = ["SU(2)", [3, 2, 2]] as const;
  const shape = { heads: 1, range: 2, loops: ["plaquette"], final: ["plaquette"] } as const;
  const space = linkSpace({ group, extents });
  const { field } = configuration(space, roughLinks(group, extents));
  const weights = [0.1, 0.2, -0.2, 0.15];
  const expected = referenceLayer(roughLinks(group, extents), shape, weights);
  weights.forEach((_, i) => {
    const wrong = weights.map((x, j) => (i === j ? x * (1 + 1e-6) : x));
    const image = cask(space, { ...shape, layers: 1, rho: wrong }).apply(field);
    const far = farthest(space.store(image.field), expected);
    expect(far).toBeGreaterThan(1e-10);
    expect(far).toBeLessThan(1e-5);
  });
});

test("a pull-back or gradient that is wrong by one part in a million is caught", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const right = cask(space, { layers: 1, rho: [0.1, 0.2, -0.2, 0.15] });
  const { layer } = right;
  const pull = layer.pull.bind(layer);
  layer.pull = (delta, u, memory, work, weights, gradient) => {
    pull(delta, u, memory, work, weights, gradient);
    for (const numbers of [work.du.field.view(), gradient.final])
      for (const i of numbers.keys()) numbers[i]! *= 1 + 1e-6;
  };
  const field = pullAgainstDifferences(space, right);
  expect(Math.abs(field.exact / field.differences - 1)).toBeGreaterThan(1e-7);
  const gradient = gradientAgainstDifferences(space, right);
  expect(Math.abs(gradient.exact[0]! / gradient.differences[0]! - 1)).toBeGreaterThan(1e-7);
});

describe("where training begins", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4, 2] });
  const { field } = configuration(space, roughLinks("SU(2)", [4, 4, 2]));
  const stream = addressedRng("cask test").at("cotangent", 0);
  const cotangent = Array.from({ length: space.length }, () => stream.normal());
  const gradientOf = (map: FieldMap) => {
    const image = map.apply(field);
    const gradient = new Float64Array(map.parameters.length);
    const delta = derivativeField(space);
    delta.view().set(cotangent);
    image.pull(delta, gradient);
    const changed = image.field.view().reduce((most, x, i) => Math.max(most, Math.abs(x - field.view()[i]!)), 0);
    image.release();
    return { gradient, changed };
  };
  const options = { layers: 2, heads: 2 } as const;

  test("every layer is the identity, and its last weight has a derivative", () => {
    const map = cask(space, options);
    const { gradient, changed } = gradientOf(map);
    expect(changed).toBe(0);
    map.layout.forEach(({ name }, i) => {
      if (name.includes("final")) expect(Math.abs(gradient[i]!)).toBeGreaterThan(1e-2);
      else expect(map.parameters[i]).not.toBe(0);
    });
  });

  test("one step later all weights have derivatives, and heads differ", () => {
    const map = cask(space, options);
    const { gradient } = gradientOf(map);
    gradient.forEach((x, i) => {
      map.parameters[i]! -= 1e-4 * x;
    });
    const next = gradientOf(map).gradient;
    expect(Math.min(...next.map(Math.abs))).toBeGreaterThan(1e-6);
    expect(new Set(next).size).toBe(next.length);
  });

  test("without a last smearing queries and keys begin at zero", () => {
    const map = cask(space, { ...options, final: [] });
    const { gradient, changed } = gradientOf(map);
    expect(changed).toBeLessThan(1e-15);
    map.layout.forEach(({ name }, i) => {
      const isValue = name.includes("value");
      expect(map.parameters[i] === 0).toBe(!isValue);
      if (!isValue) expect(Math.abs(gradient[i]!)).toBeGreaterThan(1e-3);
    });
  });
});

test("weights have names, in the order final, query, key, value, which mean the same on every lattice", () => {
  const names = (extents: readonly number[]) =>
    cask(linkSpace({ group: "SU(2)", extents }), {
      layers: 2,
      heads: 2,
      loops: ["plaquette", "polyakov-space"],
    }).layout.map(({ name }) => name);
  expect(names([4, 4, 4, 8]).slice(0, 8)).toEqual([
    "layer-1.final.plaquette",
    "layer-1.head-1.query.plaquette",
    "layer-1.head-1.query.polyakov-space",
    "layer-1.head-1.key.plaquette",
    "layer-1.head-1.key.polyakov-space",
    "layer-1.head-1.value.plaquette",
    "layer-1.head-1.value.polyakov-space",
    "layer-1.head-2.query.plaquette",
  ]);
  expect(names([4, 4, 4, 8])).toHaveLength(26);
  expect(names([2, 3])).toEqual(names([4, 4, 4, 8]));
});

describe("parameters", () => {
  const { parameters, build } = caskDefinition;
  test("defaults, and a resolved file reads the same again", () => {
    const parsed = parameters.parse({});
    expect(parsed).toEqual({
      layers: 2,
      heads: 1,
      range: 3,
      loops: ["plaquette"],
      final: ["plaquette"],
      spread: 0.002,
    });
    expect(parameters.parse(parsed)).toEqual(parsed);
    const set = parameters.parse({ rho: 0.1 });
    expect(set).not.toHaveProperty("spread");
    expect(parameters.parse(set)).toEqual(set);
  });
  test.each([
    [{ loops: ["plaquette", "plaquette"] }, /plaquette stands in the list of loops twice/],
    [{ rho: [0.1, 0.2] }, /rho has 2 numbers; there are 8 weights, layer-1.final.plaquette, layer-1.head-1.query/],
    [{ heads: 0 }, /heads must be 1 or more/],
    [{ range: 0 }, /range must be 1 or more/],
    [{ rho: 0.1, spread: 0.002 }, /no effect beside rho/],
    [{ spread: -1 }, /spread must not be negative/],
  ])("%j is refused with a sentence", (given, expected) => {
    expect(parameters.safeParse(given).error?.issues[0]?.message).toMatch(expected);
  });
  test("a lattice of one direction is refused", () => {
    const space = linkSpace({ group: "SU(2)", extents: [4] });
    expect(() => build(parameters.parse({ loops: ["polyakov-t"], final: [] }), { space })).toThrow(/two directions/);
  });
});
