import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { suNPlaquette2d } from "../../../numerics/exact-2d.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { ksTest } from "../../../statistics/ks.ts";
import { describeUpdate } from "../../update.contract.ts";
import type { Update, UpdateBench } from "../../update.ts";
import { lawOfCosine } from "../../update-targets.contract.ts";
import { fixedStapleBench, haarStart } from "../sweep/fixed-staple.contract.ts";
import { heatbathDefinition } from "./index.ts";

const build =
  (parameters: object = {}) =>
  (bench: UpdateBench): Update =>
    heatbathDefinition.build(heatbathDefinition.parameters.parse(parameters), bench);

const withBeta = (beta: number, bench: UpdateBench): UpdateBench => {
  const action = wilsonGauge(bench.space as LinkSpace, beta);
  return { ...bench, action, terms: [action] };
};

describeUpdate("heatbath", {
  build: build(),
  broken: { "coupling too large by 5 %": (bench) => build()(withBeta(2.1, bench)) },
});
describeUpdate("heatbath with overrelaxation, sequential", {
  build: build({ overrelaxation: 2, order: "sequential" }),
  targets: ["su2", "u1"],
  draws: 2000,
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

/** Fixed seeds; with others each p-value would be below this once in 10^4. */
const SMALLEST_P = 1e-4;
const strengths = [0, 0.01, 0.5, 1.6, 1.8, 2, 10, 100, 1000];

/** KS p-value of the tests below for a cumulative distribution on [0, 1]. */
const uniform = (values: readonly number[]) => ksTest(values, (x) => x).pValue;

describe("the law of one link", () => {
  test.each(strengths)("SU(2), k = %d", (strength) => {
    // Re tr(U A) = 2 h0, so that the coupling is k/2
    const { bench, state, products } = fixedStapleBench(device, "SU(2)", [64, 128], strength / 2);
    build()(bench).step(state, addressedRng("one link"));
    const h = products().map((w) => ({ h0: w[0]!, h3: w[1]!, h2: w[2]!, h1: w[3]! }));
    const law = (k: number) => lawOfCosine((angle) => Math.sin(angle) ** 2 * Math.exp(k * (Math.cos(angle) - 1)));
    const p = (k: number) =>
      ksTest(
        h.map((q) => q.h0),
        law(k),
      ).pValue;
    expect(p(strength)).toBeGreaterThan(SMALLEST_P);
    expect(p(1.1 * strength + 0.1)).toBeLessThan(SMALLEST_P);
    const size = (q: { h1: number; h2: number; h3: number }) => Math.hypot(q.h1, q.h2, q.h3);
    expect(uniform(h.map((q) => (1 + q.h3 / size(q)) / 2))).toBeGreaterThan(SMALLEST_P);
    expect(uniform(h.map((q) => (1 + q.h1 / size(q)) / 2))).toBeGreaterThan(SMALLEST_P);
    expect(uniform(h.map((q) => 0.5 + Math.atan2(q.h2, q.h1) / (2 * Math.PI)))).toBeGreaterThan(SMALLEST_P);
    expect(Math.max(...h.map((q) => Math.abs(Math.hypot(q.h0, size(q)) - 1)))).toBeLessThan(1e-14);
  });

  test.each(strengths)("U(1), k = %d", (strength) => {
    const { bench, state, products } = fixedStapleBench(device, "U(1)", [64, 128], strength);
    build()(bench).step(state, addressedRng("one link"));
    const z = products();
    const law = (k: number) => lawOfCosine((angle) => Math.exp(k * (Math.cos(angle) - 1)));
    const cosines = z.map((w) => w[0]!);
    expect(ksTest(cosines, law(strength)).pValue).toBeGreaterThan(SMALLEST_P);
    expect(ksTest(cosines, law(1.1 * strength + 0.1)).pValue).toBeLessThan(SMALLEST_P);
    const upper = z.filter((w) => w[1]! > 0).length;
    expect(Math.abs(upper - z.length / 2)).toBeLessThan(4 * Math.sqrt(z.length / 4));
    expect(Math.max(...z.map((w) => Math.abs(Math.hypot(w[0]!, w[1]!) - 1)))).toBeLessThan(1e-14);
  });

  // A sweep of subgroups is no independent draw, so these start from Haar links and forget them.
  test.each([
    ["SU(3)", 3, 6],
    ["SU(3)", 3, 0.5],
    ["SU(4)", 4, 10],
    ["SU(5)", 5, 9],
  ] as const)("%s: moments of the trace", (name, n, beta) => {
    const { space, bench, state, traces } = fixedStapleBench(device, name, [32, 32], beta / n);
    haarStart(space, state);
    const update = build()(bench);
    const rng = addressedRng("one link");
    const batches: number[][] = [];
    for (let sweep = 1; sweep <= 60; sweep++) {
      update.step(state, rng);
      if (sweep % 10 === 0 && sweep >= 20) batches.push(traces());
    }
    const values = batches.flat();
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length;
    const fourth = values.reduce((s, x) => s + (x - mean) ** 4, 0) / values.length;
    // <Re tr U> = N P(beta) and its variance is N^2 P'(beta)
    const exact = n * suNPlaquette2d(n, beta);
    const step = 1e-3;
    const slope = (suNPlaquette2d(n, beta + step) - suNPlaquette2d(n, beta - step)) / (2 * step);
    expect(Math.abs(mean - exact) / Math.sqrt(variance / values.length)).toBeLessThan(4);
    const errorOfVariance = Math.sqrt((fourth - variance ** 2) / values.length);
    expect(Math.abs(variance - n * n * slope) / errorOfVariance).toBeLessThan(4);
    expect(errorOfVariance / variance).toBeLessThan(0.03);
    expect(space.defect(state.field)).toBeLessThan(1e-13);
  });
});

test("a link that is not a number neither hangs the sweep nor stays unseen", () => {
  const { space, bench, state } = fixedStapleBench(device, "SU(3)", [4, 4], 2);
  state.field.view().fill(Number.NaN, 0, 18);
  state.step = 1;
  build()(bench).step(state, addressedRng("nan"));
  expect(space.defect(state.field)).toBeNaN();
});
