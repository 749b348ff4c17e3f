import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../../kernels/node.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { type Action, sumOf } from "../../../physics/action.ts";
import { exactDeterminantDefinition } from "../../../physics/actions/exact-determinant/exact-determinant.ts";
import { LoopCombination } from "../../../physics/actions/loop-gauge/loop-combination.ts";
import { rectangleGauge } from "../../../physics/actions/rectangle-gauge/rectangle-gauge.ts";
import { staggeredActionDefinition } from "../../../physics/actions/staggered/staggered.ts";
import { wilsonGauge } from "../../../physics/actions/wilson-gauge/wilson-gauge.ts";
import { Chain } from "../../chain/chain.ts";
import type { State, Update, UpdateBench } from "../../update.ts";
import { heatbathDefinition } from "../heatbath/index.ts";
import { selfLearningDefinition } from "./index.ts";
import { LoopFit } from "./loop-fit.ts";

const device = openDevice({ workers: 1 });
afterAll(() => device.close());

const { parameters } = selfLearningDefinition;
const build = (given: object, bench: UpdateBench): Update =>
  selfLearningDefinition.build(parameters.parse(given), bench);

function benchOf(extents: readonly number[], terms: (space: LinkSpace) => Record<string, Action>, lanes?: 1) {
  const space = new LinkSpace(new Lattice(device, extents, lanes), parseGroup("SU(2)"));
  const named = terms(space);
  const list = Object.values(named);
  return { space, action: sumOf(list), terms: list, names: Object.keys(named), label: "" };
}
const stateOf = ({ space }: { space: LinkSpace }): State => ({
  space,
  field: space.field(),
  auxiliary: new Map(),
  step: 0,
});
const symanzik = (space: LinkSpace) => ({ "rectangle-gauge": rectangleGauge(space, 2, -1 / 12) });
const loops = ["plaquette", "rectangle", "polyakov-t"];

/** Staggered quarks on a small lattice: no linear action. */
const quarks = (space: LinkSpace) => ({
  "wilson-gauge": wilsonGauge(space, 2),
  "exact-determinant": exactDeterminantDefinition.build(
    exactDeterminantDefinition.parameters.parse({ fermion: { name: "staggered", mass: 0.3 } }),
    { space },
  ),
});

describe("a target that is linear in the loops", () => {
  const bench = benchOf([6, 6], symanzik, 1);
  test("is found from wrong couplings, and then every proposal is accepted", () => {
    const update = build({ loops, start: { plaquette: 2 }, first: 8, ridge: 0 }, bench);
    const [state, rng] = [stateOf(bench), addressedRng("linear")];
    const told = Array.from({ length: 12 }, () => update.tune!(update.step(state, rng)));
    expect(told.slice(4, 7).map((t) => Object.keys(t ?? {}))).toEqual([["loss"], ["loss"], ["loss"]]);
    const fitted = update.freeze!()!;
    const close = (key: string, x: number) => expect(Math.abs(fitted[key]! - x), key).toBeLessThan(1e-10);
    close("beta plaquette", (2 * 5) / 3);
    close("beta rectangle", -1 / 6);
    close("beta polyakov-t", 0);
    expect(fitted["error plaquette"]).toBeLessThan(1e-6);
    expect(fitted["r-squared"]).toBeCloseTo(1, 10);
    for (let i = 0; i < 5; i++) expect(Math.abs(update.step(state, rng).deltaH!)).toBeLessThan(1e-9);
  });
  test("gives its own couplings to start with", () => {
    const update = build({ loops: ["rectangle", "plaquette"] }, bench);
    expect(Math.abs(update.step(stateOf(bench), addressedRng("own")).deltaH!)).toBeLessThan(1e-11);
    const { "beta rectangle": rectangle, "beta plaquette": plaquette } = update.tuned!();
    expect(rectangle).toBeCloseTo(-1 / 6, 14);
    expect(plaquette).toBeCloseTo(10 / 3, 14);
  });
});

describe("the target is asked once a step", () => {
  const bench = benchOf([4, 4], quarks);
  test("also where a mixture has moved the field, and never twice for one configuration", () => {
    let asked = 0;
    const value = (c: State) => {
      asked += 1;
      return bench.action.value(c);
    };
    const action = { ...bench.action, value };
    const update = build({}, { ...bench, action });
    const [state, rng] = [stateOf(bench), addressedRng("once")];
    for (let i = 0; i < 5; i++) update.step(state, rng);
    expect(asked).toBe(6);
    const other = heatbathDefinition.build(heatbathDefinition.parameters.parse({}), {
      ...bench,
      terms: bench.terms.slice(0, 1),
    });
    other.step(state, rng);
    update.step(state, rng);
    expect(asked).toBe(8);
  });
});

describe("a chain that learns", () => {
  const bench = benchOf([4, 4], quarks);
  const plan = { thermalise: 14, trajectories: 6, measure: [] };
  const chain = (rng = addressedRng("learns")) =>
    new Chain(stateOf(bench), build({ loops, inner: { name: "heatbath", sweeps: 2 } }, bench), rng, plan);
  const events = (c: Chain, until: number) => {
    const list = [];
    while (c.trajectory < until) for (const event of c.advance(() => 0)) list.push({ ...event, seconds: 0 });
    return list;
  };
  test("stopped anywhere it goes on bit for bit", () => {
    const whole = chain();
    const all = events(whole, plan.thermalise + plan.trajectories);
    for (const stop of [5, 12, 14, 17]) {
      const [first, second] = [chain(), chain()];
      const before = events(first, stop);
      second.state.field.assign(first.state.field);
      second.restore(JSON.parse(JSON.stringify(first.progress())) as ReturnType<Chain["progress"]>);
      expect(second.progress()).toEqual(first.progress());
      expect([...before, ...events(second, plan.thermalise + plan.trajectories)]).toEqual(all);
      expect(second.state.field.view()).toEqual(whole.state.field.view());
    }
  });
  test("ends learning with thermalisation, and tells the couplings with their errors", () => {
    const c = chain();
    const frozen = events(c, plan.thermalise).find((event) => event.type === "tuned" && event.frozen);
    expect(frozen).toMatchObject({ parameters: { "beta plaquette": expect.any(Number) } });
    const { parameters: told } = frozen as { parameters: Record<string, number> };
    expect(told["error plaquette"]).toBeGreaterThan(0);
    expect(told.configurations).toBe(14);
    const before = c.progress().tuned;
    events(c, plan.thermalise + plan.trajectories);
    expect(c.progress().tuned).toEqual(before);
  });
  test("without thermalisation keeps its first couplings, and remembers only the last configurations", () => {
    const effective = new LoopCombination(bench.space, ["plaquette"]);
    const fit = new LoopFit(effective, { first: 1, ridge: 0, forget: 0 });
    for (let i = 0; i < 1000; i++) fit.see({ features: Float64Array.of(i), value: 2 * i });
    fit.learn();
    expect(fit.save()["fit.count"]).toBe(64);
    expect(effective.couplings[0]).toBeCloseTo(2, 12);
  });
});

test("parsing what was parsed changes nothing, with a fit or without", () => {
  const [fitted, fixed] = [parameters.parse({ ridge: 0 }), parameters.parse({ couplings: { plaquette: 1 } })];
  expect(fitted).toMatchObject({ first: 10, ridge: 0, forget: 1 });
  expect(Object.keys(fixed).sort()).toEqual(["couplings", "inner", "loops"]);
  for (const parsed of [fitted, fixed]) expect(JSON.stringify(parameters.parse(parsed))).toBe(JSON.stringify(parsed));
});

describe("the fit", () => {
  const bench = benchOf([4, 4], symanzik);
  test("leaves out a configuration that the target forbids", () => {
    const wall = { ...bench, action: { ...bench.action, value: (c: State) => (c.step === 0 ? 1 : Infinity) } };
    const update = build({}, wall);
    const [state, rng] = [stateOf(bench), addressedRng("forbidden")];
    update.step(state, rng); // step 0: both values are 1
    update.tune!({});
    const report = update.step(state, rng);
    expect(report).toMatchObject({ accepted: false, deltaH: Infinity });
    expect(update.tune!(report)).toBeUndefined();
    expect(update.tuned!()).toMatchObject({ trajectories: 2, "fit.count": 1 });
    expect(update.advice!()).toMatch(/^fewer sweeps in inner, more loops .* thermalisation/);
  });
  test("tells no error of a coupling that the data do not determine", () => {
    const fit = new LoopFit(new LoopCombination(bench.space, ["plaquette", "rectangle"]), {
      first: 1,
      ridge: 0,
      forget: 0,
    });
    for (let i = 0; i < 8; i++) fit.see({ features: Float64Array.of(i, 2 * i), value: i + (i % 3) });
    fit.learn();
    const told = fit.freeze();
    expect(told["error plaquette"]).toBeGreaterThan(0);
    expect(told["beta rectangle"]).toBe(0);
    expect(told).not.toHaveProperty("error rectangle");
  });
});

describe("refusals", () => {
  const refused = (given: object) => parameters.safeParse(given).error?.issues[0]?.message;
  test("pseudofermions, which belong to one field", () => {
    const staggered = (space: LinkSpace) => ({
      staggered: staggeredActionDefinition.build(
        staggeredActionDefinition.parameters.parse({ mass: 0.3, flavours: 2 }),
        { space },
      ),
    });
    expect(() => build({}, benchOf([4, 4], staggered))).toThrow(/"staggered" has pseudofermions.*exact-determinant/);
  });
  test("loops that pass a link twice, but not for hmc", () => {
    const bench = benchOf([4, 2], symanzik, 1);
    expect(() => build({ loops }, bench)).toThrow(/rectangle passes the same link twice.*\[4, 2\].*inner.*hmc/);
    expect(() => build({ loops, inner: { name: "hmc" } }, bench)).not.toThrow();
  });
  test("keys that contradict each other", () => {
    expect(refused({ loops: ["plaquette", "plaquette"] })).toMatch(/plaquette is there twice/);
    expect(refused({ loops: ["polyakov", "polyakov-t"] })).toMatch(/same loops/);
    expect(refused({ couplings: { chair: 1 } })).toMatch(/not among the loops; add "chair"/);
    for (const key of [{ start: { plaquette: 1 } }, { first: 10 }, { ridge: 0 }, { forget: 1 }])
      expect(refused({ couplings: { plaquette: 1 }, ...key })).toMatch(/no effect beside couplings/);
    expect(refused({ loops, couplings: { rectangle: 1 } })).toBeUndefined();
  });
  test("a lattice in which its loops would join lanes is built with one", () => {
    const bench = benchOf([4, 6], symanzik);
    const oneLane = (given: object) => selfLearningDefinition.oneLane!(parameters.parse(given), bench);
    expect(oneLane({ loops })).toBe(true);
    expect(oneLane({ loops, inner: { name: "hmc" } })).toBe(false);
    expect(oneLane({})).toBe(false);
  });
});
