import { describe, expect, test } from "vitest";
import { Device } from "../../kernels/device.ts";
import { parseGroup } from "../../lattice/group.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { LinkSpace } from "../../lattice/links/links.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { count } from "../../physics/dirac/solvers/work.ts";
import type { Observable } from "../../physics/observable.ts";
import { BrokenMeasurement, type State, type Update } from "../update.ts";
import { Chain } from "./chain.ts";

const space = new LinkSpace(new Lattice(new Device(), [2, 2]), parseGroup("U(1)"));
const counting = (log: string[]): Update => ({
  step(state) {
    log.push(`step ${state.step}`);
    state.step += 1;
    return { accepted: true, deltaH: 0.25, forces: 3 };
  },
  tune: () => ({ steps: 5 }),
  freeze: () => ({ steps: 7 }),
});
const observed = (name: string): Observable => ({
  name,
  measure: () => [{ name, labels: [name], values: Float64Array.of(1) }],
});

describe("the chain", () => {
  const log: string[] = [];
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const measure = [
    { observable: observed("often"), every: 1 },
    { observable: observed("rarely"), every: 3 },
  ];
  const chain = new Chain(state, counting(log), addressedRng("chain", 2), { thermalise: 2, trajectories: 4, measure });
  const events = Array.from({ length: chain.total }, () => chain.advance(() => 0)).flat();
  const trajectories = (type: string, name?: string) =>
    events.flatMap((e) =>
      e.type === type && (name === undefined || ("name" in e && e.name === name)) && "trajectory" in e
        ? [e.trajectory]
        : [],
    );

  test("thermalises, tunes only then, freezes once, and produces", () => {
    expect(events.flatMap((e) => (e.type === "stepped" ? [e.phase] : []))).toEqual([
      "thermalise", "thermalise", "production", "production", "production", "production",
    ]); // biome-ignore format: short
    expect(events.flatMap((e) => (e.type === "tuned" ? [[e.trajectory, e.frozen, e.parameters.steps]] : []))).toEqual([
      [1, false, 5],
      [2, false, 5],
      [2, true, 7],
    ]);
    expect(log).toEqual(["step 0", "step 1", "step 2", "step 3", "step 4", "step 5"]);
  });
  test("measures what is due, and while thermalising only what is always due", () => {
    expect(trajectories("measured", "often")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(trajectories("measured", "rarely")).toEqual([3, 6]);
  });
  test("counts what is learnt from an update as time of that update, and measurements not", () => {
    let now = 0;
    const slow: Update = {
      ...counting([]),
      step: (state) => {
        now += 1000;
        state.step += 1;
        return {};
      },
      tune: () => void (now += 10_000),
      freeze: () => void (now += 100_000),
    };
    const measured: Observable = {
      name: "slow",
      measure: () => {
        now += 1e6;
        return [];
      },
    };
    const start: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    const plan = { thermalise: 2, trajectories: 1, measure: [{ observable: measured, every: 1 }] };
    const timed = new Chain(start, slow, addressedRng("timed"), plan);
    const all = Array.from({ length: 3 }, () => timed.advance(() => now)).flat();
    expect(all.flatMap((e) => (e.type === "stepped" ? [e.seconds] : []))).toEqual([11, 111, 1]);
  });
  test("tells the iterations of the solvers of an update and of what it learns, and not those of measurements", () => {
    const solving: Update = {
      step(state) {
        state.step += 1;
        for (const iterations of state.step === 1 ? [] : [3, 4]) count({ iterations, residual: 0 });
        return {};
      },
      tune: () => void count({ iterations: 100, residual: 0 }),
    };
    const measured: Observable = {
      name: "solved",
      measure: () => {
        count({ iterations: 1000, residual: 0 });
        return [];
      },
    };
    const told = (thermalise: number) => {
      const start: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
      const plan = { thermalise, trajectories: 3 - thermalise, measure: [{ observable: measured, every: 1 }] };
      const chain = new Chain(start, solving, addressedRng("solving"), plan);
      const all = Array.from({ length: 3 }, () => chain.advance(() => 0)).flat();
      return all.flatMap((e) => (e.type === "stepped" ? [e.iterations] : []));
    };
    expect(told(0)).toEqual([undefined, 7, 7]);
    expect(told(2)).toEqual([100, 107, 7]);
  });
  test("stamps its events with the chain", () => {
    expect(new Set(events.map((e) => e.chain))).toEqual(new Set([2]));
  });
});

describe("an update that breaks", () => {
  const begin = (update: Update) => {
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 5 };
    return {
      state,
      chain: new Chain(state, update, addressedRng("broken", 0), { thermalise: 0, trajectories: 3, measure: [] }),
    };
  };
  const spoil =
    (value: number, then: () => void): Update["step"] =>
    (state) => {
      state.field.view()[0] = value;
      state.step += 2;
      then();
      return {};
    };
  test.each([
    [
      "throws in the middle",
      {
        step: spoil(1, () => {
          throw new RangeError("in the middle");
        }),
      },
      /in the middle/,
    ],
    ["leaves the real numbers", { step: spoil(Number.NaN, () => {}) }, /left the group/],
    ["leaves the group", { step: spoil(1.01, () => {}) }, /left the group/],
  ] as const)("that %s leaves the state it began with", (_, update, sentence) => {
    const { state, chain } = begin(update);
    const before = Array.from(state.field.view());
    expect(() => chain.advance(() => 0)).toThrow(sentence);
    expect(Array.from(state.field.view())).toEqual(before);
    expect(state.step).toBe(5);
    expect(chain.trajectory).toBe(0);
  });
});

describe("a chain that rejects", () => {
  /** Rejects every update but the given ones. */
  const begin = (plan: { thermalise: number; trajectories: number }, accepted: readonly number[] = []) => {
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    const update: Update = {
      step: (at) => ({ accepted: accepted.includes((at.step += 1)), deltaH: 99 }),
      advice: () => "more steps",
    };
    return new Chain(state, update, addressedRng("rejects", 0), { ...plan, measure: [] });
  };
  const warningsOf = (chain: Chain) => {
    const said: [number, string][] = [];
    while (chain.trajectory < chain.total)
      for (const event of chain.advance(() => 0))
        if (event.type === "warned") said.push([chain.trajectory, event.message]);
    return said;
  };
  const sentence = (n: number) =>
    expect.stringMatching(`^all of the last ${n} trajectories were rejected: more steps$`);

  test("everything warns once, after thermalisation", () => {
    expect(warningsOf(begin({ thermalise: 20, trajectories: 10 }))).toEqual([[20, sentence(20)]]);
  });
  test("everything in production warns at its end", () => {
    expect(warningsOf(begin({ thermalise: 0, trajectories: 10 }))).toEqual([[10, sentence(10)]]);
    expect(warningsOf(begin({ thermalise: 8, trajectories: 10 }, [5]))).toEqual([[18, sentence(13)]]);
  });
  test("most of them, or hardly any at all, does not", () => {
    expect(warningsOf(begin({ thermalise: 30, trajectories: 10 }, [25, 35]))).toEqual([]);
    expect(warningsOf(begin({ thermalise: 0, trajectories: 4 }))).toEqual([]);
    expect(warningsOf(begin({ thermalise: 5, trajectories: 0 }))).toEqual([]);
  });
  test("counts on where it was restored", () => {
    const plan = { thermalise: 0, trajectories: 10 };
    const first = begin(plan);
    for (let i = 0; i < 6; i++) first.advance(() => 0);
    const second = begin(plan);
    second.restore(JSON.parse(JSON.stringify(first.progress())));
    expect(warningsOf(second)).toEqual([[10, sentence(10)]]);
  });
});

describe("a measurement that breaks", () => {
  const gaveUp = Object.assign(new Error("no convergence after 3 iterations"), { name: "NotConverged" });
  const failing = (name: string, error: Error): Observable => ({
    name,
    measure: () => {
      throw error;
    },
  });
  const begin = (...observables: readonly Observable[]) => {
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    const measure = observables.map((observable) => ({ observable, every: 2 }));
    return new Chain(state, counting([]), addressedRng("broken", 0), { thermalise: 0, trajectories: 4, measure });
  };

  test("keeps the update and what else was measured, and the chain can go on", () => {
    const chain = begin(observed("before"), failing("condensate", gaveUp), observed("after"), failing("pion", gaveUp));
    chain.advance(() => 0);
    let error: unknown;
    try {
      chain.advance(() => 0);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(BrokenMeasurement);
    const { message, events, cause } = error as BrokenMeasurement;
    expect(message).toBe("condensate could not be measured after update 2: no convergence after 3 iterations");
    expect(cause).toBe(gaveUp);
    expect(events.map((e) => ("name" in e ? e.name : e.type))).toEqual(["stepped", "before", "after"]);
    expect(chain.progress()).toMatchObject({ trajectory: 2, step: 2 });
    expect(chain.advance(() => 0)).toMatchObject([{ type: "stepped", trajectory: 3 }]);
  });
  test("by a fault of ours is not mistaken for one", () => {
    const chain = begin(failing("condensate", new TypeError("a fault")));
    chain.advance(() => 0);
    expect(() => chain.advance(() => 0)).toThrow(TypeError);
  });
});
