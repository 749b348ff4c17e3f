import { openRun, type RunDirectory, RunDirectoryError, runPaths } from "../../storage/run-directory/index.ts";
import { readIfThere } from "../../storage/run-directory/run-directory.ts";
import type { Catalogue } from "../catalogue.ts";
import { hashRunFile, members, type RunFile, readRunFile } from "../run-file/index.ts";
import type { Named } from "./target.ts";

/** A run that is to be compared, whether it has been carried out or not. */
export interface PlannedRun {
  /** What it is called in tables. */
  readonly name: string;
  /** Its run directory. */
  readonly root: string;
  /** Name of the run file, for sentences and for relative paths in it. */
  readonly file: string;
  readonly runFile: RunFile;
  /** Production updates of every chain that are compared; all there are where left out. */
  readonly trajectories?: number;
}

/** What a person gave: a run file, or the directory of a run. */
export type Given =
  | {
      readonly kind: "file";
      readonly name: string;
      readonly root: string;
      readonly file: string;
      readonly runFile: RunFile;
    }
  | { readonly kind: "directory"; readonly name: string; readonly root: string };

/**
 * The runs of a comparison, in the order in which they were given. Run files that share a seed with an earlier run get
 * one of their own, "seed-name", for with equal random numbers they would not be independent. A run that is there already is
 * taken up where it belongs to the run file, also with the seed that the file has by itself.
 * @param trajectories production updates of every chain, instead of what the run files say.
 * @throws RunFileError or RunDirectoryError, where a directory holds another run than the run file says, or none.
 */
export function planRuns(given: readonly Given[], catalogue: Catalogue, trajectories?: number): PlannedRun[] {
  refuseTwice(given);
  const seeds = new Set(
    given.flatMap((one) => (one.kind === "directory" ? [runFileIn(openRun(one.root), catalogue).seed] : [])),
  );
  return given.map((one): PlannedRun => {
    const { name, root } = one;
    if (one.kind === "directory") {
      const runFile = runFileIn(openRun(root), catalogue);
      return { name, root, file: runPaths(root).run, runFile, ...(trajectories === undefined ? {} : { trajectories }) };
    }
    const wanted = trajectories === undefined ? one.runFile : { ...one.runFile, trajectories };
    const own = { ...wanted, seed: `${wanted.seed}-${name}` };
    const runFile = begunAs(root, one.file, [wanted, own], catalogue) ?? (seeds.has(wanted.seed) ? own : wanted);
    seeds.add(runFile.seed);
    return { name, root, file: one.file, runFile, trajectories: wanted.trajectories };
  });
}

/** Every value of every scan by its name: what is compared.  */
export function comparedLaws(runs: readonly PlannedRun[], catalogue: Catalogue): Named[] {
  return runs.flatMap(({ name, file, runFile }) => {
    const values = members(runFile, file, catalogue).filter((_, i) => i % runFile.chains === 0);
    return values.map(({ scan, runFile: one }) => ({
      name: [name, ...Object.entries(scan).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)].join(", "),
      runFile: one,
    }));
  });
}

/** Two runs in one directory, or of one name. */
function refuseTwice(given: readonly Given[]): void {
  given.forEach(({ root, name }, i) => {
    const other = given.slice(0, i).find((one) => one.root === root || one.name === name);
    if (!other) return;
    if (other.root === root)
      throw new RunDirectoryError(`${root} would be compared with itself; give runs with directories of their own`);
    throw new RunDirectoryError(`two runs are called ${name} (${other.root}, ${root}); rename one of them`);
  });
}

/** The run file among `candidates` that the run in this directory was begun with; undefined where there is no run yet. */
function begunAs(
  root: string,
  file: string,
  candidates: readonly RunFile[],
  catalogue: Catalogue,
): RunFile | undefined {
  if (readIfThere(runPaths(root).run) === undefined) return undefined;
  const there = runFileIn(openRun(root), catalogue);
  const found = candidates.find((one) => hashRunFile(one) === hashRunFile(there) && one.chains === there.chains);
  if (found) return found;
  throw new RunDirectoryError(
    `${root} holds another run than ${file} describes; choose another place with --output, or compare the directory itself`,
  );
}

const runFileIn = ({ paths, runText }: RunDirectory, catalogue: Catalogue): RunFile =>
  readRunFile(runText, paths.run, catalogue).runFile;
