import { expect, test } from "vitest";
import { golden, spinData } from "../../../../lattice/spins/configurations.contract.ts";
import { describeSpinObservable, measureSpins } from "../../spin-observable.contract.ts";
import { spinCases, spinSpace } from "../../testing.contract.ts";
import { spinCorrelation } from "./spin-correlation.ts";

describeSpinObservable({
  definition: spinCorrelation,
  cases: spinCases,
  cold: () => 1,
  // dx + dy + … is odd where dx^2 + dy^2 + … is
  neel: (label) => (Number(label.replace("r²=", "")) % 2 === 0 ? 1 : -1),
  hot: () => 0,
});

test("the sums of the physics sheet, per pair", () => {
  const space = spinSpace({ spins: "O(3)", extents: [4, 4] });
  const found = measureSpins(spinCorrelation, space, spinData([4, 4], golden(16)));
  expect([...found.keys()]).toEqual(["r²=1", "r²=2", "r²=4", "r²=5", "r²=8"]);
  const sums = [-15.3694522363, 10.3020065843, 4.494734027, -7.6259209718, 1.1016773715];
  const pairs = [32, 32, 16, 32, 8];
  [...found.values()].forEach((x, k) => expect(x).toBeCloseTo(sums[k]! / pairs[k]!, 10));
});

test("so many shells, and no more than there are", () => {
  const space = spinSpace({ spins: "XY", extents: [4, 4] });
  expect(measureSpins(spinCorrelation, space, space.store(space.field()), { shells: 2 }).size).toBe(2);
  expect(() => spinCorrelation.build({ shells: 6 }, { space })).toThrow(/6 shells; a lattice \[4, 4\] has 5/);
});
