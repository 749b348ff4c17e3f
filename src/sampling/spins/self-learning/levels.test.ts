import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { pairAction } from "../../../physics/spins/actions/pair-couplings/pair-action.ts";
import { BrokenTrajectory, type State, type Update, type UpdateBench } from "../../update.ts";
import { makeHeatbath } from "../heatbath/heatbath.ts";
import { inTurn } from "../spin-move.ts";
import { spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { chainOf } from "./inner.ts";
import { firstLevel, nextLevel, type ReversibleChain } from "./levels.ts";
import { type Asked, Remembered } from "./remembered.ts";
import { selfLearning } from "./self-learning.ts";

const levelOn = (space: SpinSpace, shells: readonly number[]) => pairAction(space, { shells }, 1, "level");

/** Three levels, of which the second takes `below` for the action that drove the proposal. */
const secondLevel =
  (below: (first: Asked, second: Asked) => Asked) =>
  (bench: UpdateBench): Update => {
    const space = bench.space as SpinSpace;
    const [one, two] = [levelOn(space, [-1]), levelOn(space, [1.5])];
    const first = firstLevel(space, one, chainOf(makeHeatbath(space, one, { order: "random", updates: 2 })));
    const taken = { ...first, action: new Remembered(below(one, two)) };
    const second = nextLevel(space, taken, two, { attempts: 3, purpose: "second" });
    const exact = nextLevel(space, second, bench.action, { purpose: "third" });
    return {
      step(state, rng) {
        const { decision } = exact.chain.walk(state, rng);
        state.step += 1;
        return decision!;
      },
    };
  };

describeSpinUpdate("a second level", {
  build: secondLevel((first) => first),
  targets: ["heisenberg"],
  draws: 1500,
  reversible: true,
  broken: {
    "that forgets what drove the proposal": secondLevel(() => ({ value: () => 0 })),
    "that decides the wrong way round": secondLevel((first, second) => ({
      value: (c) => 2 * second.value(c) - first.value(c),
    })),
  },
});

/** Sweeps of heat bath along a guide that is much too strong. */
const sweeping = (order: "sequential" | "palindrome") => (bench: UpdateBench) => {
  const space = bench.space as SpinSpace;
  const guide = levelOn(space, [3]);
  const move = makeHeatbath(space, guide, { order });
  return selfLearning(space, { target: bench.action, levels: [guide], inner: chainOf({ ...move, reversible: true }) });
};

describeSpinUpdate("an inner chain of sweeps", {
  build: sweeping("palindrome"),
  targets: ["heisenberg"],
  draws: 2500,
  broken: { "in one order only": sweeping("sequential") },
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

test("an inner chain that does not say it keeps detailed balance is refused", () => {
  const { space } = spinBench(spinTargets.heisenberg, device);
  const guide = levelOn(space, [1]);
  const [random, sweep] = (["random", "sequential"] as const).map((order) => makeHeatbath(space, guide, { order }));
  expect(() => chainOf(sweep!)).toThrow(/without detailed balance/);
  expect(() => chainOf(inTurn([random!, random!]))).toThrow(/without detailed balance/);
  expect(() => chainOf(inTurn([random!, random!], { palindrome: true }))).not.toThrow();
});

describe("evaluations", () => {
  const bench = spinBench(spinTargets.heisenberg, device);
  const { space } = bench;
  const counted = (action: Asked) => {
    const asked = {
      times: 0,
      value(c: State) {
        asked.times += 1;
        return action.value(c);
      },
    };
    return asked as Asked & { times: number };
  };
  const stateOf = (): State => ({ space, field: space.field(), auxiliary: new Map(), step: 0 });
  const rng = addressedRng("evaluations");

  test("the target is asked once a step, and again where something else has moved the spins", () => {
    const target = counted(bench.action);
    const levels = [levelOn(space, [0.5])];
    const inner = chainOf(makeHeatbath(space, levels[0]!, { order: "random" }));
    const update = selfLearning(space, { target, levels, inner });
    const state = stateOf();
    for (let i = 0; i < 20; i++) update.step(state, rng);
    expect(target.times).toBe(21);
    state.field.view()[2] = -state.field.view()[2]!;
    update.step(state, rng);
    expect(target.times).toBe(23);
  });

  test("and not where nothing moved", () => {
    const target = counted(bench.action);
    const levels = [levelOn(space, [0.5]), { value: () => 0 }];
    const still: ReversibleChain = { walk: () => ({ tries: 3, accepted: 0, forces: 0 }) };
    const update = selfLearning(space, { target, levels, inner: still });
    const state = stateOf();
    for (let i = 0; i < 5; i++) expect(update.step(state, rng)).toEqual({ accepted: true, deltaH: 0, acceptance: 0 });
    expect(target.times).toBe(1);
    expect(state.step).toBe(5);
  });

  test("a step of which a level let nothing through is none that was accepted", () => {
    const target = counted(bench.action);
    const first = levelOn(space, [0.5]);
    const inner = chainOf(makeHeatbath(space, first, { order: "random" }));
    const state = stateOf();
    const origin = state.field.view().slice();
    const wall: Asked = { value: (c) => (c.field.view().every((x, i) => x === origin[i]) ? 0 : 1000) };
    const update = selfLearning(space, { target, levels: [first, wall], inner, attempts: [2] });
    for (let i = 0; i < 5; i++) expect(update.step(state, rng)).toMatchObject({ accepted: false, deltaH: 0 });
    expect(target.times).toBe(1);
  });

  test("a change of the guide is noticed when it is told, and the target not asked again", () => {
    const guide = levelOn(space, [0]);
    const target = counted(bench.action);
    let seen: number[] = [];
    const update = selfLearning(space, {
      target,
      levels: [guide],
      inner: chainOf(makeHeatbath(space, guide, { order: "random" })),
      saw: (c, exact, effective) => (seen = [exact, effective, guide.value(c)]),
    });
    const state = stateOf();
    for (let i = 0; i < 10; i++) update.step(state, rng);
    guide.couplings.shells[0] = 0.8;
    update.forget();
    const asked = target.times;
    const present = bench.action.value(state) - guide.value(state);
    const { deltaH } = update.step(state, rng);
    expect(target.times).toBe(asked + 1);
    expect(seen[2]).toBe(seen[1]);
    expect(deltaH).toBeCloseTo(seen[0]! - seen[1]! - present, 12);
  });

  test("a guide that leads out of the numbers ends the trajectory with a sentence", () => {
    const guide = levelOn(space, [0]);
    const target: Asked = { value: (c) => (c.field.view()[0]! < 0 ? Number.NaN : 0) };
    const inner = chainOf(makeHeatbath(space, guide, { order: "random" }));
    const seen: number[] = [];
    const update = selfLearning(space, { target, levels: [guide], inner, saw: (_, exact) => seen.push(exact) });
    const state = stateOf();
    const go = () => {
      for (let i = 0; i < 20; i++) update.step(state, rng);
    };
    expect(go).toThrow(BrokenTrajectory);
    expect(go).toThrow(/deltaH is not a number in step/);
    // nobody is taught what is no number
    expect(seen.filter((exact) => !(exact === 0))).toEqual([]);
  });
});
