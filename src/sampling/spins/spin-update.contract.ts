import { afterAll, describe, expect, test } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { erfc } from "../../numerics/error-function.ts";
import { chiSquaredQ } from "../../numerics/index.ts";
import { chiSquaredTest } from "../../statistics/chi-squared.ts";
import { ksTest, ksTestTwoSamples } from "../../statistics/ks.ts";
import type { State, Step, Update, UpdateBench } from "../update.ts";
import {
  dimerLaw,
  exactSpins,
  isingLaw,
  plainAction,
  product,
  type SpinTarget,
  type SpinTargetName,
  spinBench,
  spinTargets,
  stateNumber,
  valuesOfSpins,
} from "./spin-targets.contract.ts";

type Bench = UpdateBench & { readonly space: SpinSpace };
type Build = (bench: UpdateBench) => Update;

export interface SpinUpdateContract {
  /** The update under test; it must be for the action of the bench. */
  readonly build: Build;
  readonly targets: readonly SpinTargetName[];
  /** Exact configurations stepped once; default 2000. */
  readonly draws?: number;
  /** Whether a step keeps detailed balance: then the joint law of before and after is tested for symmetry; false: it must fail that test. */
  readonly reversible?: boolean;
  /** Whether it reports deltaH: then <exp(-deltaH)> = 1 is tested. */
  readonly deltaH?: boolean;
  /** Planted errors, each of which the tests must notice on the first target. */
  readonly broken?: Readonly<Record<string, Build>>;
}

/**
 * False alarms: seeds are fixed, so a correct update passes or fails for ever; with other seeds each of the p-values (about
 * twelve a target) would be below this with just this probability.
 */
const SMALLEST_P = 1e-5;
const DRAWS = 2000;
/** The symmetry of the joint law is tested with more, in as much time, because nothing else is computed. */
const PAIRS = 3;

/**
 * Contract of every exact update of spins: starts in equilibrium from many independent exact draws, steps once, stays. Where it
 * says that it is reversible, before and after can be exchanged.
 */
export function describeSpinUpdate(name: string, contract: SpinUpdateContract): void {
  const device = openDevice({ workers: 1 });
  afterAll(() => device.close());
  const { build, draws = DRAWS } = contract;
  describe.each(contract.targets)(`${name} on %s`, (key) => {
    const target: SpinTarget = spinTargets[key];
    test("starts in equilibrium, steps once, stays", () => {
      const verdict = spinEquilibrium(target, spinBench(target, device), build, draws);
      expect(verdict.filter(({ pValue }) => !(pValue > SMALLEST_P))).toEqual([]);
    });
    test("a step is a function of the state and its address, and counts itself", () =>
      stepsByAddress(spinBench(target, device), target, build));
    if (contract.reversible !== undefined)
      test(contract.reversible ? "before and after can be exchanged" : "before and after cannot be exchanged", () => {
        const p = exchange(target, spinBench(target, device), build, PAIRS * draws);
        if (contract.reversible) expect(p).toBeGreaterThan(SMALLEST_P);
        else expect(p).toBeLessThan(SMALLEST_P);
      });
    if (contract.deltaH)
      test("<exp(-deltaH)> = 1", () => {
        const bench = spinBench(target, device);
        const reports = stepped(bench, build(bench), exactSpins(target, draws)).map(({ report }) => report.deltaH!);
        expect(twoSided(reports.map((x) => Math.exp(-x) - 1))).toBeGreaterThan(SMALLEST_P);
      });
  });
  const broken = Object.entries(contract.broken ?? {});
  describe.runIf(broken.length > 0)(`${name}: planted errors are noticed`, () => {
    test.each(broken)("%s", (_, wrong) => {
      const target: SpinTarget = spinTargets[contract.targets[0]!];
      const verdict = spinEquilibrium(target, spinBench(target, device), wrong, draws);
      expect(Math.min(...verdict.map(({ pValue }) => pValue))).toBeLessThan(SMALLEST_P);
    });
  });
}

/**
 * Steps every exact draw once. Each function of the spins must keep its mean (paired differences, which are sharper than
 * the means), and the exact law of the states (Ising), of S_1.S_2 (dimer), of S against the draws left alone (others).
 */
export function spinEquilibrium(target: SpinTarget, bench: Bench, build: Build, count: number) {
  const before = exactSpins(target, count);
  const after = stepped(bench, build(bench), before).map(({ values }) => values);
  const start = before.map((values) => valuesOfSpins(target, values));
  const end = after.map((values) => valuesOfSpins(target, values));
  const means = start[0]!.map((_, f) => ({
    check: `mean of function ${f}`,
    pValue: twoSided(end.map((v, i) => v[f]! - start[i]![f]!)),
  }));
  return [...means, { check: "law", pValue: lawOf(target, before, after) }];
}

function lawOf(target: SpinTarget, before: readonly Float64Array[], after: readonly Float64Array[]): number {
  if (target.spins === "Ising") {
    const law = isingLaw(target);
    const counts = new Float64Array(law.length);
    for (const values of after) counts[stateNumber(values)]! += 1;
    return chiSquaredTest(counts, law).pValue;
  }
  if (target.spins === "O(3)" && target.extents.join() === "2")
    return ksTest(
      after.map((s) => product(s, 3, 0, 1)),
      dimerLaw(target.shells[0]!),
    ).pValue;
  const half = Math.floor(before.length / 2);
  const s = (values: Float64Array) => plainAction(target, values);
  return ksTestTwoSamples(after.slice(0, half).map(s), before.slice(half).map(s)).pValue;
}

const newState = (bench: Bench): State => ({
  space: bench.space,
  field: bench.space.field(),
  auxiliary: new Map(),
  step: 0,
});

function stepped(bench: Bench, update: Update, draws: readonly Float64Array[]) {
  const state = newState(bench);
  const rng = addressedRng("spin update contract", 1);
  return draws.map((draw): { report: Step; values: Float64Array } => {
    state.field.view().set(draw);
    const report = update.step(state, rng);
    return { report, values: state.field.view().slice() };
  });
}

/**
 * Is the joint law of before and after symmetric? Of Ising spins n(x, y) and n(y, x) are compared for all pairs of states;
 * of others the means of f(x) g(y) - g(x) f(y) for products f, g of neighbours. Returns the smallest p-value.
 */
export function exchange(target: SpinTarget, bench: Bench, build: Build, count: number): number {
  const before = exactSpins(target, count);
  const after = stepped(bench, build(bench), before).map(({ values }) => values);
  if (target.spins === "Ising") return exchangeOfStates(before.map(stateNumber), after.map(stateNumber));
  const start = before.map((values) => valuesOfSpins(target, values));
  const end = after.map((values) => valuesOfSpins(target, values));
  const functions = start[0]!.map((_, f) => f);
  const tests = functions.flatMap((f) => functions.filter((g) => g > f).map((g) => [f, g] as const));
  const smallest = Math.min(
    ...tests.map(([f, g]) => twoSided(start.map((x, i) => x[f]! * end[i]![g]! - x[g]! * end[i]![f]!))),
  );
  return Math.min(1, smallest * tests.length); // Bonferroni
}

function exchangeOfStates(before: readonly number[], after: readonly number[]): number {
  const counts = new Map<string, number>();
  before.forEach((x, i) => {
    const y = after[i]!;
    if (x === y) return;
    const key = x < y ? `${x} ${y}` : `${y} ${x}`;
    counts.set(`${key} all`, (counts.get(`${key} all`) ?? 0) + 1);
    counts.set(`${key} net`, (counts.get(`${key} net`) ?? 0) + (x < y ? 1 : -1));
  });
  let [chiSquared, dof] = [0, 0];
  for (const [key, all] of counts) {
    if (!key.endsWith("all") || all < 10) continue;
    chiSquared += counts.get(key.replace("all", "net"))! ** 2 / all;
    dof += 1;
  }
  expect(dof).toBeGreaterThan(5);
  return chiSquaredQ(chiSquared, dof);
}

/** Probability that numbers of mean zero have a mean this far from it (central limit). 1 where all are rounding. */
function twoSided(differences: readonly number[]): number {
  const n = differences.length;
  if (differences.every((d) => Math.abs(d) < 1e-11)) return 1;
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  return erfc(Math.abs(mean) / Math.sqrt((2 * variance) / n));
}

function stepsByAddress(bench: Bench, target: SpinTarget, build: Build): void {
  const rng = addressedRng("spin update contract", 2);
  const walk = (): Float64Array[] => {
    const [update, state] = [build(bench), newState(bench)];
    state.field.view().set(exactSpins(target, 1)[0]!);
    return [0, 1, 2].map((i) => {
      update.step(state, rng);
      expect(state.step).toBe(i + 1);
      expect(bench.space.defect(state.field)).toBeLessThan(1e-13);
      const saved = update.tuned?.();
      if (saved) {
        update.restore?.(saved);
        expect(update.tuned?.()).toEqual(saved);
      }
      return state.field.view().slice();
    });
  };
  const [first, second] = [walk(), walk()];
  expect(second).toEqual(first);
}
