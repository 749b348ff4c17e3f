import { type FlatRecord, numberIn, putArray, settle, takeArray } from "./flat-record.ts";
import { clip, normOf } from "./gradient.ts";
import { RunningMean, TailMean } from "./means.ts";
import { freshState, type Optimiser, type OptimiserState, restoreState, saveState } from "./optimisers/optimiser.ts";
import type { Schedule } from "./schedules.ts";

export interface TrainerOptions {
  /** Planned steps. */
  readonly steps: number;
  readonly optimiser: Optimiser;
  /** Rate of the optimiser before the schedule. */
  readonly rate: number;
  /** Factor on the rate; 1 where left out. */
  readonly schedule?: Schedule;
  /** Longest gradient, by its norm; longer ones are shortened. 0 (default): any length. */
  readonly clip?: number;
  /** The final weights are the mean over this fraction of the planned steps, the last ones; 0: the last weights. Default 0.5. */
  readonly average?: number;
  /** Steps without a new smallest running mean of the loss after which training stops. 0 (default): never. */
  readonly patience?: number;
  /** Steps in that running mean. Default 100. */
  readonly window?: number;
}

/** What a step did. */
export interface TrainingStep extends Readonly<Record<string, number>> {
  /** As given: that of the weights before the step. */
  readonly loss: number;
  /** Euclidean norm of the gradient, before clipping. */
  readonly gradient: number;
  /** Rate of the step; 0 where none was taken. */
  readonly rate: number;
  /** 1 where the gradient was shortened, else 0. */
  readonly clipped: number;
}

/** Why training ended, in the order of their numbers in saved states; 0 is "not yet". */
const endings = ["", "planned", "patience", "asked", "loss", "gradient", "weights"] as const;
type Ending = (typeof endings)[number];

/**
 * Trains weights by their gradients, a step at a time: optimiser, schedule, clipping, the mean over the last part, early
 * stopping, and what to do when a number stops being finite. Losses are expected to be noisy, so weights are judged by
 * running means only.
 *
 * While `finished` is false, `parameters` holds the weights of the moment; from then on it holds the final ones:
 * - all steps done: the mean over the last part (`average`);
 * - `patience` ran out, or loss, gradient or weights were no longer finite: the mean weights at the smallest running mean of
 *   the loss, or with fewer steps than `window` the last weights whose loss and gradient were finite;
 * - `finish()` called early: the mean over what there is of the last part, or else the last weights.
 */
export class Trainer {
  /** The array given, changed in place. */
  readonly parameters: Float64Array;
  readonly options: Readonly<Required<TrainerOptions>>;
  private readonly state: OptimiserState;
  private readonly recent: RunningMean;
  private readonly tail: TailMean;
  private readonly shortened: Float64Array;
  private done = 0;
  private ending: Ending = "";

  /** Throws a RangeError for options out of range and for parameters that are not finite. */
  constructor(parameters: Float64Array, options: TrainerOptions) {
    this.options = { schedule: () => 1, clip: 0, average: 0.5, patience: 0, window: 100, ...options };
    checkOptions(this.options);
    if (!settle(parameters)) throw new RangeError("the weights to be trained are not all finite");
    this.parameters = parameters;
    this.state = freshState(options.optimiser, parameters.length);
    this.recent = new RunningMean(this.options.window, parameters);
    this.tail = new TailMean(this.options.average, options.steps, parameters.length);
    this.shortened = new Float64Array(parameters.length);
  }

  /** Steps done. */
  get steps(): number {
    return this.done;
  }

  /** All planned steps are done. */
  get complete(): boolean {
    return this.done >= this.options.steps;
  }

  /** Running mean of the loss; 0 before the first step. */
  get loss(): number {
    return this.recent.loss;
  }

  /** Nothing more is to be learnt; `reason` says why. */
  get finished(): boolean {
    return this.ending !== "";
  }

  /**
   * One step with the loss of the present weights and its gradient, which is not kept. Throws an Error when training has
   * finished, a RangeError for a gradient of another length.
   */
  step(loss: number, gradient: Float64Array): TrainingStep {
    const { parameters, options, state } = this;
    if (this.finished) throw new Error(`no training step after the end of the training (${this.reason})`);
    if (gradient.length !== parameters.length)
      throw new RangeError(`a gradient of ${gradient.length} numbers for ${parameters.length} weights`);
    const report = { loss, gradient: normOf(gradient), rate: 0, clipped: 0 };
    const lost = !Number.isFinite(loss) ? "loss" : !Number.isFinite(report.gradient) ? "gradient" : undefined;
    if (lost) {
      this.end(lost);
      return report;
    }
    this.recent.add(loss, parameters);
    report.rate = options.rate * options.schedule(this.done);
    report.clipped = Number(clip(gradient, report.gradient, options.clip, this.shortened));
    options.optimiser.step(parameters, this.shortened, report.rate, state);
    this.done += 1;
    if (![parameters, ...state.arrays].map(settle).every(Boolean)) this.end("weights");
    else this.judge();
    return report;
  }

  private judge(): void {
    const { steps, patience } = this.options;
    const { best, bestAt, count } = this.recent;
    this.tail.add(this.parameters, this.done);
    if (this.done >= steps) this.end("planned");
    else if (patience > 0 && best !== undefined && count - bestAt >= patience) this.end("patience");
  }

  /** Ends the training, if it has not ended, and leaves the final weights in `parameters`. */
  finish(): void {
    if (!this.finished) this.end("asked");
  }

  private end(ending: Ending): void {
    this.ending = ending;
    if (ending !== "planned" && ending !== "asked") this.parameters.set(this.recent.kept);
    else if (this.tail.count > 0) this.parameters.set(this.tail.weights);
  }

  /** Why the training has finished, and what may help; undefined while it goes on. */
  get reason(): string | undefined {
    const { steps, patience } = this.options;
    const { best, bestAt } = this.recent;
    switch (this.ending) {
      case "":
        return undefined;
      case "planned":
        return `all ${steps} steps are done`;
      case "asked":
        return `ended after ${this.done} of ${steps} steps`;
      case "patience":
        return (
          `stopped early: the running mean of the loss has not fallen below ${best!.toPrecision(4)} for ${patience} steps; ` +
          `the mean weights around step ${bestAt}, where it was reached, are kept`
        );
      default:
        return this.reasonOfBreak(this.ending);
    }
  }

  private reasonOfBreak(what: Ending): string {
    const { rate, clip: limit } = this.options;
    const { best, bestAt } = this.recent;
    const kept =
      best === undefined
        ? "the last good weights are kept"
        : `the mean weights around step ${bestAt} are kept, where the loss was smallest`;
    const help = limit === 0 ? "limit the gradient (clip)" : `a smaller limit on the gradient than clip = ${limit}`;
    return (
      `the ${what} became infinite or not a number in step ${what === "weights" ? this.done : this.done + 1}: ${kept}; ` +
      `take a smaller rate than ${rate}, or ${help}`
    );
  }

  /** All it knows as numbers under names: a trainer with the same options goes on from them bit for bit. */
  save(): Record<string, number> {
    const record = {
      steps: this.done,
      ending: endings.indexOf(this.ending),
      ...this.recent.saveResult(),
      ...saveState(this.options.optimiser, this.state),
      ...(this.finished ? {} : { ...this.recent.saveWeights(), ...this.tail.save() }),
    };
    putArray(record, "weights", this.parameters);
    return record;
  }

  /** The inverse of `save`. Throws an Error where the numbers belong to another optimiser or another network. */
  restore(saved: FlatRecord): void {
    const ending = endings[numberIn(saved, "ending")];
    if (ending === undefined) throw new Error(`the saved training state has an unknown ending, ${saved.ending}`);
    this.recent.restoreResult(saved);
    restoreState(this.options.optimiser, this.state, saved);
    takeArray(saved, "weights", this.parameters);
    if (ending === "") {
      this.recent.restoreWeights(saved);
      this.tail.restore(saved);
    }
    this.done = numberIn(saved, "steps");
    this.ending = ending;
  }

  /**
   * Takes over what the optimiser of an earlier training remembers, by the numbers that training saved; the schedule and
   * everything else begin anew. Throws an Error like `restore`.
   */
  inherit(saved: FlatRecord): void {
    restoreState(this.options.optimiser, this.state, saved);
  }
}

function checkOptions({ steps, rate, clip: limit, average, patience, window }: Required<TrainerOptions>): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [Number.isSafeInteger(steps) && steps >= 1, `steps = ${steps}: a whole number, at least 1`],
    [rate > 0 && Number.isFinite(rate), `rate = ${rate}: more than 0`],
    [limit >= 0, `clip = ${limit}: at least 0`],
    [average >= 0 && average <= 1, `average = ${average}: between 0 and 1`],
    [Number.isSafeInteger(patience) && patience >= 0, `patience = ${patience}: a whole number, at least 0`],
    [Number.isSafeInteger(window) && window >= 1, `window = ${window}: a whole number, at least 1`],
  ];
  const broken = rules.find(([good]) => !good);
  if (broken) throw new RangeError(broken[1]);
}
