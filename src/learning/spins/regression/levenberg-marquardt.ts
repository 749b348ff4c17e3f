import { LeastSquares } from "../../../numerics/least-squares.ts";
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
  /** Standard errors of the parameters, had the model been linear and the pairs independent; 0 for E_0. */
  readonly errors: Float64Array;
}

/**
 * Least squares of S_eff against S over all pairs by steps of K. Levenberg (1944) and D. W. Marquardt, J. SIAM 11 (1963)
 * 431: theta += (R + lambda)^-1 <g (S - S_eff)> with g = dS_eff/dtheta about their means, in units of their standard
 * deviations, and R their correlations. The first step is tried without damping, and is then the exact optimum of a model
 * that is linear in its parameters. Directions that the pairs do not tell apart are left as they are.
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
    const normal = new LeastSquares(parameters.length);
    const before = varianceOf(learnt, pairs, normal);
    const start = parameters.slice();
    for (; this.damping <= most; this.damping = Math.max(least, factor * this.damping)) {
      const fit = normal.fit(this.damping);
      if (!fit) return undefined;
      for (let i = 0; i < start.length; i++) parameters[i] = start[i]! + fit.coefficients[i]!;
      model.assign();
      const loss = learnt.centre(pairs);
      if (loss < before * (1 - progress)) {
        const { damping } = this;
        this.damping = damping <= least ? 0 : damping / factor;
        return { loss, damping, errors: fit.errors };
      }
    }
    this.damping = 0;
    parameters.set(start);
    model.assign();
    return undefined;
  }
}

/** The variance of S_eff - S, with the normal equations of the step. */
function varianceOf(learnt: Learnt, pairs: Pairs, normal: LeastSquares): number {
  const { parameters } = learnt.model;
  // E_0 is the constant of the regression, which stays out of it
  const last = parameters.length - 1;
  learnt.eachGradient(pairs, (rest, gradient) => {
    gradient[last] = 0;
    normal.add(gradient, rest);
  });
  return learnt.judge(pairs).variance;
}
