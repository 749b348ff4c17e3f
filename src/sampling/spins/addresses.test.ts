import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { Rng } from "../../numerics/rng.ts";
import { pairAction } from "../../physics/spins/actions/pair-couplings/pair-action.ts";
import type { SpinAction } from "../../physics/spins/spin-action.ts";
import type { State, Update, UpdateBench } from "../update.ts";
import { hmcDefinition } from "../updates/hmc/index.ts";
import { mixture } from "../updates/mixture/mixture.ts";
import { movesOf, movesSchema } from "./moves.ts";
import { selfLearningDefinition } from "./self-learning/index.ts";
import { type SpinMove, sourceOf } from "./spin-move.ts";
import { spinBench, spinTargets } from "./spin-targets.contract.ts";
import { tempering } from "./tempering/tempering.ts";
import { makeTrajectories } from "./trajectories.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());
const bench = spinBench(spinTargets.heisenberg, device);
const { space } = bench;

/** Every move there is, those with trajectories in numbers that a list may confuse. */
const moves = [
  { name: "metropolis", order: "permuted", sweeps: 2 },
  { name: "metropolis", updates: 3 },
  { name: "heatbath", order: "palindrome" },
  { name: "overrelaxation", order: "permuted" },
  { name: "wolff", clusters: 2 },
  { name: "swendsen-wang", sweeps: 2 },
  { name: "hmc", trajectories: 2, steps: 1 },
  { name: "hmc", trajectories: 3, steps: 1 },
  { name: "langevin", steps: 1 },
  { name: "langevin", steps: 4 },
];
const pairs = moves.flatMap((a) => moves.map((b) => [a, b]));
const lists = [...pairs, [moves[6], moves[9], moves[6]], [moves[8], moves[7], moves[9], moves[0]]];

/**
 * Random numbers that remember where they were taken from: streams by purpose, step and site, keys (of kernels that draw for
 * themselves, all sites of a step) by purpose and the step of the state under way.
 */
function spy() {
  const under: { way: Pick<State, "step"> } = { way: { step: 0 } };
  const taken = new Set<string>();
  const twice: string[] = [];
  const take = (address: string, ...near: string[]) => {
    if ([address, ...near].some((one) => taken.has(one))) twice.push(address);
    taken.add(address);
  };
  const plain = addressedRng("addresses");
  const rng: Rng = {
    ...plain,
    at(purpose, step, site = 0) {
      take(`${purpose} | ${step} | ${site}`, `${purpose} | ${step}`);
      taken.add(`${purpose} | ${step} | some`);
      return plain.at(purpose, step, site);
    },
    key(purpose) {
      take(`${purpose} | ${under.way.step}`, `${purpose} | ${under.way.step} | some`);
      return plain.key(purpose);
    },
  };
  return { under, taken, twice, rng };
}

const STEPS = 5;

/** Addresses that were taken twice in a few steps of the update, which is told whose step it is. */
function repeatedBy(make: (under: { way: Pick<State, "step"> }) => Update): string[] {
  const { under, taken, twice, rng } = spy();
  const update = make(under);
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  while (state.step < STEPS) {
    under.way = state;
    update.step(state, rng);
  }
  expect(taken.size).toBeGreaterThan(STEPS);
  return twice;
}

const guided = (given: object, levels: readonly number[], label = ""): Update => {
  const terms = levels.map((k) => pairAction(space, { shells: [k, 0.1] }, 1, "level"));
  const guide = { action: terms.at(-1)!, terms, names: levels.map(() => "pair-couplings"), thermalise: 0 };
  const guidedBench: UpdateBench = { ...bench, label, guide };
  return selfLearningDefinition.build(selfLearningDefinition.parameters.parse(given), guidedBench);
};

const tempered = (inner: unknown, under: { way: Pick<State, "step"> }, label = ""): Update =>
  tempering(space, sourceOf(bench, "test"), {
    temperatures: [0.8, 1, 1.3],
    label,
    inner: (action) => watched(movesOf(movesSchema.parse(inner), space, action), under),
  });

/** Says that its state is the one under way, and the one before that when it is done. */
const watched = ({ move, reversible }: SpinMove, under: { way: Pick<State, "step"> }): SpinMove => ({
  reversible,
  move(state, rng) {
    const { way } = under;
    under.way = state;
    const moved = move(state, rng);
    under.way = way;
    return moved;
  },
});

describe("no random number is used twice", () => {
  test.each([
    [[0.3], 1],
    [[0.3, 0.5], 3],
    [
      [0.3, 0.5, 0.4],
      [2, 3],
    ],
  ])("by self-learning with lists of any two moves, levels %j, attempts %j", (levels, attempts) => {
    const wrong = lists.filter((inner) => {
      // overrelaxation alone is refused
      if (inner.every((one) => one!.name === "overrelaxation")) return false;
      return repeatedBy(() => guided({ inner, attempts }, levels)).length > 0;
    });
    expect(wrong).toEqual([]);
  });

  test("by tempering with lists of any two moves", () => {
    expect(lists.filter((inner) => repeatedBy((under) => tempered(inner, under)).length > 0)).toEqual([]);
  });

  test("in a mixture of these, repeated", () => {
    const inner = [moves[7], moves[9], moves[8]];
    const twice = repeatedBy((under) =>
      mixture([
        { update: guided({ inner, attempts: 2 }, [0.3, 0.5], "-0"), repeat: 2 },
        { update: tempered(inner, under, "-1"), repeat: 2 },
        { update: guided({ inner }, [0.3], "-2"), repeat: 1 },
        { update: hmcDefinition.build(hmcDefinition.parameters.parse({}), { ...bench, label: "-3" }), repeat: 3 },
      ]),
    );
    expect(twice).toEqual([]);
  });

  test("and moves that are kept apart by their steps alone would be noticed", () => {
    const trajectories = (action: SpinAction, count: number) =>
      makeTrajectories(space as SpinSpace, action, { length: 0.1, steps: 1, trajectories: count });
    const action = sourceOf(bench, "test");
    const parts = [trajectories(action, 2), trajectories(action, 3)];
    const twice = repeatedBy(() => ({
      step(state, rng) {
        const { step } = state;
        parts.forEach(({ move }, i) => {
          state.step = step * parts.length + i;
          move(state, rng);
        });
        state.step = step + 1;
        return {};
      },
    }));
    expect(twice.join()).toMatch(/momenta.*accept/);
  });
});
