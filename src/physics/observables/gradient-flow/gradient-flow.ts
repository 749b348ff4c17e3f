import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { flowNames } from "../../maps/gradient-flow/flow-action.ts";
import { GradientFlow } from "../../maps/gradient-flow/gradient-flow.ts";
import type { Measurement, Observable } from "../../observable.ts";

/** Other observables along the gradient flow; `list` are those it can take. */
export function gradientFlowOf(
  list: readonly Definition[],
): Definition<ReturnType<typeof parametersOf>, Observable, Bench> {
  return {
    name: "gradient-flow",
    title: "observables along the gradient flow, from which t0 and w0 follow",
    cite: [
      "M. Lüscher, JHEP 08 (2010) 071",
      "S. Borsányi et al., JHEP 09 (2012) 010",
      "P. Fritzsch and A. Ramos, JHEP 10 (2013) 008",
      "A. Bazavov and T. Chuna, arXiv:2101.05320",
    ],
    parameters: parametersOf(list),
    build(parameters, bench) {
      const space = linksOf(bench, "gradient-flow");
      const { time, step, action, adaptive, tolerance } = parameters;
      const chosen = parameters.observables.map((name) => {
        const definition = list.find((one) => one.name === name)!;
        return definition.build(definition.parameters.parse({}), bench) as Observable;
      });
      const times = flowTimes(time, parameters["every-time"]);
      return {
        name: "gradient-flow",
        measure(c, rng, number) {
          const flow = new GradientFlow(space, c.field, { action, step, ...(adaptive ? { tolerance } : {}) });
          try {
            return times.flatMap((flowTime) => {
              flow.advance(flowTime);
              return chosen
                .flatMap((observable) => observable.measure(flow.configuration, rng, number))
                .flatMap((measurement) => withScale({ ...measurement, flowTime }));
            });
          } finally {
            flow.release();
          }
        },
      };
    },
  };
}

/** 0, every, 2 every … and the end, without the digits that products of decimal fractions leave behind. */
export function flowTimes(time: number, every: number): number[] {
  const count = Math.floor(time / every + 1e-9);
  const times = Array.from({ length: count + 1 }, (_, i) => Number((i * every).toPrecision(12)));
  return times[count]! < time * (1 - 1e-9) ? [...times, time] : times;
}

/** An energy density brings t^2 E with it, for both definitions that have a scale. */
function withScale(measurement: Measurement & { flowTime: number }): Measurement[] {
  if (measurement.name !== "energy-density") return [measurement];
  const { flowTime, labels, values } = measurement;
  const scaled = ["clover", "plaquette"];
  const t2E = scaled.map((label) => flowTime ** 2 * values[labels.indexOf(label)]!);
  return [measurement, { name: "t2E", labels: scaled, values: Float64Array.from(t2E), flowTime }];
}

function parametersOf(list: readonly Definition[]) {
  const positive = (name: string) => z.number().positive(`${name} must be more than 0`);
  return z.object({
    time: positive("time").default(1).describe("flow time at the end, in lattice units (t0 is about a^2 * 1 to 5)"),
    step: positive("step")
      .max(0.1, "step must be at most 0.1: larger Runge-Kutta steps are unstable")
      .default(0.01)
      .describe("Runge-Kutta step in flow time; with adaptive steps the first one"),
    action: z.enum(flowNames).default("wilson").describe("the action that flows"),
    adaptive: z.boolean().default(false).describe("choose the step sizes by the estimated error"),
    tolerance: positive("tolerance").default(1e-6).describe("error of a link in an adaptive step"),
    "every-time": positive("every-time").default(0.1).describe("measure at multiples of this flow time, and at 0"),
    observables: z
      .array(z.enum(list.map(({ name }) => name) as [string, ...string[]]))
      .min(1)
      .default(["energy-density"])
      .describe("what is measured along the flow"),
  });
}
