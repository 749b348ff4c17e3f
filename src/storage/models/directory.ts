import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse, stringify } from "smol-toml";
import { readBytes, writeBytes } from "../files.ts";
import { FormatError } from "../formats/configuration-format.ts";
import { writeTextAtomically } from "../run-directory/atomic-file.ts";
import { makeFolder } from "../run-directory/run-directory.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "./safetensors/safetensors.ts";
import { readTransformerSets, transformerTensors } from "./spin-fermion-json.ts";
import { readTraining, type TrainingRow, writeTraining } from "./training-table.ts";

/** A trained network on disk. */
export interface Model {
  /** What the network is, as the parts of a run file that made it; empty where only weights were found. */
  readonly description: Readonly<Record<string, unknown>>;
  /** One tensor for every block of parameters. */
  readonly weights: readonly Tensor[];
  /** What the optimiser remembers, for a further training. */
  readonly optimiser?: readonly Tensor[];
  /** The course of the training, a row a step. */
  readonly training?: readonly TrainingRow[];
}

/** A model with the place where it was found. */
export interface StoredModel extends Model {
  /** The file of weights. */
  readonly file: string;
}

/** Model to be written; the description is plain data, or TOML text with comments of its own. */
export interface NewModel extends Omit<Model, "description"> {
  readonly description: Readonly<Record<string, unknown>> | string;
}

const names = {
  description: "model.toml",
  weights: "weights.safetensors",
  optimiser: "optimiser.safetensors",
  training: "training.csv",
} as const;

/**
 * Writes a model directory, in place of an older one there. Every file is there as a whole or not at all; model.toml goes
 * first where it changes and comes back last, so that a directory whose writing was killed does not pass for a model.
 * Throws a FormatError for what cannot be written (then nothing was), a RunDirectoryError where the system refuses.
 */
export function writeModel(directory: string, { description, weights, optimiser, training }: NewModel): void {
  const text = descriptionText(description, directory);
  const files = {
    [names.weights]: bytesOf(join(directory, names.weights), weights),
    [names.optimiser]: optimiser && bytesOf(join(directory, names.optimiser), optimiser),
    [names.training]: training && new TextEncoder().encode(writeTraining(training)),
  };
  makeFolder(directory);
  const marker = join(directory, names.description);
  if (existsSync(marker) && textOf(marker) !== text) rmSync(marker);
  for (const [name, bytes] of Object.entries(files))
    if (bytes) writeBytes(join(directory, name), bytes);
    else rmSync(join(directory, name), { force: true });
  writeTextAtomically(marker, text);
}

function bytesOf(path: string, tensors: readonly Tensor[]): Uint8Array {
  return located(path, () => writeSafetensors(tensors, { format: "plaquette" }));
}

/** Runs `work`, naming the file in front of what it complains about. */
function located<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof FormatError ? error.in(path) : error;
  }
}

function descriptionText(description: NewModel["description"], directory: string): string {
  const path = join(directory, names.description);
  try {
    const text = typeof description === "string" ? description : `${stringify(description).trimEnd()}\n`;
    // what a reader would stumble over (an integer beyond 2^53, text that is no TOML) is refused here
    parse(text);
    return text;
  } catch (error) {
    throw new FormatError(`${path}: the description cannot be written as TOML: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Reads a model from its directory, from a run directory with a model in models/, or from a file of weights alone
 * (then, unless it lies in a model directory, without a description); or one of the sets of parameters of a Transformer in a JSON
 * file, "sets.json#2" for the one with number 2, from 0. Throws a FormatError for what is no model, or a
 * damaged one, a RunDirectoryError where the system refuses.
 */
export function readModel(path: string): StoredModel {
  const [, sets, number] = /^(.*\.json)(?:#(\d+))?$/.exec(path) ?? [];
  if (sets !== undefined) return readSet(sets, number);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats)
    throw new FormatError(`${path}: no such model; give a model directory, a run directory, or a .safetensors file`);
  if (!stats.isDirectory()) return readFile(path);
  return readDirectory(modelIn(path));
}

function readSet(file: string, number: string | undefined): StoredModel {
  if (!existsSync(file)) throw new FormatError(`${file}: no such file of parameters`);
  const sets = located(file, () => readTransformerSets(textOf(file)));
  const set = sets[number === undefined && sets.length === 1 ? 0 : Number(number ?? Number.NaN)];
  if (set)
    return {
      description: {},
      weights: transformerTensors(set),
      file: number === undefined ? file : `${file}#${number}`,
    };
  const known = sets.map(
    ({ layers, neighbours, head }, i) => `#${i}: layers = ${layers}, neighbours = ${neighbours}, head = ${head}`,
  );
  throw new FormatError(`${file}: it has ${sets.length} sets of parameters; write ${file}#n (${known.join("; ")})`);
}

function readFile(file: string): StoredModel {
  const directory = dirname(file);
  if (basename(file) === names.description) return readDirectory(directory);
  if (basename(file) === names.weights && existsSync(join(directory, names.description)))
    return readDirectory(directory);
  return { description: {}, weights: readTensors(file), file };
}

function readDirectory(directory: string): StoredModel {
  const [description, file, optimiser, training] = (["description", "weights", "optimiser", "training"] as const).map(
    (key) => join(directory, names[key]),
  ) as [string, string, string, string];
  return {
    description: readDescription(description),
    weights: readTensors(file),
    ...(existsSync(optimiser) ? { optimiser: readTensors(optimiser) } : {}),
    ...(existsSync(training) ? { training: located(training, () => readTraining(textOf(training))) } : {}),
    file,
  };
}

const readTensors = (file: string) => {
  const bytes = readBytes(file);
  return located(file, () => readSafetensors(bytes)).tensors;
};

const textOf = (file: string) => new TextDecoder().decode(readBytes(file));

function readDescription(file: string): Record<string, unknown> {
  try {
    return parse(textOf(file));
  } catch (error) {
    if ((error as Error).name !== "TomlError" && !/TOML/.test((error as Error).message)) throw error;
    throw new FormatError(`${file}: ${(error as Error).message.split("\n")[0]}`, { cause: error });
  }
}

const isModel = (directory: string) => existsSync(join(directory, names.description));

/** The model directory that a directory is or has. Where there are several, the caller must choose. */
function modelIn(directory: string): string {
  if (isModel(directory)) return directory;
  if (existsSync(join(directory, names.weights)))
    throw new FormatError(
      `${directory} has ${names.weights} but no ${names.description}: its writing was interrupted, or the description was lost; ` +
        `name the file ${join(directory, names.weights)} to take the weights alone`,
    );
  const found = [directory, ...folders(join(directory, "members"))].flatMap((root) => {
    const models = join(root, "models");
    return isModel(models) ? [models] : folders(models).filter(isModel);
  });
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw new FormatError(`${directory} has several models, name one of them: ${found.join(", ")}`);
  const run = existsSync(join(directory, "run.toml"));
  throw new FormatError(
    run
      ? `${directory}: this run has trained no model (no models/${names.description}); a run file with [training] makes one`
      : `${directory} is no model directory (it has no ${names.description}), and no run with one in models/`,
  );
}

const folders = (parent: string): string[] =>
  existsSync(parent)
    ? readdirSync(parent, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(parent, name))
        .sort()
    : [];
