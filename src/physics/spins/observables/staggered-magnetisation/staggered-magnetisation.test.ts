import { expect, test } from "vitest";
import { describeSpinObservable } from "../../spin-observable.contract.ts";
import { spinCases, spinSpace } from "../../testing.contract.ts";
import { staggeredMagnetisation } from "./staggered-magnetisation.ts";

const even = spinCases.filter(({ extents }) => extents.every((n) => n % 2 === 0));

describeSpinObservable({
  definition: staggeredMagnetisation,
  cases: [...even, { spins: "XY", extents: [2, 2, 4] }],
  cold: () => 0,
  neel: () => 1,
  hot: (label, { lattice: { volume: N }, components: n }) =>
    ({ squared: 1 / N, fourth: (N + (1 + 2 / n) * N * (N - 1)) / N ** 4 })[label],
});

test("odd extents are refused in a sentence", () => {
  expect(() => staggeredMagnetisation.build({}, { space: spinSpace({ spins: "O(3)", extents: [4, 3] }) })).toThrow(
    /lattice \[4, 3\] has the odd extent 3 in direction 1, .* take even extents, or measure structure-factor/,
  );
});
