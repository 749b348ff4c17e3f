import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { equivariantTransformer } from "../../../learning/spins/models/equivariant-transformer/equivariant-transformer.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { doubleExchange } from "../../../physics/spins/actions/double-exchange/double-exchange.ts";
import {
  dimer as dimerReference,
  square as squareReference,
} from "../../../physics/spins/actions/double-exchange/reference.contract.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { chainOf, innerChain, innerSchema } from "./inner.ts";
import type { ReversibleChain } from "./levels.ts";
import type { Asked } from "./remembered.ts";
import { selfLearning } from "./self-learning.ts";
import { dimer, dot, pull, spinSpace, stateOf } from "./small-systems.contract.ts";

/**
 * The exact averages of the double-exchange model on the dimer and on 2 x 2 (notes on spins and electrons, 5.3), with
 * guides that are wrong on purpose. With other seeds one of the pulls would be above 4 once in 16000.
 */
const SIGMAS = 4;

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

const inner = (updates: number) => innerSchema.parse({ name: "metropolis", updates });

describe("dimer", () => {
  const space = spinSpace(device, [2]);

  test("the closed form of ln W is that of the matrix", () => {
    const action = doubleExchange(space, { t: 0.5, J: 1.3, mu: 0, temperature: 0.2, boundary: "periodic" });
    const state = stateOf(space);
    for (const angle of [0.1, 1, 2.5, 3.1]) {
      state.field.view().set([0, 0, 1, 0, Math.sin(angle), Math.cos(angle)]);
      expect(dimer({ J: 1.3, beta: 5 }).value(state)).toBeCloseTo(action.value(state), 11);
    }
  });

  const points = dimerReference.filter(({ J, beta, mu }) => mu === 0 && J <= 2 && beta >= 5);
  test.each(points)("J = $J, beta = $beta", ({ J, beta, neighbours, lnW }) => {
    const target = dimer({ J, beta });
    for (const K of [0, 1]) {
      const guide = pairAction(space, { shells: [K] }, 1, "wrong");
      const chain = innerChain(inner(2), space, guide, "wrong");
      const update = selfLearning(space, { target, levels: [guide], inner: chain });
      const [state, rng] = [stateOf(space), addressedRng(`dimer ${K}`)];
      const [products, weights]: [number[], number[]] = [[], []];
      for (let i = 0; i < 12000; i++) {
        update.step(state, rng);
        products.push(dot(state.field.view(), 0, 1));
        weights.push(-target.value(state));
      }
      expect(Math.abs(pull(products, neighbours))).toBeLessThan(SIGMAS);
      expect(Math.abs(pull(weights, lnW))).toBeLessThan(SIGMAS);
    }
  });

  test("the inner chain alone has the law of the guide, and weighs the target right", () => {
    const { lnZ } = dimerReference.find(({ J, beta, mu }) => J === 1 && beta === 5 && mu === 0)!;
    const target = dimer({ J: 1, beta: 5 });
    const K = -0.7;
    const guide = pairAction(space, { shells: [K] }, 1, "guide");
    const chain = innerChain(inner(4), space, guide, "guide");
    const [state, rng] = [stateOf(space), addressedRng("alone")];
    const [products, ratios]: [number[], number[]] = [[], []];
    const lnZeff = Math.log(Math.sinh(K) / K);
    for (; state.step < 20000; state.step++) {
      chain.walk(state, rng);
      products.push(dot(state.field.view(), 0, 1));
      ratios.push(Math.exp(guide.value(state) - target.value(state) - (lnZ - lnZeff)));
    }
    expect(Math.abs(pull(products, 1 / Math.tanh(K) - 1 / K))).toBeLessThan(SIGMAS);
    // E[exp(Delta)] = Z / Z_eff
    expect(Math.abs(pull(ratios, 1))).toBeLessThan(SIGMAS);
  });
});

describe("2 x 2", () => {
  const space = spinSpace(device, [2, 2]);
  const reference = squareReference.find(({ J }) => J === 2)!;
  const target = doubleExchange(space, { t: 1, J: 2, mu: 0, temperature: 0.2, boundary: "periodic" });

  /** Pulls of S.S along the four bonds, over both diagonals, of M^2, Ms^2, |Ms| and ln W. */
  function pulls(levels: readonly Asked[], chain: ReversibleChain, steps: number): number[] {
    const update = selfLearning(space, { target, levels, inner: chain, attempts: [2] });
    const [state, rng] = [stateOf(space), addressedRng("square")];
    const { neighbours, diagonal, m2, ms2, ms, lnW } = reference;
    const expected = [neighbours, neighbours, neighbours, neighbours, diagonal, m2, ms2, ms, lnW];
    const series: number[][] = expected.map(() => []);
    for (let i = 0; i < steps; i++) {
      update.step(state, rng);
      const s = state.field.view();
      const bonds = [dot(s, 0, 1), dot(s, 0, 2), dot(s, 1, 3), dot(s, 2, 3)];
      const across = dot(s, 0, 3) + dot(s, 1, 2);
      const around = bonds.reduce((a, b) => a + b, 0);
      const [square, staggered] = [4 + 2 * (around + across), 4 + 2 * (across - around)].map((x) => x / 16);
      const values = [...bonds, across / 2, square!, staggered!, Math.sqrt(staggered!), -target.value(state)];
      values.forEach((x, k) => series[k]!.push(x));
    }
    return series.map((values, k) => pull(values, expected[k]!));
  }

  test.each([
    ["no coupling", [0, 0]],
    ["the wrong sign", [0.8, -0.5]],
  ])("%s", (_, shells) => {
    const guide = pairAction(space, { shells }, 1, "wrong");
    const found = pulls([guide], innerChain(inner(4), space, guide, "wrong"), 10000);
    expect(found.filter((x) => !(Math.abs(x) < SIGMAS))).toEqual([]);
  });

  test("an untrained Transformer, alone and behind the wrong sign", () => {
    const start = { start: "random", seed: "wrong", spread: 0.8, J: [-0.1] } as const;
    const shape = { layers: 2, neighbours: 2, head: 1, heads: 1, attention: "relu" } as const;
    const model = equivariantTransformer(space, { ...shape, temperature: 0.2, start });
    const first = pairAction(space, { shells: [0.4, -0.2] }, 1, "wrong");
    const alone = pulls([model], innerChain(inner(4), space, model, "equivariant-transformer"), 10000);
    expect(alone.filter((x) => !(Math.abs(x) < SIGMAS))).toEqual([]);
    const behind = pulls([first, model], innerChain(inner(4), space, first, "wrong"), 10000);
    expect(behind.filter((x) => !(Math.abs(x) < SIGMAS))).toEqual([]);
  });

  test("a sequential sweep as inner chain is noticed", () => {
    const guide = pairAction(space, { shells: [2] }, 1, "wrong");
    const sweep = makeHeatbath(space, guide, { order: "sequential" });
    const found = pulls([guide], chainOf({ ...sweep, reversible: true }), 15000);
    expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(SIGMAS + 2);
  });
});
