import { describe, expect, test } from "vitest";
import { describeFieldMap } from "../../../physics/maps/field-map.contract.ts";
import { stout } from "../../../physics/maps/stout/stout.ts";
import { type Case, configuration, linkSpace, roughLinks } from "../../../physics/testing.contract.ts";
import { covariantNet, covariantNetDefinition } from "./covariant-net.ts";

const cases: readonly Case[] = [
  { group: "SU(2)", extents: [4, 2, 2, 4] },
  { group: "SU(3)", extents: [3, 4, 2] },
  { group: "SU(3)", extents: [4, 3], lanes: 1 },
];

describeFieldMap("covariant-net, as published", {
  make: (space) =>
    covariantNet(space, {
      layers: 2,
      loops: ["plaquette", "polyakov-space", "polyakov-t"],
      rho: [0.1, 0.3, -0.2, -0.04, 0.15, 0.1],
    }),
  cases,
  marked: ["t"],
});

describeFieldMap("covariant-net, all loops", {
  make: (space) =>
    covariantNet(space, {
      layers: 1,
      loops: ["plaquette", "rectangle", "chair", "polyakov-y", "polyakov-t"],
      rho: [0.1, -0.02, 0.03, 0.3, -0.2],
    }),
  cases: [{ group: "SU(2)", extents: [2, 3, 2, 2] }],
  marked: ["y", "t"],
});

test("polyakov-space has one weight for lines of different lengths", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 2, 3, 2] });
  const { field } = configuration(space, roughLinks("SU(3)", [4, 2, 3, 2]));
  const net = covariantNet(space, { layers: 1, loops: ["polyakov-space"], rho: 0.3 });
  const untied = stout(space, { layers: 1, loops: ["polyakov-x", "polyakov-y", "polyakov-z"], rho: 0.3 });
  const [one, three] = [net, untied].map((map) => map.apply(field).field);
  expect(one!.view()).toEqual(three!.view());
  expect(net.parameters).toHaveLength(1);
});

test("weights have names that mean the same on every lattice", () => {
  const options = { layers: 2, loops: ["plaquette", "polyakov-space", "polyakov-t"] } as const;
  const names = [
    "layer-1.plaquette",
    "layer-1.polyakov-space",
    "layer-1.polyakov-t",
    "layer-2.plaquette",
    "layer-2.polyakov-space",
    "layer-2.polyakov-t",
  ];
  for (const extents of [
    [4, 4, 4, 8],
    [2, 2],
    [3, 5, 2],
  ]) {
    const net = covariantNet(linkSpace({ group: "SU(2)", extents }), options);
    expect(net.layout).toEqual(names.map((name) => ({ name, shape: [1] })));
    expect([...net.parameters]).toEqual([0, 0, 0, 0, 0, 0]);
  }
});

describe("parameters", () => {
  const { parameters, build } = covariantNetDefinition;
  const sentence = (given: object) => parameters.safeParse(given).error?.issues[0]?.message;
  test("defaults, and a resolved file reads the same again", () => {
    const parsed = parameters.parse({});
    expect(parsed).toEqual({ layers: 2, loops: ["plaquette", "polyakov-space", "polyakov-t"], rho: 0 });
    expect(parameters.parse(parsed)).toEqual(parsed);
  });
  test.each([
    [{ loops: ["plaquette", "plaquette"] }, /plaquette stands in the list of loops twice/],
    [{ loops: ["polyakov-space", "polyakov-y"] }, /polyakov-y is one of polyakov-space/],
    [{ rho: [0.1, 0.2] }, /rho has 2 numbers; with 3 families of loops and 2 layers it takes 1/],
    [{ layers: 0 }, /layers must be 1 or more/],
  ])("%j is refused with a sentence", (given, expected) => {
    expect(sentence(given)).toMatch(expected);
  });
  test("loops that the lattice does not have are refused", () => {
    const on = (extents: number[], loops: string[]) => () =>
      build(parameters.parse({ loops }), { space: linkSpace({ group: "SU(2)", extents }) });
    expect(on([4, 4], ["polyakov-z"])).toThrow(/no direction z in 2 dimensions/);
    expect(on([4], ["polyakov-space"])).toThrow(/time only/);
  });
});
