import { describe, expect, test } from "vitest";
import { describeDefinitions } from "../../../lattice/definition.contract.ts";
import { plaquetteSums } from "../../actions/wilson-gauge/wilson-gauge.ts";
import { type Case, cases, configuration, linkSpace, roughLinks } from "../../testing.contract.ts";
import { describeFieldMap, gradientAgainstDifferences, pullAgainstDifferences } from "../field-map.contract.ts";
import type { FieldMap } from "../field-map.ts";
import { maps } from "../index.ts";
import { stout, stoutDefinition } from "./stout.ts";

describeDefinitions("maps", maps);

const few: readonly Case[] = [
  { group: "SU(3)", extents: [4, 2, 2, 2] },
  { group: "SU(3)", extents: [3, 2, 2, 3], lanes: 1 },
  { group: "SU(2)", extents: [3, 3, 2] },
  { group: "SU(4)", extents: [2, 3, 3] },
  { group: "U(1)", extents: [3, 4] },
];

describeFieldMap("stout", { make: (space) => stout(space, { layers: 1, loops: ["plaquette"], rho: 0.11 }), cases });

describeFieldMap("stout, two layers of plaquettes, rectangles and Polyakov lines", {
  make: (space) =>
    stout(space, {
      layers: 2,
      loops: ["plaquette", "rectangle", "polyakov"],
      rho: [0.1, -0.03, 0.07, 0.05, 0.04, -0.06],
    }),
  cases: few,
  marked: ["t"],
});

describeFieldMap("stout, chairs and lines in space, strongly", {
  make: (space) => stout(space, { layers: 1, loops: ["chair", "polyakov-x"], rho: [0.3, 1.1] }),
  cases: few.slice(0, 4),
  marked: ["x"],
});

const smeared = (rho: number | readonly number[], layers = 1) => ({ layers, loops: ["plaquette"] as const, rho });

test("smearing makes links smooth", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 4, 4, 4] });
  const c = configuration(space, roughLinks("SU(3)", [4, 4, 4, 4]));
  const plaquette = (layers: number) => {
    const image = stout(space, smeared(0.1, layers)).apply(c.field);
    const sum = plaquetteSums(space, image.field.address).reduce((a, b) => a + b, 0);
    image.release();
    return sum / (6 * 3 * space.lattice.volume);
  };
  const [one, ten] = [plaquette(1), plaquette(10)];
  expect(one).toBeGreaterThan(0.05);
  expect(ten).toBeGreaterThan(0.5);
});

test("two layers are one after the other; families of loops add up; equal rho can be given once", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 2, 4] });
  const { field } = configuration(space, roughLinks("SU(3)", [4, 2, 4]));
  const image = (map: FieldMap, u = field) => map.apply(u).field;
  const twice = image(stout(space, smeared(0.07)), image(stout(space, smeared(0.12))));
  expect(image(stout(space, smeared([0.12, 0.07], 2))).view()).toEqual(twice.view());
  const loops = ["plaquette", "rectangle"] as const;
  const shared = stout(space, { layers: 2, loops, rho: 0.1 });
  expect([...shared.parameters]).toEqual([0.1, 0.1, 0.1, 0.1]);
  expect([...stout(space, { layers: 2, loops, rho: [0.1, 0.2] }).parameters]).toEqual([0.1, 0.2, 0.1, 0.2]);
  expect([...stout(space, { layers: 2, loops, rho: [1, 2, 3, 4] }).parameters]).toEqual([1, 2, 3, 4]);
  expect(shared.layout).toEqual([{ name: "rho", shape: [2, 2] }]);
});

test("a pull-back or gradient that is wrong by one part in a million is caught", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 4] });
  const right = stout(space, smeared(0.1));
  const wrong: FieldMap = {
    ...right,
    space,
    apply(u) {
      const image = right.apply(u);
      return {
        field: image.field,
        release: () => image.release(),
        pull(delta, gradient) {
          image.pull(delta, gradient);
          for (const numbers of [delta.view(), gradient ?? []])
            for (let i = 0; i < numbers.length; i++) numbers[i]! *= 1 + 1e-6;
        },
      };
    },
    release: () => right.release(),
  };
  const field = pullAgainstDifferences(space, wrong);
  expect(Math.abs(field.exact / field.differences - 1)).toBeGreaterThan(1e-7);
  const gradient = gradientAgainstDifferences(space, wrong);
  expect(Math.abs(gradient.exact[0]! / gradient.differences[0]! - 1)).toBeGreaterThan(1e-7);
});

describe("parameters", () => {
  const { parameters, build } = stoutDefinition;
  test("defaults, and a resolved file reads the same again", () => {
    const parsed = parameters.parse({ rho: 0.1 });
    expect(parsed).toEqual({ layers: 1, rho: 0.1, loops: ["plaquette"] });
    expect(parameters.parse(parsed)).toEqual(parsed);
  });
  test.each([
    [
      { rho: [0.1, 0.2, 0.3], layers: 2, loops: ["plaquette", "rectangle"] },
      /rho has 3 numbers; with 2 families of loops and 2 layers it takes 1 \(shared\) or 2 .* or 4 \(layer by layer\)/,
    ],
    [{ rho: [0.1, 0.2] }, /with 1 family of loops and 1 layer it takes 1 \(shared\)$/],
    [{ rho: 0.1, layers: 0 }, /layers must be 1 or more/],
  ])("%j is refused with a sentence", (given, sentence) => {
    expect(parameters.safeParse(given).error?.issues[0]?.message).toMatch(sentence);
  });
  test("loops that the lattice does not have are refused with a sentence", () => {
    const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
    expect(() => build(parameters.parse({ rho: 0.1, loops: ["chair"] }), { space })).toThrow(
      /no chair in 2 dimensions/,
    );
  });
});
