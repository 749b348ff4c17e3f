import { expect, test } from "vitest";
import { describeObservable } from "../../observable.contract.ts";
import { cosTrace, uniformFlux } from "../../solvable.contract.ts";
import { cases, linkSpace } from "../../testing.contract.ts";
import { plaquette } from "./plaquette.ts";

describeObservable({
  definition: plaquette,
  cases,
  cold: () => 1,
  solvable(space) {
    const { data, first, second } = uniformFlux(space);
    const { n } = space.group;
    const d = space.lattice.dimension;
    const [a, b] = [first, second].map((omega) => cosTrace(space.group, omega) / n - 1) as [number, number];
    const expected: Record<string, number> = {
      plaquette: 1 + (a + b) / ((d * (d - 1)) / 2),
      temporal: 1 + a / (d - 1),
      spatial: 1 + b / (((d - 1) * (d - 2)) / 2),
    };
    return [{ name: "uniform flux", data, value: (label) => expected[label] }];
  },
});

test("there is none in one dimension", () => {
  expect(() => plaquette.build({}, { space: linkSpace({ group: "SU(2)", extents: [4] }) })).toThrow(
    /no plaquette in 1/,
  );
});
