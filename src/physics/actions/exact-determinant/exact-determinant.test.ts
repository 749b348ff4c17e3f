import { describe, expect, test } from "vitest";
import { describeAction } from "../../action.contract.ts";
import { linkSpace } from "../../testing.contract.ts";
import { exactDeterminantDefinition } from "./exact-determinant.ts";

const { parameters, build } = exactDeterminantDefinition;
const fermions = [
  { name: "staggered", mass: 0.4 },
  { name: "wilson", kappa: 0.12 },
  { name: "clover", kappa: 0.11, "c-sw": 1 },
];

for (const fermion of fermions)
  describeAction(`exact-determinant of ${fermion.name}`, {
    make: (space) =>
      build(parameters.parse({ fermion: { ...fermion, boundary: space.lattice.extents.map(() => 1) }, count: 2 }), {
        space,
      }),
    cases: [
      { group: "SU(2)", extents: [2, 2, 2, 2] },
      { group: "U(1)", extents: [4, 4] },
    ],
    extensive: false,
  });

describe("refusals", () => {
  test("a lattice whose matrix is too large", () => {
    const space = linkSpace({ group: "SU(3)", extents: [8, 8, 8, 8] });
    expect(() => build(parameters.parse({ fermion: fermions[1] }), { space })).toThrow(/24576 rows.*4096 at most/);
  });
});
