import { join } from "node:path";
import { toArrays } from "../../learning/training/index.ts";
import type { RunEvent } from "../../sampling/events.ts";
import { FormatError } from "../../storage/formats/index.ts";
import { readModel, type StoredModel, writeModel } from "../../storage/models/directory.ts";
import { float64Tensor, type TrainingRow, tensorsOf } from "../../storage/models/index.ts";
import { RunDirectoryError, type RunPaths, readEvents } from "../../storage/run-directory/index.ts";
import type { BuiltGuide } from "../build-guide.ts";
import { hashRunFile, type RunFile, RunFileError } from "../run-file/index.ts";
import { toPlain } from "../run-file/plain.ts";
import { isTable } from "../run-file/schema.ts";
import { writeToml } from "../run-file/toml.ts";

/** Models of guides, by their places in the run file. */
export type Models = ReadonlyMap<string, StoredModel>;

/** Where a run file names a model: an update, or a level of its guide. */
interface Place {
  readonly update: number;
  readonly level?: number;
  readonly model: string;
}

/** The key of a model: "0" of an update, "0.1" of a level. */
export const modelKey = (update: number, level?: number): string =>
  level === undefined ? String(update) : `${update}.${level}`;

const placesIn = ({ update: updates }: RunFile): Place[] =>
  updates.flatMap(({ model, guide }, update) => [
    ...(model === undefined ? [] : [{ update, model }]),
    ...(guide ?? []).flatMap((part, level) => (part.model === undefined ? [] : [{ update, level, model: part.model }])),
  ]);

/** The key of an update in sentences. */
const keyOf = ({ update }: RunFile, number: number) => (update.length > 1 ? `update[${number}]` : "update");

/**
 * Reads the models that a run file names. Throws a RunFileError, which names the run file `file` and the key, where one is
 * not there, or is none.
 */
export function loadModels(runFile: RunFile, file: string): Models {
  return new Map(
    placesIn(runFile).map(({ update, level, model }) => {
      try {
        return [modelKey(update, level), readModel(model)] as const;
      } catch (error) {
        if (!(error instanceof FormatError || error instanceof RunDirectoryError)) throw error;
        const key = `${keyOf(runFile, update)}${level === undefined ? "" : `.guide[${level}]`}`;
        throw new RunFileError([`${file}: ${key}.model: ${error.message}`]);
      }
    }),
  );
}

/**
 * Where the model of an update lies in a run directory: in models/, one folder each where several updates have one; those
 * that a run of spins was given for levels of its guide stand below it.
 */
export function modelFolder(
  { models }: Pick<RunPaths, "models">,
  { update }: RunFile,
  number: number,
  level?: number,
): string {
  const folder = update.filter(({ guide }) => guide).length > 1 ? join(models, `update-${number}`) : models;
  return level === undefined ? folder : join(folder, "given", `level-${level}`);
}

/** The models that a chain which trains none has put into its own directory when it began. */
export const ownModels = (paths: RunPaths, runFile: RunFile): Models =>
  new Map(
    placesIn(runFile).map(
      ({ update, level }) => [modelKey(update, level), readModel(modelFolder(paths, runFile, update, level))] as const,
    ),
  );

/** Keeps the models that guides begin with, so that a resumed chain has them even where the originals are gone. */
export function keepModels(paths: RunPaths, runFile: RunFile, models: Models): void {
  for (const { update, level } of placesIn(runFile)) {
    const model = models.get(modelKey(update, level));
    if (model) keepModel(modelFolder(paths, runFile, update, level), model);
  }
}

function keepModel(folder: string, { description, weights }: StoredModel): void {
  writeModel(folder, { description, weights });
}

/** What a guide has learnt, and how: weights, state of the optimiser, the loss of every trajectory. */
export function saveModel(paths: RunPaths, runFile: RunFile, built: BuiltGuide, version: string): string {
  const { update, guide, trainer } = built;
  const folder = modelFolder(paths, runFile, update);
  writeModel(folder, {
    description: `# What a guide of Plaquette has learnt: model = "<this directory>" in [update] takes its weights\n\n${writeToml(describe(runFile, built, version))}`,
    weights: tensorsOf(guide),
    optimiser: toArrays(trainer?.save() ?? {}).map(({ name, shape, data }) => float64Tensor(name, shape, data)),
    training: trainingRows(readEvents(paths.events), runFile, update),
  });
  return folder;
}

/** The guide and what it was trained for and by, as a run file has them. */
function describe(runFile: RunFile, { update, guide, trainer }: BuiltGuide, version: string): Record<string, unknown> {
  const { lattice, group, spins, seed, action, update: updates, training } = toPlain(runFile);
  const own = [updates].flat()[update];
  return {
    version,
    hash: hashRunFile(runFile),
    lattice,
    ...(group === undefined ? { spins } : { group }),
    seed,
    parameters: guide.parameters.length,
    ...(trainer ? { steps: trainer.steps, loss: trainer.loss, ended: trainer.reason ?? "not yet" } : {}),
    action,
    guide: isTable(own) ? own.guide : [],
    ...(training === undefined ? {} : { training }),
  };
}

/** A row for every trajectory that was learnt from: what was told of it. */
export function trainingRows(events: Iterable<RunEvent>, { update }: RunFile, number: number): TrainingRow[] {
  const ofUpdate = update.length > 1 || update[0]!.repeat > 1 ? `${number}.` : "";
  const rows: TrainingRow[] = [];
  for (const event of events) {
    if (event.type !== "tuned" || event.frozen) continue;
    // where an update fits a level besides the one that is trained, the word "model" stands in front of the latter
    const prefix = [`${ofUpdate}model.`, ofUpdate].find((one) => event.parameters[`${one}loss`] !== undefined);
    if (prefix === undefined) continue;
    const own = Object.entries(event.parameters).filter(([key]) => key.startsWith(prefix));
    rows.push({
      trajectory: event.trajectory,
      ...Object.fromEntries(own.map(([key, x]) => [key.slice(prefix.length), x])),
    });
  }
  return rows;
}
