import { expect, test } from "vitest";
import { describeObservable } from "../../observable.contract.ts";
import { squareTrace, uniformFlux } from "../../solvable.contract.ts";
import { cases, linkSpace } from "../../testing.contract.ts";
import { topologicalCharge } from "./topological-charge.ts";

describeObservable({
  definition: topologicalCharge,
  cases: cases.filter(({ extents }) => extents.length === 4),
  cold: () => 0,
  solvable(space) {
    // F_03 = i sin(omega) T and F_12 likewise: Q = V sin sin tr T^2/(4 pi^2), in the continuum tr T^2, an integer
    const { data, first, second } = uniformFlux(space);
    const charge = (area: number) =>
      (space.lattice.volume * Math.sin(area * first) * Math.sin(area * second) * squareTrace(space.group)) /
      (4 * Math.PI ** 2);
    const improved = (5 / 3) * charge(1) - (1 / 6) * charge(2);
    return [{ name: "uniform flux", data, value: (label) => (label === "improved" ? improved : charge(1)) }];
  },
});

test("other dimensions are refused with a sentence", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  expect(() => topologicalCharge.build({}, { space })).toThrow(/four dimensions, this lattice has 2/);
});
