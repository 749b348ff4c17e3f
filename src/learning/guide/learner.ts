import type { Field } from "../../lattice/field.ts";
import type { Rng } from "../../lattice/rng.ts";
import type { Configuration } from "../../lattice/space.ts";
import { apart } from "../../numerics/rng.ts";
import type { Action } from "../../physics/action.ts";
import type { Objective, Sample } from "../objectives/objective.ts";
import { type Guide, parameterNames } from "./guide.ts";

/** What changes the parameters of a guide: see training/trainer.ts. */
export interface Trains {
  step(loss: number, gradient: Float64Array): Readonly<Record<string, number>>;
  readonly finished: boolean;
  finish(): void;
  /** With the parameters. */
  save(): Readonly<Record<string, number>>;
  restore(saved: Readonly<Record<string, number>>): void;
}

/** How a guide learns from the trajectories of a chain. */
export interface GuideLearning {
  readonly guide: Guide;
  readonly target: Action;
  readonly objective: Objective;
  readonly trainer: Trains;
  /** Pseudofermions a trajectory: its own, and others drawn at its start. */
  readonly draws: number;
}

/** Most parameters that are told one by one. */
const TELL = 32;

/** Trains a guide, a step of the optimiser for every trajectory. */
export class GuideLearner {
  private readonly learning: GuideLearning;
  private readonly gradient: Float64Array;
  /** Pseudofermions of the further draws; the memory is used again. */
  private readonly drawn: readonly Map<string, Field>[];

  constructor(learning: GuideLearning) {
    this.learning = learning;
    this.gradient = new Float64Array(learning.guide.parameters.length);
    this.drawn = Array.from({ length: learning.draws - 1 }, () => new Map());
  }

  learn(start: Configuration, end: Configuration, rng: Rng, step: number): Readonly<Record<string, number>> {
    const { guide, trainer } = this.learning;
    const loss = this.evaluate(this.samples(start, end, rng, step));
    if (loss === undefined) return {};
    const report = trainer.step(loss, this.gradient);
    guide.assign();
    return { ...report, ...this.told() };
  }

  /**
   * Mean loss, and its gradient; not a number where the weights have run so far that a solver of the guide gives up, and
   * undefined where the objective has nothing to say yet.
   */
  private evaluate(samples: Iterable<Sample>): number | undefined {
    const { objective, draws } = this.learning;
    this.gradient.fill(0);
    let loss = 0;
    let silent = false;
    try {
      for (const sample of samples) {
        const one = objective.evaluate(sample, 1 / draws, this.gradient);
        silent ||= one === undefined;
        loss += (one ?? 0) / draws;
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "NotConverged") throw error;
      return Number.NaN;
    }
    return silent ? undefined : loss;
  }

  private *samples(start: Configuration, end: Configuration, rng: Rng, step: number): Iterable<Sample> {
    yield { start, end };
    for (const [i, auxiliary] of this.drawn.entries()) {
      const there = { ...start, auxiliary };
      this.learning.target.refresh?.(there, apart(rng, `draw ${i + 1}: `), step);
      yield { start: there, end: { ...end, auxiliary } };
    }
  }

  get finished(): boolean {
    return this.learning.trainer.finished;
  }

  freeze(): Readonly<Record<string, number>> {
    const { trainer, guide } = this.learning;
    trainer.finish();
    guide.assign();
    return this.told();
  }

  save(): Readonly<Record<string, number>> {
    const { trainer, objective } = this.learning;
    return { ...under("trainer", trainer.save()), ...under("objective", objective.save?.() ?? {}) };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    const { trainer, objective, guide } = this.learning;
    trainer.restore(below("trainer", saved));
    objective.restore?.(below("objective", saved));
    guide.assign();
  }

  /** The parameters by name, where they are few. */
  private told(): Record<string, number> {
    const { parameters, layout } = this.learning.guide;
    return parameters.length > TELL
      ? {}
      : Object.fromEntries(parameterNames(layout).map((name, i) => [name, parameters[i]!]));
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
