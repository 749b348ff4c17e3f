import type { SpinSpace } from "../lattice/spins/spins.ts";
import type { SpinModel } from "../learning/spins/model.ts";
import { SpinLearner, type SpinTrainingOptions } from "../learning/spins/regression/index.ts";
import type { ParameterBlock } from "../physics/maps/field-map.ts";
import { isSpinAction, type SpinAction } from "../physics/spins/spin-action.ts";
import { FormatError } from "../storage/formats/configuration-format.ts";
import type { StoredModel } from "../storage/models/directory.ts";
import { applyWeights, numbersOf, type Tensor, type Weights } from "../storage/models/index.ts";
import type { BuiltGuide, TrainingUnderWay } from "./build-guide.ts";
import { built, located } from "./build-part.ts";
import type { Parts } from "./catalogue.ts";
import type { RunFile } from "./run-file/index.ts";

/** What the levels of a guide are built for. */
export interface LevelsPlan {
  readonly runFile: RunFile;
  readonly parts: Parts;
  readonly space: SpinSpace;
  /** The action that decides. */
  readonly target: SpinAction;
  /** The trained model whose parameters a level begins with, if any. */
  readonly modelOf: (level: number) => StoredModel | undefined;
}

/** A level by its word. */
interface Level {
  readonly name: string;
  readonly action: SpinAction;
}

const isModel = (action: SpinAction): action is SpinModel => "parameters" in action;

/**
 * Builds the levels of the guide of update number `update`, effective actions of spins one after the other, or undefined
 * where it has none.
 */
export function buildLevels(update: number, plan: LevelsPlan): BuiltGuide | undefined {
  const { runFile } = plan;
  const { guide: given } = runFile.update[update]!;
  if (!given) return undefined;
  const where = runFile.update.length > 1 ? `update[${update}]` : "update";
  const levels = given.map((part, i): Level => {
    const at = `${where}.guide[${i}]`;
    const action = built<SpinAction>(part, plan.parts.actions, { space: plan.space, label: `-level-${i}` }, at);
    if (!isSpinAction(action)) throw new TypeError(`${at}: ${part.name} is no action of spins`);
    if (action.temperature !== plan.target.temperature)
      throw new RangeError(
        `${at}.temperature: ${action.temperature}, and that of the action is ${plan.target.temperature}; give the level the same`,
      );
    const model = plan.modelOf(i);
    const level = { name: part.name, action };
    if (model) located(`${at}.model`, () => (part.grow ? growFrom(level, model) : takeParameters(level, model)));
    return { name: part.name, action };
  });
  const bench = {
    action: levels.at(-1)!.action,
    terms: levels.map(({ action }) => action),
    names: levels.map(({ name }) => name),
    thermalise: runFile.thermalise,
  };
  const guide = weightsOf(levels);
  // an update fits a linear level by itself; without thermalisation nothing is learnt
  const fitted = runFile.thermalise > 0 && guide.layout.length > 0;
  if (!runFile.training) return { update, guide, bench, fitted };
  const learner = learnerOf(levels, plan, where);
  return {
    update,
    guide,
    bench: { ...bench, regression: { learner, after: runFile.thermalise } },
    trainer: underWay(learner),
  };
}

/** What trains the last level. */
function learnerOf(levels: readonly Level[], { runFile, space }: LevelsPlan, where: string): SpinLearner {
  const { name, action } = levels.at(-1)!;
  if (!isModel(action))
    throw new RangeError(
      `${where}.guide[${levels.length - 1}]: the last level is what [training] trains, and ${name} has no parameters; take "equivariant-transformer" or "linear-spins", or leave [training] out`,
    );
  // of spins: that of links is told apart where the run file is read
  return new SpinLearner(action, space.lattice.device, space.length, runFile.training as SpinTrainingOptions);
}

const underWay = (learner: SpinLearner): TrainingUnderWay => ({
  get finished() {
    return learner.finished;
  },
  get complete() {
    return learner.complete;
  },
  get reason() {
    return learner.reason;
  },
  get steps() {
    return learner.steps;
  },
  get loss() {
    return learner.loss;
  },
  save: () => learner.optimiser(),
});

/** Parameters of all levels, under the names they have in files: "level-2.equivariant-transformer.J". */
function weightsOf(levels: readonly Level[]): Weights {
  const models = levels.flatMap(({ name, action }, i) =>
    isModel(action) ? [{ prefix: `level-${i + 1}.${name}`, model: action }] : [],
  );
  const layout: ParameterBlock[] = models.flatMap(({ prefix, model }) =>
    model.layout.map((block) => ({ ...block, name: `${prefix}.${block.name}` })),
  );
  return {
    layout,
    // as they are when they are asked for
    get parameters() {
      return Float64Array.from(models.flatMap(({ model }) => Array.from(model.parameters)));
    },
  };
}

/** Throws a RangeError where these are the parameters of something else. */
function takeParameters({ name, action }: Level, { weights, file }: StoredModel): void {
  if (!isModel(action)) throw new RangeError(`${name} has no parameters that a model could give; leave model out`);
  try {
    applyWeights(action, ofOneLevel(weights, name));
  } catch (error) {
    if (error instanceof FormatError) throw new RangeError(`${file}: ${error.message}`);
    throw error;
  }
  action.assign();
}

/** Throws a RangeError where the level cannot grow from these. */
function growFrom({ name, action }: Level, { weights, file }: StoredModel): void {
  if (!isModel(action) || !action.grow) throw new RangeError(`${name} does not grow; leave grow out`);
  try {
    const own = ofOneLevel(weights, name);
    action.grow(own.map((tensor) => ({ name: tensor.name, shape: tensor.shape, data: numbersOf(tensor) })));
  } catch (error) {
    if (error instanceof FormatError || error instanceof RangeError) throw new RangeError(`${file}: ${error.message}`);
    throw error;
  }
}

/** The tensors of the level of that word, where there are several; those that stand there without level are all of one. */
function ofOneLevel(weights: readonly Tensor[], name: string): readonly Tensor[] {
  const numbered = weights.filter((tensor) => /^level-\d+\./.test(tensor.name));
  if (numbered.length === 0) return weights;
  const levels = new Set(numbered.map((tensor) => tensor.name.split(".")[0]));
  // a file of one level leaves no doubt, whatever that is called: a Transformer grows from a linear model
  const own = levels.size === 1 ? numbered : numbered.filter((tensor) => tensor.name.split(".")[1] === name);
  const numbers = new Set(own.map((tensor) => tensor.name.split(".")[0]));
  if (numbers.size !== 1)
    throw new FormatError(
      `it has ${numbers.size === 0 ? "no" : `${numbers.size}`} levels called ${name} (${[...new Set(numbered.map((t) => t.name.split(".").slice(0, 2).join(".")))].join(", ")})`,
    );
  return own.map((tensor) => ({ ...tensor, name: tensor.name.split(".").slice(2).join(".") }));
}
