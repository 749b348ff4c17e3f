import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { chiSquaredTest } from "../../../statistics/chi-squared.ts";
import { ksTest } from "../../../statistics/ks.ts";
import { BrokenTrajectory, type State, type Update, type UpdateBench } from "../../update.ts";
import { mixture } from "../../updates/mixture/mixture.ts";
import { movesOf, movesSchema } from "../moves.ts";
import { sourceOf } from "../spin-move.ts";
import {
  dimerLaw,
  exactSpins,
  isingLaw,
  product,
  type SpinTarget,
  spinBench,
  spinTargets,
  stateNumber,
} from "../spin-targets.contract.ts";
import { temperingDefinition } from "./index.ts";
import { tempering } from "./tempering.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

const build = (parameters: object, bench: UpdateBench): Update =>
  temperingDefinition.build(temperingDefinition.parameters.parse(parameters), bench);

/** The target is at T = 1. */
const temperatures = [0.7, 1, 1.8];

const at = (target: SpinTarget, t: number): SpinTarget => ({
  ...target,
  shells: target.shells.map((k) => k / t),
  ...(target.square === undefined ? {} : { square: target.square / t }),
  ...(target.field ? { field: target.field.map((h) => h / t) } : {}),
});

/** Replicas drawn exactly, each at its temperature, and stepped once; the replicas after it. */
function stepped(target: SpinTarget, make: (bench: UpdateBench) => Update, count: number) {
  const bench = spinBench(target, device);
  const update = make(bench);
  const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
  const rng = addressedRng("tempering test");
  update.step(state, rng); // names the replicas
  const names = update.kept!().map(({ name }) => name);
  const draws = temperatures.map((t) => exactSpins(at(target, t), count));
  let acceptance = 0;
  const after = draws[0]!.map((_, i) => {
    update.recall!(names.map((name, k) => ({ name, data: draws[k]![i]! })));
    state.field.view().set(draws[1]![i]!);
    acceptance += update.step(state, rng).acceptance! / count;
    const kept = update.kept!().map(({ data }) => data);
    expect(state.field.view()).toEqual(kept[1]);
    return kept;
  });
  return { replicas: temperatures.map((_, k) => after.map((kept) => kept[k]!)), acceptance };
}

// False alarms: about ten p-values, each below this once in 10^5 with other seeds.
const SMALLEST_P = 1e-5;

const laws = (target: SpinTarget, replicas: readonly Float64Array[][]): number[] =>
  replicas.map((list, k) => {
    const here = at(target, temperatures[k]!);
    if (target.spins !== "Ising")
      return ksTest(
        list.map((s) => product(s, 3, 0, 1)),
        dimerLaw(here.shells[0]!),
      ).pValue;
    const law = isingLaw(here);
    const counts = new Float64Array(law.length);
    for (const s of list) counts[stateNumber(s)]! += 1;
    return chiSquaredTest(counts, law).pValue;
  });

describe("replicas that start in equilibrium stay there", () => {
  test.each([
    ["isingRing", [{ name: "metropolis", updates: 2 }, { name: "wolff" }]],
    ["isingSquares", { name: "heatbath" }],
    ["dimer", { name: "langevin", stepSize: 0.5 }],
    ["dimer", { name: "metropolis", width: 1 }],
  ] as const)("%s", (key, inner) => {
    const target = spinTargets[key];
    const { replicas, acceptance } = stepped(target, (bench) => build({ temperatures, inner }, bench), 2000);
    expect(acceptance).toBeGreaterThan(0.5);
    expect(acceptance).toBeLessThan(0.99);
    for (const p of laws(target, replicas)) expect(p).toBeGreaterThan(SMALLEST_P);
  });
  test("an exchange with the wrong sign is noticed", () => {
    const target = spinTargets.dimer;
    const wrong = (bench: UpdateBench) => {
      const action = sourceOf(bench, "test");
      const { space } = spinBench(target, device);
      const mirrored = {
        ...action,
        valuesAt: (...all: Parameters<typeof action.valuesAt>) => action.valuesAt(...all).map((s) => -s),
      };
      return tempering(space, mirrored, {
        temperatures,
        inner: (one) => movesOf(movesSchema.parse({ name: "heatbath" }), space, one),
      });
    };
    const { replicas } = stepped(target, wrong, 2000);
    expect(Math.min(...laws(target, replicas))).toBeLessThan(SMALLEST_P);
  });
});

describe("tempering", () => {
  const bench = () => spinBench(spinTargets.heisenbergField, device);
  const newState = (): State => {
    const { space } = bench();
    return { space, field: space.field(), auxiliary: new Map(), step: 0 };
  };
  test("begins with the field of the chain at every temperature", () => {
    const update = build({ temperatures }, bench());
    expect(update.kept!()).toEqual([]);
    update.step(newState(), addressedRng("kept"));
    expect(update.kept!().map(({ name }) => name)).toEqual(temperatures.map((t) => `replica at T = ${t}`));
  });
  test("goes on bit for bit from what was kept", () => {
    const [straight, first, second] = [0, 1, 2].map(() => build({ temperatures }, bench())) as [Update, Update, Update];
    const [one, two] = [newState(), newState()];
    const rng = addressedRng("resume");
    for (let i = 0; i < 6; i++) straight.step(one, rng);
    for (let i = 0; i < 3; i++) first.step(two, rng);
    second.recall!(first.kept!());
    for (let i = 0; i < 3; i++) second.step(two, rng);
    expect(two.field.view()).toEqual(one.field.view());
    expect(second.kept!()).toEqual(straight.kept!());
  });
  test("goes on bit for bit inside a mixture, each part from what is its own", () => {
    const other = [0.6, 0.8, 1];
    const both = () =>
      mixture([
        { update: build({ temperatures }, bench()), repeat: 2 },
        { update: build({ temperatures: other }, { ...bench(), label: "-1" }), repeat: 1 },
      ]);
    const [straight, first, second] = [both(), both(), both()];
    const [one, two] = [newState(), newState()];
    const rng = addressedRng("resume of a mixture");
    for (let i = 0; i < 4; i++) straight.step(one, rng);
    for (let i = 0; i < 2; i++) first.step(two, rng);
    const kept = first.kept!();
    const names = [temperatures, other].flatMap((list, part) => list.map((t) => `${part}.replica at T = ${t}`));
    expect(kept.map(({ name }) => name)).toEqual(names);
    second.recall!(kept.toReversed());
    for (let i = 0; i < 2; i++) second.step(two, rng);
    expect(two.field.view()).toEqual(one.field.view());
    expect(second.kept!()).toEqual(straight.kept!());
    expect(() => both().recall!(kept.filter(({ name }) => name.startsWith("0.")))).not.toThrow();
    expect(() => both().recall!(kept.filter(({ name }) => name !== "1.replica at T = 0.8"))).toThrow(/T = 0.8/);
  });
  test("stands where the step began, where the move of a replica breaks", () => {
    const { space } = bench();
    let breaks = false;
    const make = () =>
      tempering(space, sourceOf(bench(), "test"), {
        temperatures,
        inner: (action) => {
          const { move, reversible } = movesOf(movesSchema.parse({ name: "heatbath" }), space, action);
          return {
            reversible,
            move(state, rng) {
              const moved = move(state, rng);
              if (breaks && action.temperature > 1) throw new BrokenTrajectory("broken on purpose");
              return moved;
            },
          };
        },
      });
    const [straight, broken] = [make(), make()];
    const [one, two] = [newState(), newState()];
    const rng = addressedRng("broken");
    const breakNow = () => {
      const [kept, field] = [broken.kept!(), two.field.view().slice()];
      breaks = true;
      expect(() => broken.step(two, rng)).toThrow(BrokenTrajectory);
      breaks = false;
      expect(broken.kept!()).toEqual(kept);
      expect(two.field.view()).toEqual(field);
    };
    breakNow();
    for (let i = 0; i < 3; i++) {
      straight.step(one, rng);
      broken.step(two, rng);
      breakNow();
    }
    expect(two.field.view()).toEqual(one.field.view());
    expect(broken.kept!()).toEqual(straight.kept!());
  });
  test("checkpoints of other temperatures are refused", () => {
    const [one, other] = [build({ temperatures }, bench()), build({ temperatures: [1, 2] }, bench())];
    other.step(newState(), addressedRng("x"));
    expect(() => one.recall!(other.kept!())).toThrow(/nothing for the replica at T = 0.7/);
  });
  test.each([
    [[1, 0.5], /positive and ascending/],
    [[0.5, 0.7], /lack that of the target, 1/],
  ])("temperatures %j are refused", (list, message) => {
    expect(() => build({ temperatures: list }, bench())).toThrow(message);
  });
  test("an action that is not known at other temperatures is named", () => {
    const { at: _, ...fixed } = sourceOf(bench(), "test");
    expect(() => build({ temperatures }, { ...bench(), terms: [fixed], names: ["transformer"] })).toThrow(
      /"transformer" is not known at other temperatures/,
    );
  });
});
