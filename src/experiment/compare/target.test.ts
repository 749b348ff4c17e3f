import { describe, expect, it } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { targetDifferences } from "./target.ts";

const quark = { name: "staggered", mass: 0.3 };
const gauge = { name: "wilson-gauge", beta: 2.4 };
const base = { lattice: [4, 4, 4, 4], group: "SU(2)", action: [gauge, quark], update: { name: "hmc" } };
const named = (name: string, change: Record<string, unknown> = {}) => ({
  name,
  runFile: checkRunFile({ ...base, ...change }, `${name}.toml`, catalogue),
});
const against = (change: Record<string, unknown>) => targetDifferences([named("a"), named("b", change)]);

describe("the targets of two runs", () => {
  it("are the same whatever the update, the start, the order of the terms and how they are computed", () => {
    expect(against({})).toEqual([]);
    expect(against({ update: { name: "hmc", steps: 33 }, start: "hot", seed: "other", thermalise: 5 })).toEqual([]);
    expect(against({ action: [quark, gauge] })).toEqual([]);
    expect(against({ action: [gauge, { ...quark, hasenbusch: [0.9], precision: "mixed", history: 3 }] })).toEqual([]);
  });

  it("are the same whichever way double exchange follows single spins", () => {
    const spins = (change: object) => {
      const action = [{ name: "double-exchange", temperature: 0.1, ...change }];
      return { lattice: [4, 4], group: undefined, spins: "O(3)", action, update: { name: "metropolis" } };
    };
    const [a, b] = [named("a", spins({})), named("b", spins({ local: "matsubara", frequencies: 9 }))];
    expect(targetDifferences([a, b])).toEqual([]);
    expect(targetDifferences([a, named("b", spins({ J: 2 }))])).toHaveLength(1);
  });

  it("are told apart by what decides the distribution", () => {
    const b = "b samples another distribution than a: ";
    expect(against({ lattice: [4, 4, 4, 6] })).toEqual([`${b}lattice = [4,4,4,6] against [4,4,4,4]`]);
    expect(against({ group: "SU(3)" })).toEqual([`${b}group = "SU(3)" against "SU(2)"`]);
    expect(
      against({
        action: [
          { ...gauge, beta: 2.5 },
          { ...quark, mass: 0.31 },
        ],
      }),
    ).toEqual([`${b}mass of staggered = 0.31 against 0.3; beta of wilson-gauge = 2.5 against 2.4`]);
    expect(against({ action: [gauge] })).toEqual([`${b}action wilson-gauge against staggered + wilson-gauge`]);
    const [smeared] = against({ action: [gauge, { ...quark, through: { name: "stout", rho: 0.1 } }] });
    expect(smeared).toMatch(/through of staggered = \{"name":"stout".* against nothing/);
    expect(targetDifferences([named("a"), named("b"), named("c", { group: "SU(3)" })])).toEqual([
      expect.stringMatching(/^c samples/),
    ]);
  });
});
