import type { Configuration } from "../../../lattice/space.ts";
import { type Fit, LeastSquares } from "../../../numerics/least-squares.ts";
import type { ActionLearner } from "../../learner.ts";
import type { LinearAction } from "./linear-action.ts";

export interface Fitting {
  /** Pulls towards the first couplings, see LeastSquares. */
  readonly ridge: number;
  /** A configuration seen in the n-th round of learning weighs n^forget. */
  readonly forget: number;
  /** Whether after so many rounds nothing more is learnt. */
  readonly over: (rounds: number) => boolean;
}

/**
 * The couplings of a linear effective action, fitted while the chain goes: S = -sum_n (J_n/T) C_n + E_0/T is regressed on the pair
 * sums C_n (J. Liu, Y. Qi, Z. Y. Meng, L. Fu, Phys. Rev. B 95 (2017) 041101). What the first couplings leave of S is fitted, so that
 * the ridge pulls towards them and no digits are lost.
 */
export class PairFit implements ActionLearner {
  private readonly action: LinearAction;
  private readonly how: Fitting;
  private readonly regression: LeastSquares;
  /** J_n/T before the fit. */
  private readonly start: Float64Array;
  /** Rounds of learning done. */
  private rounds = 0;

  /** The action has its first couplings. */
  constructor(action: LinearAction, how: Fitting) {
    const shells = action.parameters.length - 1;
    this.action = action;
    this.how = how;
    this.regression = new LeastSquares(shells);
    this.start = action.parameters.slice(0, shells).map((j) => j / action.temperature);
  }

  /** The couplings are the final ones, which the last of the thermalisation runs with. */
  get finished(): boolean {
    return this.how.over(this.rounds);
  }

  /** A configuration where the target is infinite (it is forbidden) says nothing of the couplings. */
  see(c: Configuration, value: number): void {
    if (this.finished || !Number.isFinite(value)) return;
    const sums = this.action.pairSums(c);
    this.regression.add(sums, value - this.known(sums), (this.rounds + 1) ** this.how.forget);
  }

  /** Learns from what was seen since, and sets the couplings; loss is the mean square of what they leave of S. */
  learn(): Readonly<Record<string, number>> | undefined {
    this.rounds += 1;
    const fit = this.regression.fit(this.how.ridge);
    if (!fit) return undefined;
    this.assign(fit);
    return { loss: fit.residual ** 2, ...this.named("J", this.action.parameters) };
  }

  /**
   * Ends the learning: the couplings in use, and their errors where there was enough to fit. A coupling that the data do not
   * determine has none: it stays what it was at first.
   */
  freeze(): Readonly<Record<string, number>> {
    const { parameters, temperature } = this.action;
    const couplings = { ...this.named("J", parameters), E0: parameters.at(-1)! };
    const fit = this.regression.fit(this.how.ridge);
    if (!fit) return couplings;
    const errors = Object.entries(
      this.named(
        "error J",
        fit.errors.map((error) => error * temperature),
      ),
    ).filter((_, n) => !fit.dropped.includes(n));
    return {
      ...couplings,
      ...Object.fromEntries(errors),
      residual: fit.residual,
      "r-squared": fit.rSquared,
      configurations: this.regression.observations,
    };
  }

  save(): Readonly<Record<string, number>> {
    const sums = Object.entries(this.regression.save()).map(([key, x]) => [`fit.${key}`, x] as const);
    const parameters = [...this.action.parameters].map((x, i) => [`parameter.${i}`, x] as const);
    const start = [...this.start].map((x, i) => [`start.${i}`, x] as const);
    return { rounds: this.rounds, ...Object.fromEntries([...parameters, ...start, ...sums]) };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    const sums = Object.entries(saved).filter(([key]) => key.startsWith("fit."));
    this.regression.restore(Object.fromEntries(sums.map(([key, x]) => [key.slice("fit.".length), x])));
    this.rounds = saved.rounds ?? 0;
    this.start.forEach((x, i) => {
      this.start[i] = saved[`start.${i}`] ?? x;
    });
    const { parameters } = this.action;
    parameters.forEach((x, i) => {
      parameters[i] = saved[`parameter.${i}`] ?? x;
    });
    this.action.assign();
  }

  arrays(): readonly [] {
    return [];
  }

  recall(): void {}

  /** What the first couplings make of S. */
  private known(sums: Float64Array): number {
    return -this.start.reduce((sum, k, n) => sum + k * sums[n]!, 0);
  }

  private assign({ coefficients, intercept }: Fit): void {
    const { parameters, temperature } = this.action;
    this.start.forEach((k, n) => {
      parameters[n] = temperature * (k - coefficients[n]!);
    });
    parameters[this.start.length] = temperature * intercept;
    this.action.assign();
  }

  private named(what: string, values: Float64Array): Record<string, number> {
    return Object.fromEntries(Array.from(this.start, (_, n) => [`${what}${n + 1}`, values[n]!]));
  }
}
