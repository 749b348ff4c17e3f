import { expect, test } from "vitest";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import { type DoubleExchangeParameters, doubleExchange } from "../../actions/double-exchange/double-exchange.ts";
import { derivatives } from "../../actions/double-exchange/reference.contract.ts";
import { named } from "../../actions/double-exchange/testing.contract.ts";
import { pairAction } from "../../actions/pair-couplings/pair-action.ts";
import { describeSpinObservable, measureSpins } from "../../spin-observable.contract.ts";
import { spinSum } from "../../spin-sum.ts";
import { spinSpace } from "../../testing.contract.ts";
import { electrons } from "./electrons.ts";

const action = (space: SpinSpace, given: Partial<DoubleExchangeParameters> = {}) =>
  doubleExchange(space, { t: 1, J: 1, mu: 0, temperature: 0.1, boundary: "periodic", ...given });

/** Levels of parallel (antiparallel) spins on [4, 2], J = 1: eps_k +- 1/2 (+-sqrt(eps_k^2 + 1/4)). */
const bands = [0, 1, 2, 3].flatMap((x) =>
  [0, 1].map((y) => -2 * Math.cos((Math.PI * x) / 2) - 2 * Math.cos(Math.PI * y)),
);
function expected(levels: readonly number[]): (label: string) => number | undefined {
  const f = (e: number) => 1 / (Math.exp(10 * e) + 1);
  const values: Record<string, number> = {
    filling: levels.reduce((sum, e) => sum + f(e), 0) / 8,
    energy: levels.reduce((sum, e) => sum + e * f(e), 0) / 8,
    "ln-weight": levels.reduce((sum, e) => sum + Math.log1p(Math.exp(-10 * e)), 0),
  };
  return (label) => values[label];
}

describeSpinObservable({
  definition: electrons,
  cases: [{ spins: "O(3)", extents: [4, 2] }],
  action,
  cold: expected(bands.flatMap((e) => [e - 0.5, e + 0.5])),
  neel: expected(bands.flatMap((e) => [-Math.hypot(e, 0.5), Math.hypot(e, 0.5)])),
  hot: (label) => (label === "filling" ? 1 : undefined),
});

test("filling, energy and ln W of the reference", () => {
  for (const { extents, J, beta, mu, lnW, filling, energy } of derivatives) {
    const space = spinSpace({ spins: "O(3)", extents });
    const data = named("golden(0)", extents);
    const found = measureSpins(electrons, space, data, {}, action(space, { J, mu, temperature: 1 / beta }));
    expect(found.get("filling")).toBeCloseTo(filling, 12);
    expect(found.get("energy")).toBeCloseTo(energy, 12);
    expect(found.get("ln-weight")).toBeCloseTo(lnW, 10);
    // the same from a sum of actions, and with parameters of its own
    const pairs = pairAction(space, { shells: [0.3] }, 1 / beta, "test");
    const sum = spinSum([pairs, action(space, { J, mu, temperature: 1 / beta })], ["a", "b"]);
    expect(measureSpins(electrons, space, data, {}, sum)).toEqual(found);
    const own = { t: 1, J, mu, temperature: 1 / beta };
    expect(measureSpins(electrons, space, data, own, pairs)).toEqual(found);
    expect(measureSpins(electrons, space, data, own, action(space, { J: 7, boundary: "periodic" }))).toEqual(found);
  }
});

test("without electrons in the action it asks for their parameters", () => {
  const space = spinSpace({ spins: "O(3)", extents: [4, 2] });
  const pairs = pairAction(space, { shells: [0.3] }, 0.1, "test");
  expect(() => measureSpins(electrons, space, named("FM", [4, 2]), { J: 1 }, pairs)).toThrow(
    /no double-exchange term to take t, mu from; give t, J and mu/,
  );
});
