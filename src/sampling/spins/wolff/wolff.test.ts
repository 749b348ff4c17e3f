import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { type SpinTarget, type SpinTargetName, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { swendsenWangDefinition } from "../swendsen-wang/index.ts";
import { makeSwendsenWang } from "../swendsen-wang/swendsen-wang.ts";
import { wolffDefinition } from "./index.ts";
import { makeWolff } from "./wolff.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    wolffDefinition.build(wolffDefinition.parameters.parse(parameters), bench);

const pairs = (Object.keys(spinTargets) as SpinTargetName[]).filter((key) => key !== "isingSquares");

/** Clusters of couplings that are stronger than those of the target. */
const scaled =
  (target: SpinTarget, factor: number) =>
  (bench: UpdateBench): Update => {
    const shells = target.shells.map((k) => k * factor);
    const other = spinBench({ ...target, shells }, bench.space.lattice.device);
    return updateOf(makeWolff(other.space, sourceOf(other, "wolff")));
  };

describeSpinUpdate("wolff", {
  build: build({}),
  targets: pairs,
  reversible: true,
  broken: { "bonds with 1 - exp(-K)": scaled(spinTargets.isingRing, 0.5) },
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

const start = (target: SpinTarget) => {
  const bench = spinBench(target, device);
  const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
  return { bench, state, source: sourceOf(bench, "test") };
};

describe("clusters", () => {
  test.each([
    ["Ising", 40, 36],
    ["Ising", 0, 1],
    ["XY", 0, 1],
    ["O(3)", 0, 1],
  ] as const)("%s, K = %d: of %d spins", (spins, strength, size) => {
    const { bench, state, source } = start({ spins, extents: [6, 6], shells: [strength] });
    const move = makeWolff(bench.space, source, { clusters: 10 });
    expect(move.move(state, addressedRng("size"))).toEqual({ proposals: 10, accepted: 10, spins: 10 * size });
  });
  test("of antiferromagnets hold both signs", () => {
    const { bench, state, source } = start({ spins: "Ising", extents: [4, 4], shells: [-30] });
    const neel = Array.from({ length: 16 }, (_, i) => ((i + Math.floor(i / 4)) % 2 === 0 ? 1 : -1));
    state.field.view().set(neel);
    expect(makeWolff(bench.space, source).move(state, addressedRng("neel")).spins).toBe(16);
    expect(Array.from(state.field.view())).toEqual(neel.map((s) => -s));
    const { proposals } = makeSwendsenWang(bench.space, source).move(state, addressedRng("neel"));
    expect(proposals).toBe(1);
  });
  test("in a strong field are reflected towards it only", () => {
    const { bench, state, source } = start({ spins: "Ising", extents: [4, 4], shells: [0.1], field: [50] });
    state.field.view().fill(-1, 0, 8);
    makeWolff(bench.space, source, { clusters: 200 }).move(state, addressedRng("field"));
    expect(Array.from(state.field.view())).toEqual(Array(16).fill(1));
  });
  test("follow couplings that change between moves", () => {
    const { bench, state, source } = start({ spins: "Ising", extents: [6, 6], shells: [40] });
    const move = makeWolff(bench.space, source);
    source.couplings!.shells[0] = 0;
    expect(move.move(state, addressedRng("fit")).spins).toBe(1);
  });
});

describe.each([wolffDefinition, swendsenWangDefinition])("$name refuses", (definition) => {
  const make = (bench: UpdateBench) => definition.build(definition.parameters.parse({}) as never, bench);
  test("squares of four spins", () => {
    expect(() => make(spinBench(spinTargets.isingSquares, device))).toThrow(/squares of four spins.*self-learning/);
  });
  test("an action that is no sum over pairs, by its name", () => {
    const { bench, source } = start(spinTargets.dimer);
    const { couplings: _, ...other } = source;
    expect(() => make({ ...bench, terms: [other], names: ["double-exchange"] })).toThrow(
      /"double-exchange" is not a sum over pairs/,
    );
  });
});
