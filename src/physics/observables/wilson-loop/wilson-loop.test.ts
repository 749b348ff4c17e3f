import { describe, expect, test } from "vitest";
import { rectangle } from "../../loops/families.ts";
import { loopSumReference } from "../../loops/reference.ts";
import { describeObservable, measureAll } from "../../observable.contract.ts";
import { cosTrace, uniformFlux } from "../../solvable.contract.ts";
import { cases, expectClose, linkSpace, roughLinks } from "../../testing.contract.ts";
import { wilsonLoopObservable } from "./wilson-loop.ts";

const extentsOf = (label: string) => label.match(/\d+/g)!.map(Number) as [number, number];

describeObservable({
  definition: wilsonLoopObservable,
  cases,
  cold: () => 1,
  solvable(space) {
    const { data, first } = uniformFlux(space);
    const value = (label: string) => {
      const [r, t] = extentsOf(label);
      const flux = cosTrace(space.group, first * r * t) / space.group.n;
      return (flux + space.lattice.dimension - 2) / (space.lattice.dimension - 1);
    };
    return [{ name: "uniform flux: an area law", data, value }];
  },
});

describe.each(cases)("$group on $extents", (where) => {
  test("every loop equals the path products", () => {
    const space = linkSpace(where);
    const { extents } = where;
    const time = extents.length - 1;
    const data = roughLinks(where.group, extents);
    const loops = measureAll(wilsonLoopObservable, space, data, { maxR: 3, maxT: 6 });
    const largest = Math.min(3, ...extents.slice(0, -1));
    expect(loops.size).toBe(largest * Math.min(6, extents[time]!));
    for (const [label, value] of loops) {
      const [r, t] = extentsOf(label);
      const sum = extents
        .slice(0, -1)
        .reduce((total, _, i) => total + loopSumReference(data, rectangle(i, time, r, t)).re, 0);
      expectClose(value, sum / (space.group.n * space.lattice.volume * time), 1e-13, 1);
    }
  });
});

test("there is no space in one dimension", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4] });
  expect(() => wilsonLoopObservable.build({ maxR: 1, maxT: 1 }, { space })).toThrow(/this lattice has only time/);
});
