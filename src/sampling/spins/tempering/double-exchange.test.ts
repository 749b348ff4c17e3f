import { expect, test } from "vitest";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { dimer } from "../../../physics/spins/actions/double-exchange/reference.contract.ts";
import { electronsIn } from "../../../physics/spins/actions/double-exchange/testing.contract.ts";
import { gammaMethod } from "../../../statistics/index.ts";
import type { State } from "../../update.ts";
import { product } from "../spin-targets.contract.ts";
import { temperingDefinition } from "./index.ts";

const exact = (beta: number) => dimer.find((row) => row.J === 2 && row.beta === beta)!.neighbours;

// With other seeds one of the two pulls would be above 4 once in 8000.
test("double exchange on two sites: both temperatures have their exact correlation, from one spectrum a replica", () => {
  const { action, space } = electronsIn([2], "FM", { J: 2, beta: 20, t: 0.5 });
  const bench = { space, action, terms: [action], names: ["double-exchange"], label: "" };
  const keys = temperingDefinition.parameters.parse({ temperatures: [1 / 20, 1 / 5], inner: { name: "metropolis" } });
  const update = temperingDefinition.build(keys, bench);
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const rng = addressedRng("tempering of electrons");
  const [cold, hot]: [number[], number[]] = [[], []];
  let acceptance = 0;
  while (state.step < 4000) {
    acceptance += update.step(state, rng).acceptance! / 4000;
    if (state.step < 50) continue;
    cold.push(product(state.field.view(), 3, 0, 1));
    hot.push(product(update.kept!()[1]!.data, 3, 0, 1));
  }
  expect(acceptance).toBeGreaterThan(0.3);
  for (const [values, beta] of [
    [cold, 20],
    [hot, 5],
  ] as const) {
    const found = gammaMethod([values]);
    if (found.refused) throw new Error(found.reason);
    expect(found.error).toBeLessThan(0.02);
    expect(Math.abs(found.mean - exact(beta)) / found.error).toBeLessThan(4);
  }
});
