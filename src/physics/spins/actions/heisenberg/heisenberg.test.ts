import { expect, test } from "vitest";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { describeSpinAction } from "../../spin-action.contract.ts";
import { spinCases, spinConfiguration, spinSpace } from "../../testing.contract.ts";
import { heisenbergAction } from "./heisenberg.ts";

const make = (space: SpinSpace, parameters: object) =>
  heisenbergAction.build(heisenbergAction.parameters.parse(parameters), { space });
const cases = spinCases.filter(({ spins }) => spins === "O(3)");

describeSpinAction("heisenberg", { make: (space, temperature) => make(space, { temperature, J: -0.8 }), cases });
describeSpinAction("heisenberg in a field", {
  make: (space, temperature) => make(space, { temperature, field: [0.3, -0.4, 0.2] }),
  cases,
  rotations: false,
});

test("parallel spins have S = -J bonds/T, and the force on them is none", () => {
  const space = spinSpace({ spins: "O(3)", extents: [4, 6] });
  const action = make(space, { temperature: 0.5, J: 1.5 });
  const c = spinConfiguration(space);
  expect(action.value(c)).toBeCloseTo((-1.5 * 48) / 0.5, 12);
  const p = space.momenta();
  action.addForce(c, 1, p);
  expect(Math.max(...p.view().map(Math.abs))).toBeLessThan(1e-14);
});

test("what does not fit is refused in a sentence", () => {
  expect(() => make(spinSpace({ spins: "XY", extents: [4, 4] }), { temperature: 1 })).toThrow(
    /heisenberg is for spins = ".*"; this run has XY spins/,
  );
  expect(heisenbergAction.parameters.safeParse({ temperature: 1, field: [1] }).error?.issues[0]?.message).toMatch(
    /field needs the . numbers \[hx, hy/,
  );
});
