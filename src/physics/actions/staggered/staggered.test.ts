import { describe, expect, test } from "vitest";
import { SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { forceAgainstDifferences } from "../../action.contract.ts";
import { describePseudofermion, held, wrongForce } from "../../pseudofermions/pseudofermion.contract.ts";
import { type Case, linkSpace } from "../../testing.contract.ts";
import { staggeredAction, staggeredActionDefinition } from "./staggered.ts";

const { parameters, build } = staggeredActionDefinition;
const tight = { solver: { relative: 1e-13, iterations: 2000 }, "force-solver": { relative: 1e-13, iterations: 2000 } };
const given = (more: object) => parameters.parse({ mass: 0.3, ...tight, ...more });

const cases: readonly Case[] = [
  { group: "SU(2)", extents: [2, 4, 2, 4] },
  { group: "SU(3)", extents: [2, 2, 2, 4] },
  { group: "SU(3)", extents: [4, 4] },
  { group: "U(1)", extents: [4, 6] },
  { group: "SU(5)", extents: [4, 2] },
];

describePseudofermion("staggered, one field on even sites", {
  make: (space) => staggeredAction(space, given({ flavours: space.lattice.dimension === 4 ? 4 : 2, history: 2 })),
  cases,
});

describePseudofermion("staggered with twisted boundary conditions", {
  make: (space) => staggeredAction(space, given({ boundary: [{ angle: 0.3 }, 1, { angle: -1.7 }, -1] })),
  cases: cases.slice(0, 1),
});

describePseudofermion("staggered, both colours", {
  make: (space) => staggeredAction(space, given({ flavours: space.lattice.dimension === 4 ? 8 : 4 })),
  cases: cases.slice(0, 3),
  drawn: (space) => noise(space, "staggered.heaviest", "all"),
});

describePseudofermion("staggered, split at heavier masses", {
  make: (space) =>
    staggeredAction(
      space,
      given({ flavours: space.lattice.dimension === 4 ? 4 : 2, hasenbusch: [0.6, 1.1], accuracy: 1e-12 }),
    ),
  cases: cases.slice(0, 3),
});

for (const flavours of [1, 3, 7])
  describePseudofermion(`staggered, ${flavours} of 4 flavours to a field`, {
    make: (space) => staggeredAction(space, given({ flavours, accuracy: 1e-11, "force-accuracy": 1e-11 })),
    cases: cases.slice(0, 2),
    drawn: (space) => noise(space, "staggered.rational", flavours > 4 ? "all" : "even"),
  });

describePseudofermion("staggered, four flavours as a root on all sites", {
  make: (space) => staggeredAction(space, given({ sites: "all", accuracy: 1e-11, "force-accuracy": 1e-11 })),
  cases: cases.slice(0, 2),
  drawn: (space) => noise(space, "staggered.rational", "all"),
});

/** |xi|^2 of the noise that the heat bath draws at step 7. */
function noise(space: ReturnType<typeof linkSpace>, purpose: string, sites: "even" | "all") {
  const spinors = new SpinorSpace(space.lattice, space.group.n);
  const xi = spinors.field();
  spinors.draw(sites, xi, "gaussian", addressedRng("drawn", 0), purpose, 7);
  return { norm2: spinors.norm2(sites, xi), constant: 0 };
}

test("a wrong force is caught", () => {
  const space = linkSpace(cases[0]!);
  const action = held(space, staggeredAction(space, given({})));
  const { exact, differences } = forceAgainstDifferences(space, wrongForce(action));
  expect(Math.abs(exact / differences - 1)).toBeGreaterThan(1e-7);
});

describe("refusals", () => {
  const on = (extents: readonly number[], more: object) => () =>
    build(given(more), { space: linkSpace({ group: "SU(2)", extents }) });
  test.each([
    ["odd extents", on([4, 3], {}), /even extents in all directions; the lattice is \[4, 3\]/],
    ["too many flavours", on([4, 4], { flavours: 8 }), /flavours: 8 is more than the 4 of two fields in 2 dimensions/],
    ["masses that get lighter", on([2, 2, 2, 2], { hasenbusch: [0.5, 0.4] }), /every mass must be larger/],
    ["a split root", on([2, 2, 2, 2], { flavours: 2, hasenbusch: [0.5] }), /mass splitting needs a whole field/],
    ["too few sites", on([2, 2, 2, 2], { flavours: 6, sites: "even" }), /even sites carry 4 flavours, not 6/],
    ["a wrong boundary", on([2, 2, 2, 2], { boundary: [1, -1] }), /2 phases for 4 directions/],
  ])("%s", (_, attempt, sentence) => expect(attempt).toThrow(sentence));
});
