import { describe, expect, test } from "vitest";
import { directionNames } from "../../loops/families.ts";
import { loopSumReference } from "../../loops/reference.ts";
import { describeObservable } from "../../observable.contract.ts";
import { constantLinks, cosTrace, uniformFlux } from "../../solvable.contract.ts";
import { type Case, cases, configuration, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { polyakovLoop, polyakovLoopObservable } from "./polyakov-loop.ts";

const all: readonly Case[] = [...cases, { group: "SU(3)", extents: [6] }];

describeObservable({
  definition: polyakovLoopObservable,
  cases: all,
  cold: (label, { group }) => (label === "im" ? 0 : group.n),
  solvable(space) {
    const { extents, dimension } = space.lattice;
    const { n } = space.group;
    const { data, angle } = constantLinks(space);
    const turn = angle(dimension - 1) * extents[dimension - 1]!;
    const re = cosTrace(space.group, turn);
    const im = n === 1 ? Math.sin(turn) : 0;
    const constant: Record<string, number> = { re, im, abs: Math.hypot(re, im) };
    // under the flux the phases of the lines are the roots of unity, whose sum is 0
    const flux = (label: string) => (label === "im" ? 0 : Math.max(0, n - 2));
    return [
      { name: "constant links", data, value: (label: string) => constant[label] },
      ...(dimension > 1 ? [{ name: "uniform flux", data: uniformFlux(space).data, value: flux }] : []),
    ];
  },
});

describe.each(all)("$group on $extents", (where) => {
  test("loops in every direction equal the path products", () => {
    const space = linkSpace(where);
    const data = roughLinks(where.group, where.extents);
    const { field } = configuration(space, data);
    where.extents.forEach((length, mu) => {
      const expected = loopSumReference(data, Array<number>(length).fill(mu + 1));
      const { re, im } = polyakovLoop(space, field.address, mu);
      expectClose(re, expected.re / space.lattice.volume, 1e-13, 1);
      expectClose(im, expected.im / space.lattice.volume, 1e-13, 1);
    });
    expect(directionNames(where.extents.length).at(-1)).toBe("t");
  });
});

test("a direction that is not there is refused with a sentence", () => {
  const space = linkSpace({ group: "U(1)", extents: [4, 4] });
  expect(() => polyakovLoopObservable.build({ direction: "y" }, { space })).toThrow(/no direction y in 2 dimensions/);
});
