import type { Step } from "../../update.ts";

/**
 * Dual averaging of the logarithm of the step size towards a wanted acceptance (M. D. Hoffman, A. Gelman, J. Mach.
 * Learn. Res. 15 (2014) 1593, section 3.2, with their gamma, t0, kappa). For thermalisation only: a step size that
 * follows the chain breaks detailed balance.
 */
export class StepSizeTuner {
  private readonly target: number;
  private readonly start: number;
  private count = 0;
  private error = 0;
  private logStep: number;
  private logAverage = 0;

  /** @param target wanted mean of min(1, exp(-deltaH)); @param step first step size. */
  constructor(target: number, step: number) {
    this.target = target;
    // shrink towards ten times the first guess would overshoot on gauge fields; keep to the guess itself
    this.start = Math.log(step);
    this.logStep = this.start;
  }

  /** The step size to use next. */
  get step(): number {
    return Math.exp(this.logStep);
  }

  /** Takes in one trajectory. */
  learn(report: Step): void {
    const acceptance = Math.min(1, Math.exp(-(report.deltaH ?? 0)));
    this.count += 1;
    const m = this.count;
    this.error += (this.target - acceptance - this.error) / (m + T0);
    this.logStep = this.start - (Math.sqrt(m) / GAMMA) * this.error;
    const weight = m ** -KAPPA;
    this.logAverage = weight * this.logStep + (1 - weight) * this.logAverage;
  }

  /** The averaged step size, to be frozen. Without a trajectory learnt from, the first one. */
  frozen(): number {
    return this.count === 0 ? Math.exp(this.start) : Math.exp(this.logAverage);
  }

  save(): Record<string, number> {
    const { count, error, logStep, logAverage } = this;
    return { count, error, logStep, logAverage };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    this.count = saved.count ?? 0;
    this.error = saved.error ?? 0;
    this.logStep = saved.logStep ?? this.start;
    this.logAverage = saved.logAverage ?? 0;
  }
}

const GAMMA = 0.05;
const T0 = 10;
const KAPPA = 0.75;
