import { factored, solved } from "../../../numerics/least-squares.ts";
import type { Learnt } from "./differences.ts";
import type { Pairs } from "./pairs.ts";

/** Smallest damping that is not none, and the factor between one and the next. */
const least = 1e-8;
const factor = 10;
/** Beyond this damping a step leads nowhere. */
const most = 1e8;
/** Part of the variance by which a step must lower it to count. */
const progress = 1e-9;

/** What a step did. */
export interface LeastSquaresStep {
  /** Variance of S_eff - S over the pairs after the step. */
  readonly loss: number;
  readonly damping: number;
}

/**
 * Least squares of S_eff against S over all pairs by steps of K. Levenberg (1944) and D. W. Marquardt, J. SIAM 11 (1963)
 * 431: theta += (R + lambda)^-1 <g (S - S_eff)> with g = dS_eff/dtheta about their means, in units of their standard
 * deviations, and R their correlations. The first step is tried without damping, and is then the exact optimum of a model
 * that is linear in its parameters. Directions that the pairs do not tell apart are left as they are.
 *
 * A model of a few hundred parameters gets in tens of steps where gradients of random batches do not get in tens of
 * thousands (M. T. Hagan, M. B. Menhaj, IEEE Trans. Neural Networks 5 (1994) 989).
 */
export class LevenbergMarquardt {
  /** lambda; 0 is none. */
  damping = 0;

  /**
   * A step, with E_0 set to the mean. Undefined where no damping helps: the parameters are at an optimum, and left as
   * they were, or there are no more pairs than parameters.
   */
  step(learnt: Learnt, pairs: Pairs): LeastSquaresStep | undefined {
    const { model } = learnt;
    const { parameters } = model;
    if (pairs.count <= parameters.length) return undefined;
    const normal = new NormalEquations(learnt, pairs);
    const start = parameters.slice();
    for (; this.damping <= most; this.damping = Math.max(least, factor * this.damping)) {
      const change = normal.solve(this.damping);
      for (let i = 0; i < start.length; i++) parameters[i] = start[i]! + change[i]!;
      model.assign();
      const loss = learnt.centre(pairs);
      if (loss < normal.variance * (1 - progress)) {
        const { damping } = this;
        this.damping = damping <= least ? 0 : damping / factor;
        return { loss, damping };
      }
    }
    this.damping = 0;
    parameters.set(start);
    model.assign();
    return undefined;
  }
}

/** Standard errors of the parameters, as if the model were linear and the pairs independent; 0 for E_0 and what is not told. */
export const errorsOf = (learnt: Learnt, pairs: Pairs): Float64Array => new NormalEquations(learnt, pairs).errors();

/** The normal equations of a model about its present parameters, in units of the standard deviations of its gradients. */
class NormalEquations {
  /** Of S - S_eff. */
  readonly variance: number;
  private readonly size: number;
  private readonly count: number;
  private readonly scale: Float64Array;
  /** Correlations, lower triangle, row-major. */
  private readonly correlations: Float64Array;
  private readonly projections: Float64Array;

  constructor(learnt: Learnt, pairs: Pairs) {
    const size = learnt.model.parameters.length;
    const rest = new Float64Array(pairs.count);
    const gradients = new Float64Array(pairs.count * size);
    learnt.linearise(pairs, rest, gradients);
    this.size = size;
    this.count = pairs.count;
    centre(rest, 1);
    // E_0 has the same gradient everywhere: about its mean that is none, and so it stays out
    const spread = centre(gradients, size);
    this.scale = spread.map((variance, i) => (i === size - 1 ? 0 : Math.sqrt(variance)));
    for (let i = 0; i < size; i++) divide(gradients, i, size, this.scale[i]!);
    this.variance = mean(rest, rest);
    this.correlations = new Float64Array(size * size);
    this.projections = new Float64Array(size);
    accumulate(gradients, rest, size, this.correlations, this.projections);
  }

  /** Change of the parameters by one step. */
  solve(damping: number): Float64Array {
    const { lower, kept } = this.factor(damping);
    const { projections, scale } = this;
    const found = solved(
      lower,
      kept.map((i) => projections[i]!),
    );
    const change = new Float64Array(this.size);
    kept.forEach((i, k) => {
      change[i] = found[k]! / scale[i]!;
    });
    return change;
  }

  errors(): Float64Array {
    const { lower, kept } = this.factor(0);
    const { count, scale } = this;
    const left = this.variance / Math.max(1, count - kept.length - 1);
    const errors = new Float64Array(this.size);
    kept.forEach((i, k) => {
      const row = solved(
        lower,
        kept.map((_, l) => (l === k ? 1 : 0)),
      );
      errors[i] = Math.sqrt(left * row[k]!) / scale[i]!;
    });
    return errors;
  }

  private factor(damping: number) {
    const { size, correlations } = this;
    return factored(this.scale, (i, j) => correlations[i * size + j]! + (i === j ? damping : 0));
  }
}

/** Takes the mean out of every one of `size` columns; returns their variances. */
function centre(rows: Float64Array, size: number): Float64Array {
  const count = rows.length / size;
  const means = new Float64Array(size);
  const variances = new Float64Array(size);
  for (let at = 0; at < rows.length; at += size) for (let i = 0; i < size; i++) means[i]! += rows[at + i]! / count;
  for (let at = 0; at < rows.length; at += size)
    for (let i = 0; i < size; i++) {
      rows[at + i]! -= means[i]!;
      variances[i]! += rows[at + i]! ** 2 / count;
    }
  return variances;
}

function divide(rows: Float64Array, column: number, size: number, by: number): void {
  const factor = by > 0 ? 1 / by : 0;
  for (let at = column; at < rows.length; at += size) rows[at]! *= factor;
}

function mean(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum / a.length;
}

/** Means of products of two columns, lower triangle, and of a column with `rest`. */
function accumulate(
  rows: Float64Array,
  rest: Float64Array,
  size: number,
  products: Float64Array,
  projections: Float64Array,
): void {
  for (let b = 0, at = 0; b < rest.length; b++, at += size) {
    const r = rest[b]!;
    for (let i = 0; i < size; i++) {
      const x = rows[at + i]!;
      if (x === 0) continue;
      projections[i]! += x * r;
      const row = i * size;
      for (let j = 0; j <= i; j++) products[row + j]! += x * rows[at + j]!;
    }
  }
  for (const sums of [products, projections]) for (let k = 0; k < sums.length; k++) sums[k]! /= rest.length;
}
