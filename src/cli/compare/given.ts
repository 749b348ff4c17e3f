import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Catalogue } from "../../experiment/catalogue.ts";
import { type Given, type Named, targetDifferences } from "../../experiment/compare/index.ts";
import { writeBytes } from "../../storage/files.ts";
import { makeFolder } from "../../storage/run-directory/index.ts";
import type { Terminal } from "../command-line/command.ts";
import { UsageError } from "../command-line/errors.ts";
import { loadRunFile, locateFiles, outputDirectory } from "../run/prepare.ts";

/** Where a comparison is written. */
interface Folder {
  /** Writes a text file and returns its path. */
  file(name: string, text: string): string;
}

/**
 * What was given on the command line, run files read, and the folder of the comparison: the one asked for, or the one in
 * which the first run lies (a single run holds its comparison itself). With `eachUpdate` a mixture stands for its updates,
 * each as a run of its own.
 */
export function givenRuns(
  words: readonly string[],
  { output, eachUpdate }: { readonly output?: string | undefined; readonly eachUpdate: boolean },
  catalogue: Catalogue,
  terminal: Terminal,
): { readonly given: readonly Given[]; readonly folder: Folder } {
  const given = words.flatMap((word) => {
    const one = givenRun(word, output, catalogue, terminal);
    return eachUpdate ? updatesOf(one) : [one];
  });
  const [first] = given;
  const place = output ?? (given.length === 1 ? first!.root : dirname(first!.root));
  return {
    given,
    folder: {
      file(name, text) {
        makeFolder(place);
        const path = join(place, name);
        writeBytes(path, new TextEncoder().encode(text));
        return path;
      },
    },
  };
}

function givenRun(word: string, output: string | undefined, catalogue: Catalogue, terminal: Terminal): Given {
  if (statSync(word, { throwIfNoEntry: false })?.isDirectory())
    return { kind: "directory", name: basename(resolve(word)), root: word };
  const { runFile, warnings } = loadRunFile(word, catalogue);
  for (const warning of warnings) terminal.err.write(`warning: ${warning}\n`);
  const name = basename(word).replace(/\.toml$/i, "");
  const root = output === undefined ? outputDirectory(runFile, word, undefined) : join(output, name);
  return { kind: "file", name, root, file: word, runFile: locateFiles(runFile, word) };
}

/** The updates of a run file one by one; a training goes with the update that has the guide. */
function updatesOf(given: Given): Given[] {
  if (given.kind === "directory")
    throw new UsageError(`${given.root}: --each-update takes run files; compare run directories as they are`);
  const { update, training, ...rest } = given.runFile;
  if (update.length < 2)
    throw new UsageError(`${given.file}: --each-update needs [[update]] several times, and this file has one update`);
  return update.map((part, i) => {
    const again = update.filter(({ name }) => name === part.name).length > 1;
    const name = `${given.name}-${part.name}${again ? `-${i}` : ""}`;
    const runFile = { ...rest, update: [part], ...(part.guide && training ? { training } : {}) };
    return { ...given, name, root: join(dirname(given.root), name), runFile };
  });
}

/** Throws a UsageError where runs cannot agree because they sample other distributions; with `allowed` it is only told. */
export function refuseDifferent(laws: readonly Named[], allowed: boolean, terminal: Terminal): void {
  const differences = targetDifferences(laws);
  if (differences.length === 0) return;
  if (!allowed)
    throw new UsageError(
      `${differences.join("\n")}\nthey need not agree, and their costs are those of other problems; to compare them all the same: --different`,
    );
  for (const difference of differences) terminal.err.write(`warning: ${difference}\n`);
}
