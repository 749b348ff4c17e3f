import { describe, expect, test } from "vitest";
import type { Device } from "../../kernels/device.ts";
import { openDevice } from "../../kernels/node.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { Rng } from "../../numerics/rng.ts";
import type { State } from "../update.ts";
import { type MoveKeys, moveOf, moveSchema } from "./moves.ts";
import { inTurn, type SpinMove, sourceOf } from "./spin-move.ts";
import { exactSpins, type SpinTarget, spinBench } from "./spin-targets.contract.ts";

const devices: readonly (readonly [string, () => Device])[] = [
  ["WebAssembly, one worker", () => openDevice({ workers: 1, backend: "wasm" })],
  // "always": small ranges too go through the team
  ["WebAssembly, two workers", () => openDevice({ workers: 2, backend: "wasm", dispatch: "always" })],
  ["JavaScript", () => openDevice({ backend: "javascript" })],
];

const targets: readonly SpinTarget[] = [
  { spins: "Ising", extents: [4, 3], shells: [0.3, -0.1], square: 0.2, field: [0.1] },
  { spins: "Ising", extents: [4, 3], shells: [0.4, -0.1], field: [0.1] },
  { spins: "XY", extents: [3, 2, 2], shells: [0.5, 0.2, -0.1], field: [0.2, 0.1] },
  { spins: "O(3)", extents: [4, 4], shells: [0.6, -0.2, 0.1, 0.05, -0.05] },
];

const moves = (["metropolis", "heatbath", "overrelaxation", "wolff", "swendsen-wang"] as const).flatMap((name) => {
  const of = (keys: object): MoveKeys => moveSchema.parse({ name, ...keys });
  if (name === "metropolis") return [of({ sweeps: 3 }), of({ order: "permuted", width: 0.7 })];
  if (name === "heatbath") return [of({ updates: 5000 }), of({ order: "palindrome" })];
  return [of({})];
});

const fits = ({ spins, square }: SpinTarget, { name }: MoveKeys) =>
  !(spins === "Ising" && name === "overrelaxation") && !(square && (name === "wolff" || name === "swendsen-wang"));

describe("every executor gives the same bits", () => {
  test.each(targets)("%j", (target) => {
    const [first, ...others] = devices.map(([, open]) => {
      const device = open();
      const bench = spinBench(target, device);
      const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 0 };
      const rng = addressedRng("executors");
      const start = exactSpins({ ...target, shells: [], field: [0, 0, 0], square: 0 }, 1)[0]!;
      const list = moves
        .filter((keys) => fits(target, keys))
        .map((keys) => {
          state.field.view().set(start);
          const done = moveOf(keys, bench.space, sourceOf(bench, "test")).move(state, rng);
          expect(done.proposals).toBeGreaterThan(0);
          return { keys, done, values: state.field.view().slice() };
        });
      device.close();
      return list;
    });
    for (const [i, { values }] of first!.entries()) if (i > 0) expect(values).not.toEqual(first![i - 1]!.values);
    for (const other of others) expect(other).toEqual(first);
  });
});

describe("moves in turn", () => {
  const device = openDevice({ workers: 1 });
  const [target] = targets as [SpinTarget];
  const bench = spinBench(target, device);
  const source = sourceOf(bench, "test");
  const one = (order: "random" | "sequential") =>
    moveOf(moveSchema.parse({ name: "heatbath", order }), bench.space, source);

  test("are reversible there and back, where each of them is", () => {
    expect(inTurn([one("random"), one("random")]).reversible).toBe(false);
    expect(inTurn([one("random")]).reversible).toBe(true);
    expect(inTurn([one("random"), one("random")], { palindrome: true }).reversible).toBe(true);
    expect(inTurn([one("sequential")], { palindrome: true }).reversible).toBe(false);
  });
  test("draw numbers of their own, and leave the step as it was", () => {
    const state: State = { space: bench.space, field: bench.space.field(), auxiliary: new Map(), step: 5 };
    const purposes: string[] = [];
    const spied: Rng = { ...addressedRng("turn"), key: (purpose) => [purposes.push(`${purpose} ${state.step}`), 0] };
    const spy: SpinMove = {
      reversible: true,
      move: (_, rng) => ({ proposals: 2, accepted: rng.key("spy")[0] % 2, forces: 1 }),
    };
    expect(inTurn([spy, spy], { palindrome: true }).move(state, spied)).toEqual({
      proposals: 8,
      accepted: 2,
      forces: 4,
    });
    expect(purposes).toEqual(["0 spy 5", "1 spy 5", "2 spy 5", "3 spy 5"]);
    expect(state.step).toBe(5);
    device.close();
  });
});
