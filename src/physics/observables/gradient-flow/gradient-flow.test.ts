import { describe, expect, test } from "vitest";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { describeObservable, measureAll } from "../../observable.contract.ts";
import type { Observable } from "../../observable.ts";
import { uniformFlux } from "../../solvable.contract.ts";
import { type Case, cases, configuration, linkSpace, smoothLinks } from "../../testing.contract.ts";
import { energyDensity } from "../energy-density/energy-density.ts";
import { observables } from "../index.ts";

const gradientFlow = observables.find(({ name }) => name === "gradient-flow")!;
const parameters = { time: 0.25, step: 0.05, "every-time": 0.1, action: "symanzik", observables: ["energy-density"] };
const kept: readonly Case[] = cases.filter((_, i) => i !== 1 && i !== 3);

describeObservable({
  definition: gradientFlow,
  cases: kept,
  parameters,
  cold: (label) => (label.includes("latticeqcd-jl") ? 1 : 0),
  solvable(space) {
    const { data } = uniformFlux(space);
    const atRest = measureAll(energyDensity, space, data);
    return [
      {
        name: "uniform flux, which does not flow",
        data,
        value(label) {
          const [name, definition, time] = label.split(/ t?=?/) as [string, string, string];
          return atRest.get(definition)! * (name === "t2E" ? Number(time) ** 2 : 1);
        },
      },
    ];
  },
});

describe("measurements", () => {
  const space = linkSpace({ group: "SU(3)", extents: [4, 4, 4, 4] });
  const c = configuration(space, smoothLinks(space, 0.8));
  const measure = (given: object) =>
    (gradientFlow.build(gradientFlow.parameters.parse(given), { space }) as Observable).measure(
      c,
      addressedRng("flow", 0),
      3,
    );

  test("at zero, at every multiple and at the end, each with its flow time", () => {
    const list = measure({ ...parameters, observables: ["plaquette", "topological-charge", "energy-density"] });
    const names = ["plaquette", "topological-charge", "energy-density", "t2E"];
    const expected = [0, 0.1, 0.2, 0.25].flatMap((time) => names.map((name) => [name, time]));
    expect(list.map(({ name, flowTime }) => [name, flowTime])).toEqual(expected);
    const plaquettes = list.filter(({ name }) => name === "plaquette").map(({ values }) => values[0]!);
    expect(plaquettes.every((p, i) => i === 0 || p > plaquettes[i - 1]!)).toBe(true);
  });

  test("adaptive steps end at the same curve", () => {
    const curve = (given: object) =>
      measure({ time: 0.5, "every-time": 0.25, ...given })
        .filter(({ name }) => name === "t2E")
        .map(({ values }) => values[0]!);
    const [fixed, adaptive] = [curve({ step: 0.01 }), curve({ adaptive: true, tolerance: 1e-7, step: 0.02 })];
    fixed.forEach((value, i) => expect(Math.abs(adaptive[i]! - value)).toBeLessThan(1e-5));
  });

  test.each([
    [{ observables: ["gradient-flow"] }, /Invalid|one of/],
    [{ time: -1 }, /time must be more than 0/],
    [{ step: 0.5 }, /step must be at most 0.1/],
  ])("%j is refused", (given, sentence) => {
    expect(gradientFlow.parameters.safeParse(given).error?.issues[0]?.message).toMatch(sentence);
  });
});
