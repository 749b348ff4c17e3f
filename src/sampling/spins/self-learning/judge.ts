import type { Rng } from "../../../lattice/rng.ts";
import type { Space } from "../../../lattice/space.ts";
import { erfc } from "../../../numerics/error-function.ts";
import type { State } from "../../update.ts";
import { type SelfLearning, selfLearning } from "./self-learning.ts";

export interface Judging {
  /** Steps that count. */
  readonly steps: number;
  /** Steps before them, in which the chain forgets where it began. */
  readonly discard: number;
  /** Called after every step that counts, for what is measured on the way. */
  readonly each?: (state: State, step: number) => void;
}

/** How good frozen effective actions are as a guide. An acceptance says nothing without the length of the inner chain. */
export interface Judgement {
  readonly steps: number;
  /** Mean of min(1, exp(-deltaH)) of the last decision, 0 where the levels before it rejected all, and its standard error. */
  readonly acceptance: number;
  readonly error: number;
  /** Fractions that the levels before the target accepted, second level first; empty for one level. */
  readonly levels: readonly number[];
  /** Fraction of the local proposals that the inner chain accepted. */
  readonly inner: number;
  /** Mean squared error of S_eff with the best constant: on the chain of the target, and on what was proposed. */
  readonly mse: { readonly target: number; readonly proposals: number };
  /** What the first of them lets expect for Gaussian errors and independent proposals, see `acceptanceFrom`. */
  readonly expected: number;
  /** deltaH of every step, in order. */
  readonly deltaH: Float64Array;
}

/** Acceptance where S - S_eff is Gaussian of variance `mse` and proposals do not remember where they began: erfc(sqrt(mse)/2). */
export const acceptanceFrom = (mse: number): number => erfc(Math.sqrt(mse) / 2);

/** Runs the chain of frozen effective actions from `state`, which moves on, and judges it. Nothing is learnt on the way. */
export function judge(space: Space, how: SelfLearning, state: State, rng: Rng, judging: Judging): Judgement {
  const { steps, discard, each } = judging;
  const counts = how.levels.slice(1).map(() => ({ asked: 0, accepted: 0 }));
  let proposed: number | undefined;
  const update = selfLearning(space, {
    ...how,
    saw: (_, target, guide) => {
      proposed = guide - target;
    },
    decided: (level, { accepted }) => {
      const count = counts[level - 2];
      if (!count) return;
      count.asked += 1;
      if (accepted) count.accepted += 1;
    },
  });
  const guide = how.levels.at(-1)!;
  let present = guide.value(state) - how.target.value(state);
  const [chain, proposals]: [number[], number[]] = [[], []];
  const deltaH = new Float64Array(steps);
  const chances = new Float64Array(steps);
  let inner = 0;
  for (let i = -discard; i < steps; i++) {
    proposed = undefined;
    if (i === 0) for (const count of counts) Object.assign(count, { asked: 0, accepted: 0 });
    const report = update.step(state, rng);
    if (report.accepted) present = proposed ?? present;
    if (i < 0) continue;
    chain.push(present);
    if (proposed !== undefined) proposals.push(proposed);
    deltaH[i] = report.deltaH!;
    chances[i] = proposed === undefined && !report.accepted ? 0 : Math.min(1, Math.exp(-report.deltaH!));
    inner += report.acceptance ?? 1;
    each?.(state, i);
  }
  const { mean, error } = meanOf(chances);
  const target = variance(chain);
  return {
    steps,
    acceptance: mean,
    error,
    levels: counts.map(({ asked, accepted }) => accepted / asked),
    inner: inner / steps,
    mse: { target, proposals: variance(proposals) },
    expected: acceptanceFrom(target),
    deltaH,
  };
}

/** Of blocks of the chain, so that a few steps of memory do not matter. */
function meanOf(values: Float64Array): { mean: number; error: number } {
  const blocks = Math.min(50, values.length);
  const size = Math.floor(values.length / blocks);
  const means = Array.from({ length: blocks }, (_, b) => average(values.subarray(b * size, (b + 1) * size)));
  return { mean: average(values), error: Math.sqrt(variance(means) / (blocks - 1)) };
}

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

function variance(values: readonly number[]): number {
  const mean = average(values);
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
}
