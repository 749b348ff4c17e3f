import { describe, expect, test } from "vitest";
import type { Definition } from "../lattice/definition.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import type { LinkSpace } from "../lattice/links/links.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import type { Measurement, Observable } from "./observable.ts";
import {
  type Case,
  configuration,
  expectClose,
  gaugeTransformed,
  linkSpace,
  roughLinks,
  translated,
} from "./testing.contract.ts";

export interface ObservableContract {
  readonly definition: Definition;
  readonly cases: readonly Case[];
  readonly parameters?: object;
  /** Parameters after a translation U'(n) = U(n + step), for what is measured at a place. */
  readonly moved?: (step: readonly number[], extents: readonly number[]) => object;
  /** Value of a label on unit links. */
  readonly cold: (label: string, space: LinkSpace) => number;
  /** Configurations on which the values are known in closed form. */
  readonly solvable: (space: LinkSpace) => readonly Solvable[];
}

export interface Solvable {
  readonly name: string;
  readonly data: GaugeData;
  readonly value: (label: string) => number | undefined;
}

/** All measurements of an observable, as label: value; along a flow the flow time is in the label. */
export function measureAll(
  definition: Definition,
  space: LinkSpace,
  data: GaugeData,
  parameters: object = {},
): Map<string, number> {
  const observable = definition.build(definition.parameters.parse(parameters), { space }) as Observable;
  expect(observable.name).toBe(definition.name);
  const c = configuration(space, data);
  const list = observable.measure(c, addressedRng("observable", 0), 1);
  expect(space.store(c.field).links).toEqual(data.links);
  c.field.release();
  const key = (m: Measurement, label: string) =>
    m.flowTime === undefined ? label : `${m.name} ${label} t=${m.flowTime}`;
  return new Map(list.flatMap((m) => m.labels.map((label, i) => [key(m, label), m.values[i]!] as const)));
}

/** What every observable must satisfy. */
export function describeObservable(contract: ObservableContract): void {
  const { definition, cases, parameters, moved, cold, solvable } = contract;
  describe.each(cases)(`${definition.name}: $group on $extents`, (where) => {
    const space = linkSpace(where);
    const measured = (data: GaugeData, on = space, given = parameters) => measureAll(definition, on, data, given);
    const expectEqual = (a: Map<string, number>, b: Map<string, number>, tolerance: number) => {
      expect([...a.keys()]).toEqual([...b.keys()]);
      for (const [label, value] of a) expectClose(value, b.get(label)!, tolerance, Math.max(1, Math.abs(value)));
    };
    const rough = roughLinks(where.group, where.extents);

    test("gauge invariance", () => expectEqual(measured(rough), measured(gaugeTransformed(rough)), 1e-11));

    test("translation invariance", () => {
      const step = where.extents.map((_, mu) => 1 + (mu % 2));
      const there = moved?.(step, where.extents) ?? parameters;
      expectEqual(measured(rough), measured(translated(rough, step), space, there), 1e-11);
    });

    test("its value on unit links", () => {
      for (const [label, value] of measured(space.store(space.field())))
        expectClose(value, cold(label, space), 1e-13, Math.max(1, Math.abs(value)));
    });

    test("exactly solvable configurations", () => {
      for (const { name, data, value } of solvable(space))
        for (const [label, found] of measured(data)) {
          const expected = value(label);
          if (expected === undefined) continue;
          expect(Math.abs(found - expected), `${name}, ${label}: ${found}, exactly ${expected}`).toBeLessThan(
            1e-11 * Math.max(1, Math.abs(expected)),
          );
        }
    });

    test("one and two workers give the same bits", () => {
      expect(measured(rough, linkSpace(where, 2))).toEqual(measured(rough));
    });

    test("every parameter is described, and parsing twice changes nothing", () => {
      const shape = definition.parameters.shape as Record<string, { description?: string }>;
      for (const [key, schema] of Object.entries(shape)) expect(schema.description, key).toBeTruthy();
      const once = definition.parameters.parse(parameters ?? {});
      expect(definition.parameters.parse(once)).toEqual(once);
    });
  });
}
