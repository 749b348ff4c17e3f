import { expect, test } from "vitest";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { SpinData } from "../../../../lattice/spins/spin-data.ts";
import { describeSpinObservable, measureSpins } from "../../spin-observable.contract.ts";
import { spinCases, spinSpace } from "../../testing.contract.ts";
import { vortices } from "./vortices.ts";

describeSpinObservable({
  definition: vortices,
  cases: [
    ...spinCases.filter(({ spins, extents }) => spins === "XY" && extents.length > 1),
    { spins: "XY", extents: [5, 3] },
  ],
  cold: () => 0,
  neel: () => undefined, // differences of pi have either sign
  /**
   * Four independent uniform differences in (-pi, pi] but for their sum being a multiple of 2 pi: w = +-1 with probability
   * 1/6 each. On extents of 2 the differences are not independent.
   */
  hot: (_, { lattice: { extents } }) =>
    extents.some((n) => n < 3) ? undefined : (extents.length * (extents.length - 1)) / 2 / 3,
});

/** Angles of vortices at places between the sites, by their windings; not periodic. */
function withVortices(extents: readonly number[], places: readonly (readonly [number, number, number])[]): SpinData {
  const values = new Float64Array(2 * extents[0]! * extents[1]!);
  for (let i = 0; 2 * i < values.length; i++) {
    const [x, y] = coordinatesOf(i, extents) as [number, number];
    const angle = places.reduce((sum, [px, py, w]) => sum + w * Math.atan2(y - py, x - px), 0);
    values.set([Math.cos(angle), Math.sin(angle)], 2 * i);
  }
  return { spins: "XY", extents, values };
}

test("a vortex and an antivortex are two, and a spiral has none", () => {
  const extents = [16, 16];
  const space = spinSpace({ spins: "XY", extents });
  const pair = withVortices(extents, [[4.5, 7.5, 1], [10.5, 7.5, -1]]); // biome-ignore format: a table
  expect(measureSpins(vortices, space, pair).get("vortices")).toBe(2 / 256);
  const spiral = pair.values.map((_, i) => {
    const angle = (2 * Math.PI * 3 * (i >> 1)) / 16;
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
  expect(measureSpins(vortices, space, { ...pair, values: spiral }).get("vortices")).toBe(0);
});

test("a line of vorticity through three dimensions has its length", () => {
  const extents = [8, 8, 3];
  const layer = withVortices([8, 8], [[1.5, 3.5, 1], [5.5, 3.5, -1]]); // biome-ignore format: a table
  const values = Float64Array.from([...layer.values, ...layer.values, ...layer.values]);
  const found = measureSpins(vortices, spinSpace({ spins: "XY", extents }), { spins: "XY", extents, values });
  expect(found.get("vortices")).toBe(((2 * 3) / values.length) * 2);
});

test("other spins and one dimension are refused in a sentence", () => {
  expect(() => vortices.build({}, { space: spinSpace({ spins: "O(3)", extents: [4, 4] }) })).toThrow(/spins = "XY"/);
  expect(() => vortices.build({}, { space: spinSpace({ spins: "XY", extents: [4] }) })).toThrow(/no squares in 1/);
});
