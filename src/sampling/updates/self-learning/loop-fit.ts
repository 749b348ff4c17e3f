import { type Fit, LeastSquares } from "../../../numerics/least-squares.ts";
import type { LoopCombination } from "../../../physics/actions/loop-gauge/loop-combination.ts";
import type { Seen } from "./self-learning.ts";

export interface Fitting {
  /** Trajectories before the fit is used. */
  readonly first: number;
  /** Pulls towards the first couplings, see LeastSquares. */
  readonly ridge: number;
  /** A configuration of trajectory t weighs t^forget. */
  readonly forget: number;
}

/**
 * The couplings of an effective action, fitted while the chain goes: the target action S is regressed on the loops,
 * S = sum_i beta_i K_i + constant (Y. Nagai, A. Tanaka, A. Tomiya, Phys. Rev. D 107 (2023) 054501). Every proposal counts, those
 * that were rejected included: they are far from one another, so the errors of independent observations hold.
 */
export class LoopFit {
  private readonly effective: LoopCombination;
  private readonly regression: LeastSquares;
  private readonly start: Float64Array;
  private readonly how: Fitting;
  private trajectories = 0;
  /** Seen in the step that goes on, and not learnt from yet. */
  private fresh: Seen[] = [];

  /** The effective action has its first couplings. */
  constructor(effective: LoopCombination, how: Fitting) {
    this.effective = effective;
    this.regression = new LeastSquares(effective.families.length);
    this.start = effective.couplings.slice();
    this.how = how;
  }

  /**
   * Keeps a configuration for the next `learn`; without one (in production) only the last few are kept. One where the
   * target is infinite (it is forbidden, and was rejected) says nothing of the couplings and is not kept.
   */
  see(seen: Seen): void {
    if (!Number.isFinite(seen.value) || !seen.features.every(Number.isFinite)) return;
    if (this.fresh.length >= MOST_FRESH) this.fresh.shift();
    this.fresh.push(seen);
  }

  /** Learns from what was seen since, and sets the couplings; loss is half the mean square of what they leave of S. */
  learn(): Readonly<Record<string, number>> | undefined {
    this.trajectories += 1;
    const weight = this.trajectories ** this.how.forget;
    for (const { features, value } of this.fresh) {
      const known = this.start.reduce((sum, beta, i) => sum + beta * features[i]!, 0);
      this.regression.add(features, value - known, weight);
    }
    this.fresh = [];
    const fit = this.fit();
    if (!fit) return undefined;
    const loss = fit.residual ** 2 / 2;
    if (this.trajectories < this.how.first) return { loss };
    this.effective.couplings.set(fit.coefficients);
    return { loss, ...this.named("beta", fit.coefficients) };
  }

  /**
   * Ends the learning: the couplings in use, and their errors where there was enough to fit. A coupling that the data do not
   * determine has none: it stays what it was at first.
   */
  freeze(): Readonly<Record<string, number>> {
    const { couplings } = this.effective;
    const fit = this.trajectories < this.how.first ? undefined : this.fit();
    if (!fit) return this.named("beta", couplings);
    const errors = Object.entries(this.named("error", fit.errors)).filter((_, i) => !fit.dropped.includes(i));
    return {
      ...this.named("beta", couplings),
      ...Object.fromEntries(errors),
      residual: fit.residual,
      "r-squared": fit.rSquared,
      configurations: this.regression.observations,
    };
  }

  /** What the first couplings leave of S is fitted, so that the ridge pulls towards them and no digits are lost. */
  private fit(): Fit | undefined {
    const fit = this.regression.fit(this.how.ridge);
    return fit && { ...fit, coefficients: fit.coefficients.map((beta, i) => this.start[i]! + beta) };
  }

  save(): Readonly<Record<string, number>> {
    const { trajectories, effective } = this;
    const sums = Object.entries(this.regression.save()).map(([key, x]) => [`fit.${key}`, x] as const);
    return { trajectories, ...this.named("beta", effective.couplings), ...Object.fromEntries(sums) };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    const sums = Object.entries(saved).filter(([key]) => key.startsWith("fit."));
    this.regression.restore(Object.fromEntries(sums.map(([key, x]) => [key.slice("fit.".length), x])));
    this.trajectories = saved.trajectories ?? 0;
    const { couplings, families } = this.effective;
    families.forEach((family, i) => {
      couplings[i] = saved[`beta ${family}`] ?? couplings[i]!;
    });
    this.fresh = [];
  }

  private named(what: string, values: Float64Array): Record<string, number> {
    return Object.fromEntries(this.effective.families.map((family, i) => [`${what} ${family}`, values[i]!]));
  }
}

/** A mixture may step this often before it learns. */
const MOST_FRESH = 64;
