import { describe, expect, test } from "vitest";
import { wilsonGauge } from "../../actions/wilson-gauge/wilson-gauge.ts";
import { energyDensities } from "../../observables/energy-density/energy-density.ts";
import {
  type Case,
  configuration,
  gaugeTransformed,
  linkSpace,
  roughLinks,
  smoothLinks,
} from "../../testing.contract.ts";
import { linkDistance } from "./distance.ts";
import { type FlowName, flowNames } from "./flow-action.ts";
import { type FlowOptions, GradientFlow } from "./gradient-flow.ts";

const cases: readonly Case[] = [
  { group: "SU(3)", extents: [4, 4, 2, 4] },
  { group: "SU(2)", extents: [4, 3, 5] },
  { group: "SU(4)", extents: [4, 6] },
  { group: "U(1)", extents: [6, 6] },
];

describe.each(cases)("$group on $extents", (where) => {
  const space = linkSpace(where);
  const data = smoothLinks(space, 0.7);
  const { field } = configuration(space, data);

  /** The flowed field at t = 0.4. */
  function flowed(options: FlowOptions, start = field) {
    const flow = new GradientFlow(space, start, options);
    flow.advance(0.4);
    return flow;
  }

  describe.each(flowNames)("%s flow", (action: FlowName) => {
    test("third-order convergence: half the step, an eighth of the error", () => {
      const exact = flowed({ action, step: 0.4 / 128 }).configuration.field;
      const errors = [8, 16, 32].map((n) => {
        const flow = flowed({ action, step: 0.4 / n });
        expect(flow.steps.done).toBe(n);
        return linkDistance(space, flow.configuration.field, exact);
      });
      for (const i of [0, 1]) {
        expect(errors[i]! / errors[i + 1]!).toBeGreaterThan(6.5);
        expect(errors[i]! / errors[i + 1]!).toBeLessThan(10.5);
      }
    });

    test("adaptive steps keep the error near the tolerance, and need fewer steps the larger it is", () => {
      const exact = flowed({ action, step: 0.4 / 128 }).configuration.field;
      const steps = [1e-4, 1e-6].map((tolerance) => {
        const flow = flowed({ action, step: 0.1, tolerance });
        expect(flow.time).toBe(0.4);
        expect(linkDistance(space, flow.configuration.field, exact)).toBeLessThan(5 * tolerance);
        return flow.steps.done;
      });
      expect(steps[1]!).toBeGreaterThan(2 * steps[0]!);
    });
  });

  test("the action falls all the way, and the velocity is -dS/dV", () => {
    const flow = new GradientFlow(space, field, { action: "wilson", step: 0.01 });
    const action = wilsonGauge(space, 2 * space.group.n);
    let before = action.value(flow.configuration);
    for (let i = 1; i <= 10; i++) {
      flow.advance(i * 0.05);
      const value = action.value(flow.configuration);
      expect(value).toBeLessThan(before);
      before = value;
    }
    const force = space.momenta();
    action.addForce(flow.configuration, 1, force);
    const rate = -2 * space.kinetic(force) * (space.group.special ? 1 : 1 / 2);
    const h = 1e-3;
    const at = (t: number) => {
      flow.advance(t);
      return action.value(flow.configuration);
    };
    const [first, , last] = [at(0.5), at(0.5 + h), at(0.5 + 2 * h)];
    const middle = (last! - first!) / (2 * h);
    expect(middle / rate).toBeGreaterThan(0.95);
    expect(middle / rate).toBeLessThan(1.0001);
  });

  test("gauge covariance: E(t) does not see a gauge transformation", () => {
    const turned = configuration(space, gaugeTransformed(data));
    const options: FlowOptions = { action: "symanzik", step: 0.05 };
    const [a, b] = [flowed(options), flowed(options, turned.field)].map(({ configuration: c }) =>
      energyDensities(space, c.field.address),
    );
    expect(a!.clover / b!.clover).toBeCloseTo(1, 10);
    expect(a!.plaquette / b!.plaquette).toBeCloseTo(1, 10);
  });

  test("the start is left as it was, and one and two workers give the same bits", () => {
    const fields = ([1, 2] as const).map((workers) => {
      const other = linkSpace(where, workers);
      const c = configuration(other, roughLinks(where.group, where.extents));
      const before = c.field.view().slice();
      const flow = new GradientFlow(other, c.field, { action: "wilson", step: 0.02, tolerance: 1e-5 });
      flow.advance(0.2);
      expect(c.field.view()).toEqual(before);
      const result = other.store(flow.configuration.field).links;
      flow.release();
      return result;
    });
    expect(fields[0]).toEqual(fields[1]);
  });
});

test("a tolerance that rounding cannot meet is refused with a sentence", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const { field } = configuration(space, roughLinks("SU(2)", [4, 4]));
  const flow = new GradientFlow(space, field, { action: "wilson", step: 0.01, tolerance: 1e-40 });
  expect(() => flow.advance(0.1)).toThrow(/no step at t = 0 has an error below the tolerance 1e-40; raise it/);
});
