import { describe, expect, test } from "vitest";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { forceAgainstDifferences } from "../../physics/action.contract.ts";
import { trajectory } from "../objectives/action.ts";
import { parameterNames } from "./guide.ts";
import { GuideLearner, type Trains } from "./learner.ts";
import { ends, type GuidedToy, guidedToy } from "./testing.contract.ts";

const toy = guidedToy();
const { start, end } = ends(toy);

/** dS_theta/dparameter i by a fourth-order difference. */
function byDifferences({ guide }: GuidedToy, i: number): number {
  const h = 1e-3;
  const at = (x: number) => {
    const before = guide.parameters[i]!;
    guide.parameters[i] = before + x;
    guide.assign();
    const value = guide.value(end);
    guide.parameters[i] = before;
    guide.assign();
    return value;
  };
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

describe("a guide of scaled actions through networks", () => {
  test("names its parameters: those of the map, then the factor", () => {
    expect(parameterNames(toy.guide.layout)).toEqual([
      "guide-2.staggered.rho[0][0]",
      "guide-2.staggered.rho[0][1]",
      "guide-2.staggered.rho[1][0]",
      "guide-2.staggered.rho[1][1]",
      "guide-2.staggered.scale",
      "guide-3.loop-gauge.scale",
    ]);
    expect([...toy.guide.parameters]).toEqual([0.05, -0.03, 0.02, 0.04, 1.2, 0.1]);
  });
  test("its derivatives with respect to all of them agree with differences", () => {
    const gradient = new Float64Array(6);
    toy.guide.addGradient(end, 2, gradient);
    gradient.forEach((x, i) => {
      const expected = byDifferences(toy, i);
      expect(Math.abs(x / 2 - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
    });
  });
  test("its force is that of its value, with the factors of the moment", () => {
    const { guide, space } = guidedToy();
    guide.parameters[4] = 0.7;
    guide.assign();
    const held = {
      value: (c: typeof end) => guide.value({ ...c, auxiliary: end.auxiliary }),
      addForce: (c: typeof end, weight: number, p: typeof end.field) =>
        guide.action.addForce({ ...c, auxiliary: end.auxiliary }, weight, p),
    };
    const { exact, differences } = forceAgainstDifferences(space, held as never);
    expect(Math.abs(exact - differences)).toBeLessThan(1e-8 * Math.abs(exact));
  });
});

/** Plain gradient descent, as a trainer. */
function descent(parameters: Float64Array, rate: number): Trains & { steps: number } {
  const trains = {
    steps: 0,
    finished: false,
    step(loss: number, gradient: Float64Array) {
      trains.steps += 1;
      gradient.forEach((g, i) => {
        parameters[i]! -= rate * g;
      });
      return { loss };
    },
    finish: () => {},
    save: () => ({ steps: trains.steps, ...Object.fromEntries(parameters.entries()) }),
    restore(saved: Readonly<Record<string, number>>) {
      trains.steps = saved.steps!;
      for (let i = 0; i < parameters.length; i++) parameters[i] = saved[i]!;
    },
  };
  return trains;
}

describe("a guide learns", () => {
  const learnerOf = (draws: number) => {
    const made = guidedToy();
    const trainer = descent(made.guide.parameters, 3e-3);
    const objective = trajectory(made.guide, made.target);
    return { ...made, learner: new GuideLearner({ ...made, objective, trainer, draws }) };
  };
  const rng = addressedRng("learner", 0);

  test("the loss of a trajectory seen again and again falls", () => {
    const { learner } = learnerOf(1);
    const losses = Array.from({ length: 12 }, () => learner.learn(start, end, rng, 0).loss!);
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
  });
  test("further draws have other pseudofermions, at addresses of their own", () => {
    const [one, three] = [learnerOf(1), learnerOf(3)];
    const before = end.auxiliary.get("staggered.heaviest")!.view().slice();
    expect(three.learner.learn(start, end, rng, 0).loss).not.toBe(one.learner.learn(start, end, rng, 0).loss);
    expect(end.auxiliary.get("staggered.heaviest")!.view()).toEqual(before);
    const again = learnerOf(3);
    again.learner.learn(start, end, rng, 0);
    expect(again.guide.parameters).toEqual(three.guide.parameters);
  });
  test("goes on bit for bit when restored", () => {
    const [straight, first, second] = [learnerOf(2), learnerOf(2), learnerOf(2)];
    for (let i = 0; i < 6; i++) straight.learner.learn(start, end, rng, i);
    for (let i = 0; i < 3; i++) first.learner.learn(start, end, rng, i);
    second.learner.restore(JSON.parse(JSON.stringify(first.learner.save())));
    for (let i = 3; i < 6; i++) second.learner.learn(start, end, rng, i);
    expect(second.guide.parameters).toEqual(straight.guide.parameters);
    expect(second.guide.value(end)).toBe(straight.guide.value(end));
  });
});
