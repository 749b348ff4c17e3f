import type { Device } from "../../../kernels/device.ts";
import type { Rng } from "../../../lattice/rng.ts";
import type { Configuration } from "../../../lattice/space.ts";
import { parameterNames } from "../../guide/guide.ts";
import { fromArrays, toArrays } from "../../training/flat-record.ts";
import type { SpinModel } from "../model.ts";
import { descend } from "./descend.ts";
import { Learnt } from "./differences.ts";
import { errorsOf, LevenbergMarquardt } from "./levenberg-marquardt.ts";
import { type Descent, descentOf, type Rounds, roundsOf, type SpinTrainingOptions } from "./options.ts";
import { PairBuffer } from "./pairs.ts";

/** Numbers under a name, in a checkpoint. */
interface Kept {
  readonly name: string;
  readonly data: Float64Array;
}

/** Most parameters that are told one by one. */
const TELL = 16;
/** Configurations evaluated at once where all are judged. */
const MANY = 64;

/**
 * Learns the exact action from configurations on which it was evaluated, in rounds: it keeps the newest of them, and after
 * every so many updates takes some steps of the optimiser. The first round sets the constant E_0 to the data before.
 */
export class SpinLearner {
  private readonly model: SpinModel;
  private readonly learnt: Learnt;
  private readonly pairs: PairBuffer;
  private readonly rounds: Rounds;
  private readonly descent: Descent | undefined;
  private readonly squares = new LevenbergMarquardt();
  private errors: Float64Array | undefined;
  /** Updates that were asked to learn, and rounds done. */
  private asked = 0;
  private done = 0;
  private ended = false;
  private lastLoss = 0;
  /** Halves of a checkpoint, until both are there. */
  private scalars: Readonly<Record<string, number>> | undefined;
  private large: readonly Kept[] | undefined;

  /** @param length numbers of a spin field. */
  constructor(model: SpinModel, device: Device, length: number, options: SpinTrainingOptions) {
    this.model = model;
    this.rounds = roundsOf(options);
    this.descent = descentOf(model.parameters, options);
    this.pairs = new PairBuffer(options.buffer, length);
    this.learnt = new Learnt(model, device, Math.max(MANY, this.descent?.batch ?? 0));
  }

  /** Takes in a configuration and the exact S there. */
  see(c: Configuration, value: number): void {
    this.pairs.add(c.field.view(), value);
  }

  /** After every so many calls a round; tells its loss, the weights where they are few, and nothing in between. */
  learn(rng: Rng, _step: number): Readonly<Record<string, number>> | undefined {
    if (this.finished) return undefined;
    this.asked += 1;
    if (this.asked % this.rounds.every !== 0 || this.pairs.count < 2) return undefined;
    if (this.done === 0) this.learnt.centre(this.pairs);
    const told = this.descent ? this.roundOf(this.descent, rng) : this.roundOfSquares();
    this.done += 1;
    this.lastLoss = told.loss!;
    return { ...told, pairs: this.pairs.count, ...this.told() };
  }

  private roundOf({ trainer, batch, objective }: Descent, rng: Rng): Record<string, number> {
    const { learnt, pairs } = this;
    const report = descend(learnt, trainer, { pairs, batch, objective, steps: this.rounds.steps, rng });
    if (objective === "variance") learnt.centre(pairs);
    return report;
  }

  private roundOfSquares(): Record<string, number> {
    const { learnt, pairs, squares } = this;
    let loss: number | undefined;
    for (let i = 0; i < this.rounds.steps; i++) {
      const step = squares.step(learnt, pairs);
      if (!step) break;
      loss = step.loss;
    }
    if (this.model.parameters.length <= TELL) this.errors = errorsOf(learnt, pairs);
    return { loss: loss ?? learnt.centre(pairs) };
  }

  get finished(): boolean {
    return this.ended || this.done >= this.rounds.rounds || (this.descent?.trainer.finished ?? false);
  }

  /** All rounds are done. */
  get complete(): boolean {
    return this.done >= this.rounds.rounds;
  }

  /** Why there is nothing more to be learnt. */
  get reason(): string | undefined {
    if (this.descent?.trainer.finished && !this.complete) return this.descent.trainer.reason;
    if (this.complete) return `all ${this.rounds.rounds} rounds are done`;
    return this.ended ? `ended after ${this.done} of ${this.rounds.rounds} rounds` : undefined;
  }

  /** Steps of the optimiser done, or rounds of least squares. */
  get steps(): number {
    return this.descent?.trainer.steps ?? this.done;
  }

  /** Of the last round. */
  get loss(): number {
    return this.lastLoss;
  }

  /** State of the optimiser with the weights, for files; empty for least squares. */
  optimiser(): Readonly<Record<string, number>> {
    return this.descent?.trainer.save() ?? {};
  }

  freeze(): Readonly<Record<string, number>> {
    if (!this.ended) {
      this.descent?.trainer.finish();
      this.model.assign();
      if (this.pairs.count > 0) this.learnt.centre(this.pairs);
      this.ended = true;
    }
    return this.told();
  }

  save(): Readonly<Record<string, number>> {
    const { asked, done, ended, squares, lastLoss } = this;
    const scalars = this.trained().filter(({ shape }) => shape.length === 0);
    return { asked, done, ended: Number(ended), loss: lastLoss, damping: squares.damping, ...fromArrays(scalars) };
  }

  arrays(): readonly Kept[] {
    const { spins, values } = this.pairs.save();
    return [
      { name: "spins", data: spins },
      { name: "actions", data: values },
      { name: "parameters", data: this.model.parameters.slice() },
      ...(this.errors ? [{ name: "errors", data: this.errors }] : []),
      ...this.trained()
        .filter(({ shape }) => shape.length > 0)
        .map(({ name, data }) => ({ name, data })),
    ];
  }

  /** State of the trainer as arrays under names, numbers of rank 0. */
  private trained() {
    return this.descent ? toArrays(under("trainer", this.descent.trainer.save())) : [];
  }

  /** The numbers take effect when `recall` has brought the arrays, or had before. */
  restore(saved: Readonly<Record<string, number>>): void {
    this.scalars = saved;
    this.resume();
  }

  recall(arrays: readonly Kept[]): void {
    this.large = arrays;
    this.resume();
  }

  private resume(): void {
    const { scalars, large } = this;
    if (!scalars || !large) return;
    const array = (name: string): Float64Array => {
      const found = large.find((one) => one.name === name);
      if (!found) throw new Error(`the checkpoint has no "${name}" of the training: it belongs to another one`);
      return found.data;
    };
    this.asked = scalars.asked ?? 0;
    this.done = scalars.done ?? 0;
    this.ended = scalars.ended === 1;
    this.lastLoss = scalars.loss ?? 0;
    this.squares.damping = scalars.damping ?? 0;
    this.pairs.restore(array("spins"), array("actions"));
    this.errors = large.find(({ name }) => name === "errors")?.data.slice();
    const lists = large.map(({ name, data }) => ({ name, data, shape: [data.length] }));
    this.descent?.trainer.restore(below("trainer", { ...scalars, ...fromArrays(lists) }));
    this.model.parameters.set(array("parameters"));
    this.model.assign();
    this.scalars = undefined;
    this.large = undefined;
  }

  /** The parameters by name, with their errors where there are some, where they are few. */
  private told(): Record<string, number> {
    const { parameters, layout } = this.model;
    if (parameters.length > TELL) return {};
    const names = parameterNames(layout);
    const { errors } = this;
    return {
      ...Object.fromEntries(names.map((name, i) => [name, parameters[i]!])),
      ...(errors ? Object.fromEntries(names.slice(0, -1).map((name, i) => [`error ${name}`, errors[i]!])) : {}),
    };
  }
}

const under = (prefix: string, record: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(record).map(([key, x]) => [`${prefix}.${key}`, x]));

const below = (prefix: string, record: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => key.startsWith(`${prefix}.`))
      .map(([key, x]) => [key.slice(prefix.length + 1), x]),
  );
