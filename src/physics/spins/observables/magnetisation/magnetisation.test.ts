import { expect, test } from "vitest";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { describeSpinObservable, hotDisagreements, measureSpins } from "../../spin-observable.contract.ts";
import { roughSpins, spinCases, spinSpace } from "../../testing.contract.ts";
import { orderObservable } from "../order.ts";
import { magnetisation } from "./magnetisation.ts";

/** <m^2> and <m^4> of N independent vectors of n components: <M^4> = N + (1 + 2/n) N (N - 1). */
function independent(label: string, { lattice: { volume: N }, components: n }: SpinSpace): number | undefined {
  return { squared: 1 / N, fourth: (N + (1 + 2 / n) * N * (N - 1)) / N ** 4 }[label];
}

describeSpinObservable({
  definition: magnetisation,
  cases: spinCases,
  cold: () => 1,
  neel: () => 0,
  hot: independent,
});

test("m of a configuration, spin by spin", () => {
  const where = { spins: "O(3)", extents: [5, 3] } as const;
  const data = roughSpins(where);
  const m = [0, 1, 2].map((a) => data.values.reduce((sum, x, i) => sum + (i % 3 === a ? x / 15 : 0), 0));
  const found = measureSpins(magnetisation, spinSpace(where), data);
  expect(found.get("abs")).toBeCloseTo(Math.hypot(...m), 14);
  expect(found.get("squared")).toBeCloseTo(Math.hypot(...m) ** 2, 14);
  expect(found.get("fourth")).toBeCloseTo(Math.hypot(...m) ** 4, 14);
});

test("a magnetisation with one spin too few in its mean is noticed", () => {
  const space = spinSpace({ spins: "O(3)", extents: [2, 3] });
  const right = orderObservable("magnetisation", space, () => 1);
  const wrong = orderObservable("magnetisation", space, () => 6 / 5);
  expect(hotDisagreements(right, space, independent)).toEqual([]);
  expect(hotDisagreements(wrong, space, independent)).toHaveLength(2);
});
