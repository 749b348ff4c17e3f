import { describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { su2TorusPlaquette2d } from "../../../numerics/exact-2d.ts";
import type { Action } from "../../../physics/action.ts";
import { plaquetteSums, wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { expDeltaH, gammaMethod } from "../../../statistics/index.ts";
import { nested } from "../../integrators/integrate.ts";
import { schemeOf } from "../../integrators/schemes.ts";
import { BrokenTrajectory, type State, type Update, type UpdateBench } from "../../update.ts";
import { hmc } from "./hmc.ts";
import { hmcDefinition } from "./index.ts";

const space = new LinkSpace(new Lattice(openDevice({ workers: 1 }), [4, 4]), parseGroup("SU(2)"));
const beta = 2.3;
const target = wilsonGauge(space, beta);
const exact = su2TorusPlaquette2d(beta, 16);

function trajectory(guide: Action, steps: number) {
  return { length: 1, integrate: nested([{ action: guide, scheme: schemeOf("omelyan"), steps }]) };
}

function sample(update: Update, count: number, seed: string) {
  const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
  const rng = addressedRng(seed, 0);
  const plaquettes: number[] = [];
  const deltaH: number[] = [];
  let accepted = 0;
  for (let i = -200; i < count; i++) {
    const report = update.step(state, rng);
    if (i < 0) continue;
    accepted += report.accepted ? 1 : 0;
    deltaH.push(report.deltaH!);
    plaquettes.push(plaquetteSums(space, state.field.address)[0]! / 32);
  }
  const estimate = gammaMethod([plaquettes]);
  if (estimate.refused) throw new Error(estimate.reason);
  return { pull: (estimate.mean - exact) / estimate.error, error: estimate.error, accepted: accepted / count, deltaH };
}

// Fixed seeds; each pull below 3.5 fails a right program with probability 5e-4.
describe("hybrid Monte Carlo on the SU(2) torus 4 x 4, beta 2.3", () => {
  test("gives the exact plaquette, and <exp(-deltaH)> = 1", () => {
    const { pull, error, accepted, deltaH } = sample(hmc(space, target, trajectory(target, 6)), 4000, "hmc");
    expect(Math.abs(pull)).toBeLessThan(3.5);
    expect(error / exact).toBeLessThan(5e-3);
    expect(accepted).toBeGreaterThan(0.9);
    expect(Math.abs(expDeltaH([deltaH]).pull!)).toBeLessThan(3.5);
  });
  test("a wrong guide lowers the acceptance, not the truth", () => {
    const guide = wilsonGauge(space, 1.9);
    const { pull, accepted } = sample(hmc(space, target, trajectory(guide, 6)), 6000, "guide");
    expect(accepted).toBeLessThan(0.9);
    expect(Math.abs(pull)).toBeLessThan(3.5);
  });
  test("without the accept step the wrong guide gives a wrong answer: the test can tell", () => {
    const guide = wilsonGauge(space, 1.9);
    const { pull } = sample(hmc(space, guide, trajectory(guide, 6)), 6000, "planted");
    expect(Math.abs(pull)).toBeGreaterThan(8);
  });
  test("a trajectory that leaves the reals is reported, and the field is the one before it", () => {
    const nan: Action = { value: () => Number.NaN, addForce: () => {} };
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    const before = space.store(state.field).links;
    expect(() => hmc(space, nan, trajectory(target, 6)).step(state, addressedRng("x", 0))).toThrow(BrokenTrajectory);
    expect(space.store(state.field).links).toEqual(before);
  });
  test("an H that begins infinite is reported, not accepted", () => {
    let calls = 0;
    const falling: Action = { value: () => (calls++ === 0 ? Infinity : 1), addForce: () => {} };
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    expect(() => hmc(space, falling, trajectory(target, 2)).step(state, addressedRng("x", 0))).toThrow(/ran away/);
  });
});

describe("a solver that does not converge", () => {
  const gaveUp = Object.assign(new Error("CG: |r|/|b| = 0.1 after 10 of 10 iterations"), { name: "NotConverged" });
  /** The gauge action, whose heat bath, value or force gives up at its `at`-th call. */
  const failing = (where: "refresh" | "value" | "addForce", at: number): Action => {
    let calls = 0;
    const fail = () => {
      calls += 1;
      if (calls === at) throw gaveUp;
    };
    return {
      ...target,
      refresh: () => void (where === "refresh" && fail()),
      value: (c) => {
        if (where === "value") fail();
        return target.value(c);
      },
      addForce: (c, weight, p) => {
        if (where === "addForce") fail();
        target.addForce(c, weight, p);
      },
    };
  };
  test.each([
    ["the heat bath of the pseudofermions", "refresh", 3],
    ["the first Hamiltonian", "value", 5],
    ["the last Hamiltonian", "value", 6],
    ["a force in the middle", "addForce", 30],
  ] as const)("in %s breaks the trajectory, keeps the field before it and the sentence", (_, where, at) => {
    const action = failing(where, at);
    const update = hmc(space, action, trajectory(action, 6));
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    const rng = addressedRng("gave-up", 0);
    const twice = [update.step(state, rng), update.step(state, rng)];
    expect(twice.every(({ accepted }) => accepted !== undefined)).toBe(true);
    const before = space.store(state.field).links;
    let error: unknown;
    try {
      update.step(state, rng);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(BrokenTrajectory);
    expect((error as Error).message).toBe(`step 2: ${gaveUp.message}`);
    expect((error as Error).cause).toBe(gaveUp);
    expect(space.store(state.field).links).toEqual(before);
    expect(state.step).toBe(2);
  });
  test("is told apart from a fault of ours, which passes as it is", () => {
    const broken: Action = {
      ...target,
      addForce: () => {
        throw new TypeError("a fault");
      },
    };
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    expect(() => hmc(space, broken, trajectory(broken, 2)).step(state, addressedRng("x", 0))).toThrow(TypeError);
  });
});

describe("the definition", () => {
  const bench: UpdateBench = { space, action: target, terms: [target], names: ["wilson-gauge"], label: "" };
  const build = (parameters: object) => hmcDefinition.build(hmcDefinition.parameters.parse(parameters), bench);
  test("tunes the steps towards the wanted acceptance, and goes on bit for bit when restored", () => {
    const run = (update: Update, state: State, count: number) => {
      for (let i = 0; i < count; i++) update.tune!(update.step(state, addressedRng("tune", 0)));
    };
    const straight = build({ steps: 2, tune: 0.9, length: 2 });
    const state: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    run(straight, state, 150);
    const first = build({ steps: 2, tune: 0.9, length: 2 });
    const half: State = { space, field: space.field(), auxiliary: new Map(), step: 0 };
    run(first, half, 70);
    const second = build({ steps: 2, tune: 0.9, length: 2 });
    second.restore!(JSON.parse(JSON.stringify(first.tuned!())));
    run(second, half, 80);
    expect(half.field.view()).toEqual(state.field.view());
    const { steps } = straight.freeze!()!;
    expect(second.freeze!()!.steps).toBe(steps);
    const { accepted } = sample(straight, 800, "tuned");
    expect(accepted).toBeGreaterThan(0.8);
    expect(accepted).toBeLessThan(0.995);
  });
  test("tuning begins with the steps of the slowest level", () => {
    const levels = [{ actions: ["wilson-gauge"], steps: 3 }];
    for (const given of [{ levels }, { steps: 3 }]) {
      const update = build({ ...given, tune: 0.8, length: 0.5 });
      expect(update.tuned!()).toEqual(build({ steps: 3, tune: 0.8, length: 0.5 }).tuned!());
      expect(update.freeze!()).toEqual({ steps: 3, stepSize: 0.5 / 3 });
    }
    expect(build({ tune: 0.8 }).freeze!()).toEqual({ steps: 20, stepSize: 1 / 20 });
  });
  test("levels take the place of steps and integrator, which have defaults without them only", () => {
    const levels = [{ actions: ["wilson-gauge"], steps: 3, integrator: "leapfrog" as const }];
    const parse = (given: object) => hmcDefinition.parameters.parse(given);
    expect(parse({ levels })).toEqual({ length: 1, levels, start: "momentum" });
    expect(parse({})).toEqual({ length: 1, steps: 20, integrator: "omelyan", start: "momentum" });
    for (const once of [parse({ levels }), parse({})]) expect(parse(once)).toEqual(once);
    const refused = hmcDefinition.parameters.safeParse({ levels, steps: 3, integrator: "omelyan" });
    expect(refused.error?.issues.map(({ path, message }) => [...path, message])).toEqual([
      ["steps", "has no effect beside levels: leave it out, levels[0].steps is that of the trajectory"],
      ["integrator", "has no effect beside levels: leave it out, levels[0].integrator is that of the trajectory"],
    ]);
  });
  test("levels must name every action term once", () => {
    expect(() => build({ levels: [{ actions: ["wilson"], steps: 2 }] })).toThrow(/no action "wilson".*wilson-gauge/);
    expect(() =>
      build({
        levels: [
          { actions: ["wilson-gauge"], steps: 2 },
          { actions: ["wilson-gauge"], steps: 2 },
        ],
      }),
    ).toThrow(/two levels/);
  });
});
