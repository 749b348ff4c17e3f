import { describeObservable } from "../../observable.contract.ts";
import { cosTrace, uniformFlux } from "../../solvable.contract.ts";
import { cases } from "../../testing.contract.ts";
import { rectangle } from "./rectangle.ts";

describeObservable({
  definition: rectangle,
  cases,
  cold: () => 1,
  solvable(space) {
    const { data, first, second } = uniformFlux(space);
    const d = space.lattice.dimension;
    const parts = [first, second].map((omega) => cosTrace(space.group, 2 * omega) / space.group.n - 1);
    return [{ name: "uniform flux", data, value: () => 1 + (parts[0]! + parts[1]!) / ((d * (d - 1)) / 2) }];
  },
});
