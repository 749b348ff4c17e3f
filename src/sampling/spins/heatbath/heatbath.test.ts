import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { SpinKind } from "../../../lattice/spins/spin-data.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { ksTest } from "../../../statistics/ks.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { lawOfCosine } from "../../update-targets.contract.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { type SpinTarget, type SpinTargetName, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { makeHeatbath } from "./heatbath.ts";
import { heatbathDefinition } from "./index.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    heatbathDefinition.build(heatbathDefinition.parameters.parse(parameters), bench);

const everywhere = Object.keys(spinTargets) as SpinTargetName[];

/** A heat bath in the opposite field. */
const wrongSign =
  (target: SpinTarget) =>
  (bench: UpdateBench): Update => {
    const opposite = { ...target, shells: target.shells.map((k) => -k) };
    const other = spinBench(opposite, bench.space.lattice.device);
    return updateOf(makeHeatbath(other.space, sourceOf(other, "heatbath"), { order: "random" }));
  };

describeSpinUpdate("heatbath", {
  build: build({}),
  targets: everywhere,
  reversible: true,
  broken: { "the field with the wrong sign": wrongSign(spinTargets.isingRing) },
});
describeSpinUpdate("heatbath there and back", {
  build: build({ order: "palindrome" }),
  targets: ["xyRing", "heisenberg"],
  reversible: true,
});
describeSpinUpdate("heatbath one way", {
  build: build({ order: "sequential" }),
  targets: ["isingRing", "xyRing"],
  reversible: false,
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("one spin in a field h", () => {
  const draw = (spins: SpinKind, h: number): number[] => {
    const n = spins === "XY" ? 2 : 3;
    // free spins in a field along no axis
    const direction = n === 2 ? [0.6, -0.8] : [0.48, -0.6, -0.64];
    const bench = spinBench({ spins, extents: [3000], shells: [0], field: direction.map((x) => h * x) }, device);
    const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
    build({ order: "sequential" })(bench).step(state, addressedRng("one spin"));
    const values = state.field.view().slice();
    state.field.release();
    return Array.from({ length: 3000 }, (_, i) => direction.reduce((sum, x, a) => sum + x * values[n * i + a]!, 0));
  };
  // false alarms once in 10^4 for other seeds, fifteen tests
  test.each([0, 1e-12, 1e-4, 1.9e-3, 2e-3, 0.1, 2, 40, 600])("O(3), h = %d: its cosine has density exp(h c)", (h) => {
    const law = (c: number) =>
      h === 0 ? (1 + c) / 2 : (Math.exp(h * (c - 1)) * Math.expm1(-h * (c + 1))) / Math.expm1(-2 * h);
    expect(ksTest(draw("O(3)", h), law).pValue).toBeGreaterThan(1e-4);
  });
  test.each([0, 1e-9, 0.01, 0.7, 3, 40])("XY, h = %d: its angle has density exp(h cos)", (h) => {
    const law = lawOfCosine((angle) => Math.exp(h * (Math.cos(angle) - 1)));
    expect(ksTest(draw("XY", h), law).pValue).toBeGreaterThan(1e-4);
  });
  test("the series for weak fields meets the closed form", () => {
    const [below, above] = [2 ** -9 * (1 - 1e-9), 2 ** -9 * (1 + 1e-9)].map((h) => draw("O(3)", h));
    const worst = Math.max(...below!.map((c, i) => Math.abs(c - above![i]!)));
    expect(worst).toBeLessThan(3e-12);
  });
});

describe("refusals", () => {
  test("an action that is not linear in each spin is named", () => {
    const bench = spinBench(spinTargets.dimer, device);
    const { couplings: _, ...other } = sourceOf(bench, "test");
    expect(() => build({})({ ...bench, terms: [other], names: ["double-exchange"] })).toThrow(
      /"double-exchange" is not linear in each spin.*metropolis/,
    );
  });
  test("updates stand in place of sweeps, and need a random order", () => {
    expect(() => heatbathDefinition.parameters.parse({ updates: 5, sweeps: 1 })).toThrow(/in place of sweeps/);
    expect(() => heatbathDefinition.parameters.parse({ updates: 5, order: "permuted" })).toThrow(/needs order/);
  });
});
