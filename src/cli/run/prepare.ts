import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Catalogue } from "../../experiment/catalogue.ts";
import {
  type Overrides,
  type ReadRunFile,
  type RunFile,
  RunFileError,
  readRunFile,
} from "../../experiment/run-file/index.ts";
import { didYouMean } from "../../experiment/run-file/suggest.ts";
import { UsageError } from "../command-line/errors.ts";

/** Reads a run file from the disk. Throws UsageError where it cannot be read, RunFileError where it cannot run. */
export function loadRunFile(file: string, catalogue: Catalogue, overrides: Overrides = {}): ReadRunFile {
  if (file.endsWith(".jl"))
    throw new UsageError(
      `${file}: Julia input files are not read; let LatticeQCD.jl convert it to TOML, or run "plaquette wizard"`,
    );
  return readRunFile(readText(file), file, catalogue, overrides);
}

/** The text of a run file. Throws UsageError where it is not there. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EISDIR")
      throw new UsageError(`${file}: a directory, not a run file; to go on with a run: plaquette resume ${file}`);
    if (code !== "ENOENT") throw error;
    throw new UsageError(
      `${file}: no such run file${didYouMean(basename(file), neighbours(file))}; check the path, or make one with "plaquette wizard"`,
    );
  }
}

function neighbours(file: string): string[] {
  try {
    return readdirSync(dirname(file)).filter((name) => name.endsWith(".toml"));
  } catch {
    return [];
  }
}

/**
 * The run file with the paths of its start configuration and of its models made absolute: they are looked for from the
 * working directory, then beside the run file. Throws RunFileError where one is at neither place.
 */
export function locateFiles(runFile: RunFile, file: string): RunFile {
  const { start, update, scan } = runFile;
  const find = (path: string, key: string, what: string, remedy: string): string => {
    const places = [...new Set([resolve(path), resolve(dirname(file), path)])];
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) return found;
    throw new RunFileError([`${file}: ${key}: there is no ${what} at ${places.join(" or ")}; ${remedy}`]);
  };
  const model = (path: unknown, key: string) => {
    // "sets.json#2": which of them says nothing about where the file is
    const [, bare = "", part = ""] = /^(.*?)(#\d+)?$/.exec(String(path)) ?? [];
    return find(bare, key, "model", 'correct the path, or train one with "plaquette train"') + part;
  };
  const levels = (guide: NonNullable<RunFile["update"][number]["guide"]>, i: number) =>
    guide.map((part, level) =>
      part.model === undefined
        ? part
        : { ...part, model: model(part.model, `${keyOf(i).replace(/model$/, "")}guide[${level}].model`) },
    );
  const located =
    typeof start === "string"
      ? start
      : { ...start, file: find(start.file, "start", "configuration", 'correct the path, or start "cold" or "hot"') };
  const keyOf = (i: number) => (update.length > 1 ? `update[${i}].model` : "update.model");
  return {
    ...runFile,
    start: located,
    update: update.map((part, i) => ({
      ...part,
      ...(part.model === undefined ? {} : { model: model(part.model, keyOf(i)) }),
      ...(part.guide === undefined ? {} : { guide: levels(part.guide, i) }),
    })),
    scan: Object.fromEntries(
      Object.entries(scan).map(([key, values]) => [
        key,
        /^update.*\.model$/.test(key) ? values.map((value) => model(value, `scan."${key}"`)) : values,
      ]),
    ),
  };
}

/** Where the run goes: --output, the key `output`, or runs/<name of the run file>. */
export const outputDirectory = (runFile: RunFile, file: string, option: string | undefined): string =>
  option ?? runFile.output ?? join("runs", basename(file).replace(/\.toml$/i, ""));

/** The directory itself, or with -2, -3 … behind it where that is taken already. */
export function freeDirectory(directory: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? directory : `${directory}-${n}`;
    if (!existsSync(candidate)) return candidate;
  }
}
