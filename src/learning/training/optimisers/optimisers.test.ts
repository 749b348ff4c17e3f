import { describe, expect, it } from "vitest";
import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import { freshState, type Optimiser, restoreState, saveState } from "./optimiser.ts";
import { sgd } from "./sgd.ts";

/** Weights after the steps with these gradients. */
function weightsAfter(
  optimiser: Optimiser,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  rate: number,
) {
  const weights = Float64Array.from(start);
  const state = freshState(optimiser, start.length);
  for (const g of gradients) optimiser.step(weights, Float64Array.from(g), rate, state);
  return [...weights];
}

/** Far apart in size, and of both signs. */
const gradients = [
  [1, -1000],
  [0.5, 2e-6],
  [-3, 0],
  [0.25, 40],
];

/** Algorithm 1 of Kingma and Ba (g_t of one coordinate), and 2 of Loshchilov and Hutter with lambda = rate decay, word by word. */
function paperAdam(theta: number, gs: readonly number[], rate: number, [b1, b2]: readonly number[], decay = 0): number {
  let [m, v] = [0, 0];
  gs.forEach((g, i) => {
    const t = i + 1;
    m = b1! * m + (1 - b1!) * g;
    v = b2! * v + (1 - b2!) * g * g;
    const [mHat, vHat] = [m / (1 - b1! ** t), v / (1 - b2! ** t)];
    theta -= (rate * mHat) / (Math.sqrt(vHat) + 1e-8) + rate * decay * theta;
  });
  return theta;
}
const column = (k: number) => gradients.map((g) => g[k]!);

describe("optimisers", () => {
  it("sgd is the gradient times the rate", () => {
    expect(weightsAfter(sgd(), [1, 2], gradients, 0.5)).toEqual([1 - 0.5 * -1.25, 2 - 0.5 * (-960 + 2e-6)]);
  });
  it("momentum makes steady steps 1/(1 - momentum) times as long", () => {
    const steady = Array.from({ length: 200 }, () => [1]);
    const [early, late] = [
      weightsAfter(sgd(0.9), [0], steady.slice(1), 0.1)[0]!,
      weightsAfter(sgd(0.9), [0], steady, 0.1)[0]!,
    ];
    expect(early - late).toBeCloseTo(0.1 / (1 - 0.9), 8);
    expect(weightsAfter(sgd(0.5), [0], [[1], [1]], 1)[0]).toBe(-2.5);
  });
  it("adam is the algorithm of the paper", () => {
    for (const betas of [[0.9, 0.999] as const, [0.5, 0.9] as const, [0, 0] as const]) {
      const got = weightsAfter(adam(betas), [1, 2], gradients, 0.01);
      for (const k of [0, 1]) expect(got[k]).toBeCloseTo(paperAdam(k + 1, column(k), 0.01, betas), 13);
    }
    expect(
      Math.abs(paperAdam(1, column(0), 0.01, [0.9, 0.99]) - paperAdam(1, column(0), 0.01, [0.9, 0.999])),
    ).toBeGreaterThan(1e-6);
  });
  it("adam's first step has the size of the rate, whatever the gradient", () => {
    const [a, b] = weightsAfter(adam(), [0, 0], [[1e-3, -1e6]], 0.01) as [number, number];
    expect(a).toBeCloseTo(-0.01, 6);
    expect(b).toBeCloseTo(0.01, 10);
  });
  it("adamw decays the weights apart from the moments", () => {
    const got = weightsAfter(adamw([0.9, 0.999], 0.1), [1, 2], gradients, 0.01);
    for (const k of [0, 1]) expect(got[k]).toBeCloseTo(paperAdam(k + 1, column(k), 0.01, [0.9, 0.999], 0.1), 13);
    // without gradients nothing but the decay is left
    expect(weightsAfter(adamw([0.9, 0.999], 0.5), [4], [[0], [0], [0]], 0.1)[0]).toBeCloseTo(4 * 0.95 ** 3, 14);
    expect(weightsAfter(adamw([0.9, 0.999], 0), [1, 2], gradients, 0.01)).toEqual(
      weightsAfter(adam(), [1, 2], gradients, 0.01),
    );
  });
  it.each([
    ["sgd", sgd(), 0.1],
    ["sgd with momentum", sgd(0.8), 0.05],
    ["adam", adam(), 0.03],
    ["adamw", adamw([0.9, 0.999], 1e-4), 0.03],
  ])("%s finds the minimum of a narrow valley", (_, optimiser, rate) => {
    const weights = Float64Array.of(3, -2);
    const state = freshState(optimiser, 2);
    const [a, b] = [1, 12];
    for (let i = 0; i < 3000; i++) {
      const gradient = Float64Array.of(a * (weights[0]! - 0.5), b * (weights[1]! - 1));
      optimiser.step(weights, gradient, rate, state);
    }
    expect(weights[0]).toBeCloseTo(0.5, 3);
    expect(weights[1]).toBeCloseTo(1, 3);
  });
  it("states survive JSON bit for bit, and are not those of another optimiser", () => {
    const optimiser = adam();
    const state = freshState(optimiser, 2);
    optimiser.step(Float64Array.of(0, 0), Float64Array.of(1 / 3, 1e-300), 0.1, state);
    const saved = JSON.parse(JSON.stringify(saveState(optimiser, state)));
    const again = freshState(optimiser, 2);
    restoreState(optimiser, again, saved);
    expect(again).toEqual(state);
    expect(() => restoreState(sgd(0.5), freshState(sgd(0.5), 2), saved)).toThrow(
      /no "optimiser.velocity.0".*another optimiser/,
    );
    expect(() => restoreState(optimiser, freshState(optimiser, 1), saved)).toThrow(
      /more than 1 numbers under "optimiser.mean"/,
    );
    expect(() => restoreState(optimiser, freshState(optimiser, 3), saved)).toThrow(/no "optimiser.mean.2"/);
  });
  it("refuses numbers out of range", () => {
    expect(() => sgd(1)).toThrow(/momentum = 1/);
    expect(() => adam([0.9, 1])).toThrow(/betas = \[0.9, 1\]/);
    expect(() => adamw([0.9, 0.99], -1)).toThrow(/decay = -1/);
  });
});
