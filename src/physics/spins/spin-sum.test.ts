import { expect, test } from "vitest";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { pairAction } from "./actions/pair-couplings/pair-action.ts";
import { spinSum } from "./spin-sum.ts";
import { hotSpins } from "./starts.ts";
import { spinSpace } from "./testing.contract.ts";

const space = spinSpace({ spins: "O(3)", extents: [4, 4] });
const near = () => pairAction(space, { shells: [1] }, 0.5, "test");
const far = () => pairAction(space, { shells: [0.2, -0.3] }, 0.5, "test");

function hot() {
  const field = space.field();
  space.load(field, hotSpins("O(3)", [4, 4], addressedRng("spin-sum")));
  return { space, field, auxiliary: new Map() };
}

test("the couplings of a sum are those that its terms have at the time, not when it was made", () => {
  const terms = [near(), far()];
  const sum = spinSum(terms, ["a", "b"]);
  const seen = () => Array.from(sum.couplings!.shells);
  expect(seen()).toEqual([(1 + 0.2) / 0.5, -0.3 / 0.5]);
  terms[0]!.couplings!.shells[0] = 7;
  expect(seen()).toEqual([7 + 0.2 / 0.5, -0.3 / 0.5]);
});

test("a change of one spin is that of all terms, and is written once", () => {
  const c = hot();
  const sum = spinSum([near(), far()], ["a", "b"]);
  const before = sum.value(c);
  sum.local!.begin(c);
  const change = sum.local!.change(5, Float64Array.of(0, 0, 1));
  sum.local!.accept();
  expect(Array.from(c.field.view().subarray(15, 18))).toEqual([0, 0, 1]);
  expect(sum.value(c) - before).toBeCloseTo(change, 11);
  expect(sum.valuesAt(c, [1])[0]).toBeCloseTo(sum.value(c) / 2, 11);
});

test("terms of two temperatures are none of one action", () => {
  const warm = pairAction(space, { shells: [1] }, 0.7, "test");
  expect(() => spinSum([near(), warm], ["a", "b"])).toThrow(/action\[1\]\.temperature: b has T = 0.7 and a T = 0.5/);
});
