import { describe, expect, test } from "vitest";
import type { Definition } from "../../lattice/definition.ts";
import type { SpinData } from "../../lattice/spins/spin-data.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { Observable } from "../observable.ts";
import { pairAction } from "./actions/pair-couplings/pair-action.ts";
import type { SpinAction } from "./spin-action.ts";
import { hotSpins, neelSpins } from "./starts.ts";
import {
  reflectedSpins,
  rotatedSpins,
  roughSpins,
  type SpinCase,
  spinConfiguration,
  spinSpace,
  translatedSpins,
} from "./testing.contract.ts";

/** T of the tests. */
const TEMPERATURE = 0.7;
/** J of the action of the tests, where a suite brings none. */
const COUPLING = 1.3;

const usualAction = (space: SpinSpace) => pairAction(space, { shells: [COUPLING] }, TEMPERATURE, "test");

export interface SpinObservableContract {
  readonly definition: Definition;
  readonly cases: readonly SpinCase[];
  readonly parameters?: object;
  /** The target action; nearest neighbours with J = 1.3 at T = 0.7 by default. */
  readonly action?: (space: SpinSpace) => SpinAction;
  /** Value of a label where all spins are parallel; undefined: not known. */
  readonly cold: (label: string, space: SpinSpace) => number | undefined;
  /** Value of a label in the chessboard order (on even extents). */
  readonly neel: (label: string, space: SpinSpace) => number | undefined;
  /** Mean of a label over independent spins. */
  readonly hot: (label: string, space: SpinSpace) => number | undefined;
  /** False where global rotations (translations, reflections) change it. */
  readonly rotations?: boolean;
  readonly translations?: boolean;
}

/** All numbers of an observable on a configuration, by label; the configuration must stay as it was. */
export function measureSpins(
  definition: Definition,
  space: SpinSpace,
  data: SpinData,
  parameters: object = {},
  action: SpinAction = usualAction(space),
): Map<string, number> {
  return measureWith(
    definition.build(definition.parameters.parse(parameters), { space, action }) as Observable,
    space,
    data,
  );
}

function measureWith(observable: Observable, space: SpinSpace, data: SpinData): Map<string, number> {
  const c = spinConfiguration(space, data);
  const found = new Map<string, number>();
  for (const { name, labels, values } of observable.measure(c, addressedRng("observable", 0), 1)) {
    expect(name).toBe(observable.name);
    expect(values.length).toBe(labels.length);
    labels.forEach((label, i) => found.set(label, values[i]!));
  }
  expect(space.store(c.field).values.every((x, i) => x === data.values[i])).toBe(true);
  c.field.release();
  return found;
}

/** What every observable of spins must satisfy. */
export function describeSpinObservable(contract: SpinObservableContract): void {
  const { definition, cases, parameters, action, cold, neel, hot, rotations = true, translations = true } = contract;
  describe.each(cases)(`${definition.name}: $spins on $extents`, (where) => {
    const space = spinSpace(where);
    const measured = (data: SpinData, on = space) => measureSpins(definition, on, data, parameters, action?.(on));
    const rough = roughSpins(where);
    const expectAll = (
      found: Map<string, number>,
      expected: (label: string) => number | undefined,
      tolerance: number,
    ) => {
      for (const [label, value] of found) {
        const e = expected(label);
        if (e === undefined) continue;
        expect(Math.abs(value - e), `${label}: ${value}, not ${e}`).toBeLessThan(tolerance * Math.max(1, Math.abs(e)));
      }
    };
    const expectRough = (data: SpinData) => {
      const before = measured(rough);
      expectAll(measured(data), (label) => before.get(label), 1e-12);
    };

    test.runIf(rotations)("invariance under global rotations and reflections of the spins", () =>
      expectRough(rotatedSpins(rough)),
    );

    test.runIf(translations)("invariance under translations and reflections of the lattice", () => {
      expectRough(
        translatedSpins(
          rough,
          where.extents.map((_, mu) => mu + 1),
        ),
      );
      where.extents.forEach((_, mu) => expectRough(reflectedSpins(rough, mu)));
    });

    test("parallel spins", () => expectAll(measured(space.store(space.field())), (label) => cold(label, space), 1e-13));

    test.runIf(where.extents.every((n) => n % 2 === 0))("chessboard order", () =>
      expectAll(measured(neelSpins(where.spins, where.extents)), (label) => neel(label, space), 1e-13),
    );

    test("independent spins: the mean over 400 configurations (5 sigma, false alarms below 1e-5)", () => {
      const bench = { space, action: action?.(space) ?? usualAction(space) };
      const observable = definition.build(definition.parameters.parse(parameters ?? {}), bench) as Observable;
      expect(observable.name).toBe(definition.name);
      expect(hotDisagreements(observable, space, hot)).toEqual([]);
    });

    test("two workers and the JavaScript back end give the same bits as one", () => {
      for (const device of ["two", "javascript"] as const)
        expect(measured(rough, spinSpace(where, device))).toEqual(measured(rough));
    });

    test("every parameter is described, and parsing twice changes nothing", () => {
      const shape = definition.parameters.shape as Record<string, { description?: string }>;
      for (const [key, schema] of Object.entries(shape)) expect(schema.description, key).toBeTruthy();
      const once = definition.parameters.parse(parameters ?? {});
      expect(definition.parameters.parse(once)).toEqual(once);
    });
  });
}

/** The labels whose mean over 400 configurations of independent spins is off by more than 5 sigma, in words. */
export function hotDisagreements(
  observable: Observable,
  space: SpinSpace,
  hot: SpinObservableContract["hot"],
): string[] {
  const rng = (draw: number) => addressedRng("independent spins", draw);
  const draws = Array.from({ length: 400 }, (_, k) =>
    measureWith(observable, space, hotSpins(space.spins, space.lattice.extents, rng(k))),
  );
  return [...draws[0]!.keys()].flatMap((label) => {
    const expected = hot(label, space);
    const values = draws.map((draw) => draw.get(label)!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
    const allowed = 5 * Math.sqrt(variance / values.length) + 1e-13;
    if (expected === undefined || Math.abs(mean - expected) < allowed) return [];
    return [`${label}: ${mean}, not ${expected}, where ${allowed} is allowed`];
  });
}
