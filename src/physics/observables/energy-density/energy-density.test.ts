import { describeObservable } from "../../observable.contract.ts";
import { cosTrace, squareTrace, uniformFlux } from "../../solvable.contract.ts";
import { cases } from "../../testing.contract.ts";
import { energyDensity } from "./energy-density.ts";

describeObservable({
  definition: energyDensity,
  cases,
  cold: (label) => (label === "latticeqcd-jl" ? 1 : 0),
  solvable(space) {
    const { data, first, second } = uniformFlux(space);
    const { group, lattice } = space;
    const planes = (lattice.dimension * (lattice.dimension - 1)) / 2;
    const half = group.special ? 1 : 1 / 2;
    const angles = [first, second];
    const sum = (f: (omega: number) => number) => angles.reduce((total, omega) => total + f(omega), 0);
    const expected: Record<string, number> = {
      clover: half * squareTrace(group) * sum((omega) => Math.sin(omega) ** 2),
      plaquette: half * 2 * sum((omega) => group.n - cosTrace(group, omega)),
      "latticeqcd-jl": 1 + sum((omega) => cosTrace(group, 2 * omega) / group.n - 1) / planes,
    };
    return [{ name: "uniform flux", data, value: (label) => expected[label] }];
  },
});
