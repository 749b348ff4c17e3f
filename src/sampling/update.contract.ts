import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../kernels/node.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import type { LinkSpace } from "../lattice/links/links.ts";
import type { Rng } from "../lattice/rng.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import { erfc } from "../numerics/error-function.ts";
import { ksTest, ksTestTwoSamples } from "../statistics/ks.ts";
import type { State, Update, UpdateBench } from "./update.ts";
import {
  benchOf,
  exactDraws,
  functions,
  onePlaquette,
  plaquetteLaw,
  type Target,
  targets,
  valuesOf,
} from "./update-targets.contract.ts";

type Build = (bench: UpdateBench) => Update;
type TargetName = keyof typeof targets;

export interface UpdateContract {
  /** The update under test; it must be for the action of the bench. */
  readonly build: Build;
  /** On which targets (default all). */
  readonly targets?: readonly TargetName[];
  /** Exact configurations stepped once; default 3000. */
  readonly draws?: number;
  /** Steps that one call counts: 1, but more for a mixture. */
  readonly steps?: number;
  /** Whether it reports deltaH: then <exp(-deltaH)> = 1 is tested. */
  readonly deltaH?: boolean;
  /** Moves the field along a trajectory and back again: the field must return. */
  readonly thereAndBack?: (bench: UpdateBench, state: State, rng: Rng) => void;
  /** deltaH ~ stepSize^order, as half the step size must show. */
  readonly scaling?: {
    readonly order: number;
    readonly stepSize: number;
    readonly build: (bench: UpdateBench, stepSize: number) => Update;
  };
  /** Planted errors, each of which the test of equilibrium must notice on the SU(2) target. */
  readonly broken?: Readonly<Record<string, Build>>;
}

/**
 * False alarms: seeds are fixed, so a correct update passes or fails for ever; with other seeds each of the p-values (six
 * a target) would be below this with just this probability.
 */
const SMALLEST_P = 1e-5;
const DRAWS = 3000;

/**
 * Contract of every exact update: starts in equilibrium from many independent exact draws of two-dimensional gauge
 * theory, steps once, stays. The draws are independent, so there is no autocorrelation to be estimated.
 */
export function describeUpdate(name: string, contract: UpdateContract): void {
  const chosen = contract.targets ?? (Object.keys(targets) as TargetName[]);
  const device = openDevice({ workers: 1 });
  afterAll(() => device.close());
  describe.each(chosen)(`${name} on %s`, (key) => {
    const target = targets[key];
    const draws = drawsOf(contract, key);
    // one lane where lane partners would conflict: see needsOneLane
    const bench = () => benchOf(target, device, key === "su2Odd" ? 1 : undefined);
    test("starts in equilibrium, steps once, stays", () => {
      const verdict = equilibrium(target, bench(), contract.build, draws);
      expect(verdict.filter(({ pValue }) => !(pValue > SMALLEST_P))).toEqual([]);
    });
    test("a step is a function of the state and its address, and counts itself", () =>
      stepsByAddress(bench(), contract));
    if (contract.deltaH)
      test("<exp(-deltaH)> = 1", () => {
        const values = deltaHs(target, bench(), contract.build, draws).map((x) => Math.exp(-x));
        expect(twoSided(values.map((x) => x - 1))).toBeGreaterThan(SMALLEST_P);
      });
    const { thereAndBack, scaling } = contract;
    if (thereAndBack)
      test("the trajectory can be walked back", () => {
        expect(wayBack(target, bench(), thereAndBack)).toBeLessThan(1e-10);
      });
    if (scaling)
      test(`deltaH ~ (step size)^${scaling.order}`, () => {
        const size = (stepSize: number) => {
          const values = deltaHs(target, bench(), (b) => scaling.build(b, stepSize), 100);
          return values.reduce((sum, x) => sum + Math.abs(x), 0);
        };
        const power = Math.log2(size(scaling.stepSize) / size(scaling.stepSize / 2));
        expect(Math.abs(power - scaling.order)).toBeLessThan(0.25);
      });
  });
  const broken = Object.entries(contract.broken ?? {});
  describe.runIf(broken.length > 0)(`${name}: planted errors are noticed`, () => {
    test.each(broken)("%s", (_, build) => {
      const { su2 } = targets;
      const verdict = equilibrium(su2, benchOf(su2, device), build, drawsOf(contract, "su2"));
      expect(Math.min(...verdict.map(({ pValue }) => pValue))).toBeLessThan(SMALLEST_P);
    });
  });
}

/** SU(3) configurations cost most to draw. */
const drawsOf = (contract: UpdateContract, target: TargetName): number =>
  Math.ceil((contract.draws ?? DRAWS) / (target === "su3" ? 2 : 1));

interface Verdict {
  readonly check: string;
  readonly pValue: number;
}

/**
 * Steps every exact draw once. Each function of the field must keep its mean (paired differences, which are far more
 * sharply known than the means), and the plaquette at the origin its exact law; where no law is known (SU(3)) the second
 * half of the draws is left alone and compared with.
 */
function equilibrium(target: Target, bench: Bench, build: Build, count: number): Verdict[] {
  const before = exactDraws(target, count);
  const after = stepped(bench, build(bench), before).map(({ data }) => data);
  const start = before.map(valuesOf);
  const end = after.map(valuesOf);
  const means = functions.map((check, f) => ({ check, pValue: twoSided(end.map((v, i) => v[f]! - start[i]![f]!)) }));
  const law = plaquetteLaw(target);
  const half = Math.floor(count / 2);
  const { pValue } = law
    ? ksTest(after.map(onePlaquette), law)
    : ksTestTwoSamples(after.slice(0, half).map(onePlaquette), before.slice(half).map(onePlaquette));
  return [...means, { check: "law of a plaquette", pValue }];
}

type Bench = UpdateBench & { readonly space: LinkSpace };

const newState = (bench: Bench): State => ({
  space: bench.space,
  field: bench.space.field(),
  auxiliary: new Map(),
  step: 0,
});

function stepped(bench: Bench, update: Update, draws: readonly GaugeData[]) {
  const state = newState(bench);
  const rng = addressedRng("update contract", 1);
  const list = draws.map((draw) => {
    bench.space.load(state.field, draw);
    const report = update.step(state, rng);
    return { report, data: bench.space.store(state.field) };
  });
  state.field.release();
  return list;
}

function deltaHs(target: Target, bench: Bench, build: Build, count: number): number[] {
  return stepped(bench, build(bench), exactDraws(target, count)).map(({ report }) => {
    expect(report.deltaH).toBeDefined();
    return report.deltaH!;
  });
}

/** Probability that numbers of mean zero have a mean this far from it (central limit). 1 where all are rounding. */
function twoSided(differences: readonly number[]): number {
  const n = differences.length;
  if (differences.every((d) => Math.abs(d) < 1e-11)) return 1;
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  return erfc(Math.abs(mean) / Math.sqrt((2 * variance) / n));
}

function stepsByAddress(bench: Bench, { build, steps = 1 }: UpdateContract): void {
  const rng = addressedRng("update contract", 2);
  const walk = (): [Float64Array, Float64Array] => {
    const [update, state] = [build(bench), newState(bench)];
    const links: Float64Array[] = [];
    for (let i = 0; i < 2; i++) {
      update.step(state, rng);
      expect(state.step).toBe((i + 1) * steps);
      expect(bench.space.defect(state.field)).toBeLessThan(1e-13);
      links.push(bench.space.store(state.field).links);
    }
    const saved = update.tuned?.();
    if (saved) {
      update.restore?.(saved);
      expect(update.tuned?.()).toEqual(saved);
    }
    return links as [Float64Array, Float64Array];
  };
  const [first, second] = [walk(), walk()];
  expect(second).toEqual(first);
}

function wayBack(target: Target, bench: Bench, thereAndBack: NonNullable<UpdateContract["thereAndBack"]>): number {
  const state = newState(bench);
  const rng = addressedRng("update contract", 3);
  let worst = 0;
  for (const draw of exactDraws(target, 5)) {
    bench.space.load(state.field, draw);
    thereAndBack(bench, state, rng);
    const { links } = bench.space.store(state.field);
    for (const [i, x] of links.entries()) worst = Math.max(worst, Math.abs(x - draw.links[i]!));
    state.step += 1;
  }
  return worst;
}
