import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { SpinChain } from "../../../physics/spins/spin-action.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { type SpinSource, sourceOf } from "../spin-move.ts";
import {
  exactSpins,
  plainAction,
  type SpinTarget,
  type SpinTargetName,
  spinBench,
  spinTargets,
} from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { metropolisDefinition } from "./index.ts";
import { type MetropolisOptions, makeMetropolis } from "./metropolis.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    metropolisDefinition.build(metropolisDefinition.parameters.parse(parameters), bench);

const everywhere = Object.keys(spinTargets) as SpinTargetName[];
const turning = everywhere.filter((key) => spinTargets[key].spins !== "Ising");

/** Every proposal is taken. */
const undecided = (bench: UpdateBench): Update => {
  const free = spinBench({ ...spinTargets.isingRing, shells: [0, 0], field: [0] }, bench.space.lattice.device);
  return build({})({ ...bench, terms: free.terms });
};

describeSpinUpdate("metropolis", {
  build: build({}),
  targets: everywhere,
  reversible: true,
  broken: { "without a decision": undecided },
});
describeSpinUpdate("metropolis on caps", {
  build: build({ width: 1.3, order: "permuted" }),
  targets: turning,
  reversible: true,
});
describeSpinUpdate("metropolis there and back", {
  build: build({ order: "palindrome", sweeps: 2 }),
  targets: ["isingRing", "heisenberg"],
  reversible: true,
});
describeSpinUpdate("metropolis one way", {
  build: build({ order: "sequential" }),
  targets: ["isingRing", "isingRingFree"],
  reversible: false,
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

const start = (target: SpinTarget) => {
  const bench = spinBench(target, device);
  const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 3 };
  state.field.view().set(exactSpins(target, 1)[0]!);
  return { bench, state, source: sourceOf(bench, "test") };
};

describe("a local action in the place of couplings", () => {
  const ways: readonly MetropolisOptions[] = [
    { order: "random", updates: 5000 },
    { order: "random", sweeps: 40, width: 0.9 },
    { order: "permuted", sweeps: 20, width: 4 },
    { order: "palindrome" },
  ];
  test.each(everywhere.flatMap((key) => ways.map((way) => [key, way] as const)))(
    "%s, %j: the same chain",
    (key, way) => {
      const [one, other] = [start(spinTargets[key]), start(spinTargets[key])];
      const rng = addressedRng("two ways");
      const byCouplings = makeMetropolis(one.bench.space, one.source, way).move(one.state, rng);
      const { local } = other.source;
      const byLocal = makeMetropolis(other.bench.space, { local: local! }, way).move(other.state, rng);
      expect(byLocal).toEqual(byCouplings);
      expect(byCouplings.accepted).toBeLessThan(byCouplings.proposals);
      const values = other.state.field.view();
      one.state.field.view().forEach((x, i) => expect(Math.abs(x - values[i]!)).toBeLessThan(1e-11));
    },
  );
  test("the first updates are those of the plain numbers", () => {
    const { bench, state, source } = start(spinTargets.heisenbergField);
    const spins = state.field.view().slice();
    const rng = addressedRng("plain");
    makeMetropolis(bench.space, source, { order: "random", updates: 40, label: "-2" }).move(state, rng);
    for (let u = 0; u < 40; u++) {
      const stream = rng.at("metropolis-2", 3, u);
      const [c, d, a, b] = [0, 1, 2, 3].map(() => stream.uniform()) as [number, number, number, number];
      const site = Math.floor(3 * c);
      const r = Math.sqrt(1 - (1 - 2 * a) ** 2);
      const fresh = spins.slice();
      fresh.set([r * Math.cos(2 * Math.PI * b), r * Math.sin(2 * Math.PI * b), 1 - 2 * a], 3 * site);
      const change = plainAction(spinTargets.heisenbergField, fresh) - plainAction(spinTargets.heisenbergField, spins);
      if (d < Math.exp(-change)) spins.set(fresh);
    }
    state.field.view().forEach((x, i) => expect(Math.abs(x - spins[i]!)).toBeLessThan(1e-12));
  });
  test("a source with a chain of its own is asked for it", () => {
    const { bench, state } = start(spinTargets.heisenberg);
    const asked: SpinChain[] = [];
    const metropolis: SpinSource["metropolis"] = (_, chain) => {
      asked.push(chain);
      return 7;
    };
    const rng = addressedRng("own");
    const { source } = start(spinTargets.heisenberg);
    const move = makeMetropolis(
      bench.space,
      { metropolis, local: source.local! },
      { order: "random", updates: 10, width: 9 },
    );
    expect(move.move(state, rng)).toEqual({ proposals: 10, accepted: 7 });
    expect(asked).toEqual([{ updates: 10, key: rng.key("metropolis"), step: 3, width: Math.PI }]);
  });
});

describe("the definition", () => {
  test("tunes the width towards the wanted acceptance, stops, and is restored bit for bit", () => {
    const target = { spins: "O(3)", extents: [6, 6], shells: [4] } as const;
    const bench = spinBench(target, device);
    const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
    const make = () => build({ width: 2, tune: 0.5, sweeps: 4 })(bench);
    const [update, other] = [make(), make()];
    const rng = addressedRng("tuning");
    for (let i = 0; i < 100; i++) update.tune!(update.step(state, rng));
    const frozen = update.freeze!();
    other.restore!(update.tuned!());
    expect(other.freeze!()).toEqual(frozen);
    let sum = 0;
    for (let i = 0; i < 100; i++) sum += update.step(state, rng).acceptance! / 100;
    expect(Math.abs(sum - 0.5)).toBeLessThan(0.03);
    expect(update.freeze!()).toEqual(frozen);
  });
  test.each([
    [{ tune: 0.5 }, /give one to begin with/],
    [{ updates: 4, sweeps: 2 }, /in place of sweeps/],
    [{ updates: 4, order: "sequential" }, /needs order/],
  ])("%j is refused", (keys, message) => {
    expect(() => metropolisDefinition.parameters.parse(keys)).toThrow(message);
  });
  test("Ising spins have no width", () => {
    expect(() => build({ width: 1 })(spinBench(spinTargets.isingRing, device))).toThrow(/Ising spins flip/);
  });
  test("an action that tells nothing of single spins is named", () => {
    const { couplings: _, local: __, ...other } = sourceOf(spinBench(spinTargets.dimer, device), "test");
    const bench = spinBench(spinTargets.dimer, device);
    expect(() => build({})({ ...bench, terms: [other], names: ["transformer"] })).toThrow(
      /"transformer" does not tell how it changes with one spin.*hmc/,
    );
  });
});
