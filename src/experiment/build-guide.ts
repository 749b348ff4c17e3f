import type { LinkSpace } from "../lattice/links/links.ts";
import { Guide, type GuideTerm } from "../learning/guide/guide.ts";
import { GuideLearner } from "../learning/guide/learner.ts";
import { objective } from "../learning/objectives/index.ts";
import { fromArrays, type TrainingOptions, trainerOf } from "../learning/training/index.ts";
import type { Action } from "../physics/action.ts";
import { through } from "../physics/maps/through.ts";
import type { GuideBench } from "../sampling/update.ts";
import { FormatError } from "../storage/formats/configuration-format.ts";
import type { StoredModel } from "../storage/models/directory.ts";
import { applyWeights, numbersOf, type Weights } from "../storage/models/index.ts";
import { built, located, mapOf } from "./build-part.ts";
import type { Parts } from "./catalogue.ts";
import { type GuidePart, likeOf, type RunFile } from "./run-file/index.ts";

/** The guide of an update, ready to be followed. */
export interface BuiltGuide {
  /** Number of the update in the run file. */
  readonly update: number;
  readonly guide: Weights;
  readonly bench: GuideBench;
  /** Of a guide that this run trains. */
  readonly trainer?: TrainingUnderWay;
  /** Whether the update itself fits parameters of it while the chain thermalises. */
  readonly fitted?: boolean;
}

/** What a run has to know of a training. */
export interface TrainingUnderWay {
  readonly finished: boolean;
  /** Whether all planned steps were done. */
  readonly complete: boolean;
  /** Why it has finished. */
  readonly reason: string | undefined;
  readonly steps: number;
  readonly loss: number;
  /** State of the optimiser with the weights, for a further training. */
  save(): Readonly<Record<string, number>>;
}

/** What a guide is built for. */
export interface GuidePlan {
  readonly runFile: RunFile;
  readonly catalogue: Parts;
  readonly space: LinkSpace;
  /** The action that decides. */
  readonly target: Action;
  /** A trained model, whose weights the guide begins with instead of those of the run file. */
  readonly model?: StoredModel | undefined;
}

/**
 * Builds the guide of update number `update`, or undefined where it has none. Its quarks see the pseudofermions of the
 * actions they are like.
 */
export function buildGuide(update: number, plan: GuidePlan): BuiltGuide | undefined {
  const { runFile } = plan;
  const { guide: parts } = runFile.update[update]!;
  if (!parts) return undefined;
  const where = runFile.update.length > 1 ? `update[${update}]` : "update";
  const terms = parts.map((part, i) => termOf(part, plan, `${where}.guide[${i}]`));
  const guide = new Guide(terms);
  if (plan.model) located(`${where}.model`, () => takeWeights(guide, plan.model!));
  const { action, terms: followed, names } = guide;
  // of links: those of spins are told apart where the run file is read
  const options = runFile.training as TrainingOptions | undefined;
  const trained = options && learning(options, guide, plan, where);
  const training = trained && {
    learner: trained.learner,
    after: runFile.thermalise,
  };
  const { thermalise } = runFile;
  const bench = { action, terms: followed, names, thermalise, ...(training ? { training } : {}) };
  return { update, guide, bench, ...(trained ? { trainer: trained.trainer } : {}) };
}

/** Throws a RangeError where these are the weights of something else. */
function takeWeights(guide: Guide, { weights, file }: StoredModel): void {
  try {
    applyWeights(guide, weights);
  } catch (error) {
    if (error instanceof FormatError) throw new RangeError(`${file}: ${error.message}`);
    throw error;
  }
  guide.assign();
}

function learning(options: TrainingOptions, guide: Guide, { space, target, model }: GuidePlan, where: string) {
  if (guide.parameters.length === 0)
    throw new RangeError(
      `${where}.guide: has no number that could be trained; take a term through = { name = "covariant-net" }, give one learn-scale = true, or leave [training] out`,
    );
  const trainer = trainerOf(guide.parameters, options);
  if (model && optimiserIn(model) === options.optimiser)
    trainer.inherit(
      fromArrays(
        model.optimiser!.map(({ name, shape, ...t }) => ({ name, shape, data: numbersOf({ name, shape, ...t }) })),
      ),
    );
  const learner = new GuideLearner({
    guide,
    target,
    objective: objective(options.objective, space, guide, target),
    trainer,
    draws: options.draws,
  });
  return { trainer, learner };
}

/** The word of the optimiser whose state a model has, if any. */
function optimiserIn({ description, optimiser }: StoredModel): unknown {
  const { training } = description;
  return optimiser && typeof training === "object" && training !== null && "optimiser" in training
    ? training.optimiser
    : undefined;
}

function termOf(part: GuidePart, { runFile, catalogue, space }: GuidePlan, where: string): GuideTerm {
  const { name, scale = 1, learnScale = false } = part;
  // the label is that of the action it is like: under it lies the pseudofermion
  const bench = { space, label: `-${likeOf(part, runFile.action)}` };
  const action = built<Action>(part, catalogue.actions, bench, where);
  const map = mapOf(part, catalogue, { space }, where);
  if (!map) return { name, action, scale, learnScale };
  located(`${where}.through`, () => through(action, map));
  return { name, action, map, scale, learnScale };
}
