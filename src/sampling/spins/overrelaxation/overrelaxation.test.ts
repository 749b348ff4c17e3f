import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { sourceOf, updateOf } from "../spin-move.ts";
import { exactSpins, plainAction, type SpinTarget, spinBench, spinTargets } from "../spin-targets.contract.ts";
import { describeSpinUpdate } from "../spin-update.contract.ts";
import { overrelaxationDefinition } from "./index.ts";
import { makeOverrelaxation } from "./overrelaxation.ts";

const build =
  (parameters: object) =>
  (bench: UpdateBench): Update =>
    overrelaxationDefinition.build(overrelaxationDefinition.parameters.parse(parameters), bench);

/** Reflections about a field that lacks the external one. */
const withoutField =
  (target: SpinTarget) =>
  (bench: UpdateBench): Update => {
    const { field: _, ...free } = target;
    const other = spinBench(free, bench.space.lattice.device);
    return updateOf(makeOverrelaxation(other.space, sourceOf(other, "test"), { order: "random" }));
  };

const targets = ["heisenbergField", "heisenberg", "xyRing", "xyField", "dimer"] as const;

describeSpinUpdate("overrelaxation", {
  build: build({}),
  targets,
  reversible: true,
  broken: { "about the field of the neighbours alone": withoutField(spinTargets.heisenbergField) },
});
describeSpinUpdate("overrelaxation, permuted", {
  build: build({ order: "permuted", sweeps: 2 }),
  targets: ["heisenberg", "xyRing"],
  reversible: true,
});

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

describe("overrelaxation", () => {
  const start = (target: SpinTarget) => {
    const bench = spinBench(target, device);
    const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
    state.field.view().set(exactSpins(target, 1)[0]!);
    return { bench, state };
  };
  test.each(["heisenbergField", "xyField"] as const)("%s: S stays, the spins move", (key) => {
    const target = spinTargets[key];
    const { bench, state } = start(target);
    const before = state.field.view().slice();
    const move = makeOverrelaxation(bench.space, sourceOf(bench, "test"), { order: "random", updates: 5000 });
    expect(move.move(state, addressedRng("over"))).toEqual({ proposals: 5000, accepted: 5000 });
    const after = state.field.view();
    expect(Math.abs(plainAction(target, after) - plainAction(target, before))).toBeLessThan(1e-12);
    expect(Math.max(...after.map((x, i) => Math.abs(x - before[i]!)))).toBeGreaterThan(0.1);
    expect(bench.space.defect(state.field)).toBeLessThan(1e-14);
  });
  test("there and back is refused: it would return to where it began", () => {
    const { bench } = start(spinTargets.heisenbergField);
    expect(() => build({ order: "palindrome" })(bench)).toThrow(/undoes itself/);
  });
  test("a spin in no field stays", () => {
    const { bench, state } = start({ ...spinTargets.heisenberg, shells: [0] });
    const before = state.field.view().slice();
    build({})(bench).step(state, addressedRng("over"));
    expect(state.field.view()).toEqual(before);
  });
  test("Ising spins are refused with a sentence", () => {
    expect(() => build({})(spinBench(spinTargets.isingRing, device))).toThrow(/Ising spin has nothing to turn about/);
  });
});
