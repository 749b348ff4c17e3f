import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { ksTest } from "../../../statistics/ks.ts";
import { describeUpdate } from "../../update.contract.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { lawOfCosine } from "../../update-targets.contract.ts";
import { heatbathDefinition } from "../heatbath/index.ts";
import { fixedStapleBench } from "../sweep/fixed-staple.contract.ts";
import { metropolisDefinition } from "./index.ts";
import { ProposalWidth } from "./width.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    metropolisDefinition.build(metropolisDefinition.parameters.parse(parameters), bench);

describeUpdate("metropolis", {
  build: build({ width: 0.8, hits: 3, tune: 0.5 }),
  broken: {
    // at beta = 0 every proposal is accepted
    "without a decision": (bench) => {
      const action = wilsonGauge(bench.space as LinkSpace, 0);
      return build({ width: 0.3, hits: 1 })({ ...bench, action, terms: [action] });
    },
  },
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("one link", () => {
  test.each([
    ["SU(2)", 3, 0.6],
    ["SU(2)", 3, 20],
    ["U(1)", 3, 0.8],
    ["U(1)", 3, 20],
  ] as const)("%s, k = %d, width %d: a heat bath stays in its law", (name, strength, width) => {
    const { bench, state, products } = fixedStapleBench(
      device,
      name,
      [64, 128],
      name === "SU(2)" ? strength / 2 : strength,
    );
    const rng = addressedRng("one link");
    heatbathDefinition.build(heatbathDefinition.parameters.parse({}), bench).step(state, rng);
    const before = products();
    const { acceptance = Number.NaN } = build({ width, hits: 5 })(bench).step(state, rng);
    const after = products();
    const measure = (angle: number) => (name === "SU(2)" ? Math.sin(angle) ** 2 : 1);
    const law = lawOfCosine((angle) => measure(angle) * Math.exp(strength * (Math.cos(angle) - 1)));
    const cosines = after.map((w) => w[0]!);
    // false alarms once in 10^4 for other seeds
    expect(ksTest(cosines, law).pValue).toBeGreaterThan(1e-4);
    const moved = after.filter((w, i) => Math.abs(w[0]! - before[i]![0]!) > 1e-9).length / after.length;
    expect(moved).toBeGreaterThan(acceptance);
    expect(moved).toBeLessThan(1 - (1 - acceptance) ** 5 + 0.1);
  });

  test("acceptance falls with the width and is 1 without a staple", () => {
    const accepted = (coupling: number, width: number) => {
      const { bench, state } = fixedStapleBench(device, "SU(3)", [8, 8], coupling);
      return build({ width, hits: 2 })(bench).step(state, addressedRng("acceptance")).acceptance!;
    };
    expect(accepted(0, 5)).toBe(1);
    expect(accepted(2, 0.05)).toBeGreaterThan(accepted(2, 0.5));
    expect(accepted(2, 0.5)).toBeGreaterThan(accepted(2, 5));
  });
});

describe("tuning", () => {
  test("finds the width of the wanted acceptance, and stops", () => {
    const { bench, state } = fixedStapleBench(device, "SU(2)", [16, 16], 4);
    const update = build({ width: 5, hits: 1, tune: 0.5 })(bench);
    const rng = addressedRng("tuning");
    for (let i = 0; i < 100; i++) update.tune?.(update.step(state, rng));
    const frozen = update.freeze?.();
    expect(frozen?.width).toBe(update.tuned?.().width);
    let sum = 0;
    for (let i = 0; i < 20; i++) sum += update.step(state, rng).acceptance! / 20;
    expect(Math.abs(sum - 0.5)).toBeLessThan(0.03);
    expect(update.freeze?.()).toEqual(frozen);
  });

  test("is saved and restored bit for bit", () => {
    const one = new ProposalWidth(0.3, 0.5);
    for (const acceptance of [0.9, 0.7, 0.2]) one.learn(acceptance);
    const other = new ProposalWidth(2, 0.5);
    other.restore(one.save());
    one.learn(0.4);
    other.learn(0.4);
    expect(other.save()).toEqual(one.save());
  });

  test("is off where it was not asked for", () => {
    const { bench } = fixedStapleBench(device, "U(1)", [4, 4], 1);
    const update = build({})(bench);
    expect([update.tune, update.freeze, update.tuned]).toEqual([undefined, undefined, undefined]);
  });
});
