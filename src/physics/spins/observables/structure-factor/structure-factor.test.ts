import { expect, test } from "vitest";
import { cone, spinData } from "../../../../lattice/spins/configurations.contract.ts";
import { describeSpinObservable, measureSpins } from "../../spin-observable.contract.ts";
import { roughSpins, spinCases, spinSpace } from "../../testing.contract.ts";
import { magnetisation } from "../magnetisation/magnetisation.ts";
import { structureFactor } from "./structure-factor.ts";

const isZero = (label: string) => !/[1-9]/.test(label);

describeSpinObservable({
  definition: structureFactor,
  cases: spinCases,
  cold: (label) => (isZero(label) ? 1 : 0),
  neel: (label) => (isZero(label) ? 0 : 1),
  hot: (_, { lattice }) => 1 / lattice.volume,
  // reflections of the lattice are not symmetries of a single q, unless 2 q = 0
  translations: false,
});

test("a cone has its planar part at its wave vector and its opposite, and the rest at zero", () => {
  const extents = [6, 4];
  const space = spinSpace({ spins: "O(3)", extents });
  const data = spinData(extents, cone(extents, 2, 1, 0.4));
  const momenta = [[2, 1], [-2, -1], [4, 3], [0, 0], [2, 0], [-2, 1]]; // biome-ignore format: a table
  const found = [...measureSpins(structureFactor, space, data, { momenta }).values()];
  const planar = Math.sin(0.4) ** 2 / 2; // cos q.r and sin q.r, each with half of its weight at q and half at -q
  [planar, planar, planar, Math.cos(0.4) ** 2, 0, 0].forEach((x, k) => expect(found[k]).toBeCloseTo(x, 13));
});

test("over all wave vectors it adds up to 1, and at zero it is the magnetisation", () => {
  const where = { spins: "XY", extents: [3, 4] } as const;
  const [space, data] = [spinSpace(where), roughSpins(where)];
  const momenta = Array.from({ length: 12 }, (_, i) => [i % 3, Math.floor(i / 3)]);
  const found = [...measureSpins(structureFactor, space, data, { momenta }).values()];
  expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13);
  expect(found[0]).toBeCloseTo(measureSpins(magnetisation, space, data).get("squared")!, 14);
});

test("a wave vector of another dimension is refused in a sentence", () => {
  const space = spinSpace({ spins: "XY", extents: [3, 4] });
  expect(() => structureFactor.build({ momenta: [[1]] }, { space })).toThrow(
    /momentum \[1\] has 1 numbers; a lattice \[3, 4\] needs 2/,
  );
});
