import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isTemporary, writeTextAtomically } from "./atomic-file.ts";
import { explain, explained, RunDirectoryError, systemCode } from "./explain.ts";
import type { Member } from "./record.ts";

/** Where everything of a run, or of one member of it, lies. */
export interface RunPaths {
  readonly root: string;
  readonly run: string;
  readonly events: string;
  readonly measurements: string;
  readonly configurations: string;
  readonly checkpoints: string;
  /** What its guides have learnt. */
  readonly models: string;
  readonly members: string;
  readonly memberIndex: string;
  readonly report: string;
}

/** The names of house.md, under `root`. */
export const runPaths = (root: string): RunPaths => ({
  root,
  run: join(root, "run.toml"),
  events: join(root, "events.jsonl"),
  measurements: join(root, "measurements"),
  configurations: join(root, "configurations"),
  checkpoints: join(root, "checkpoints"),
  models: join(root, "models"),
  members: join(root, "members"),
  memberIndex: join(root, "members.json"),
  report: join(root, "report.html"),
});

/** The full run directory of one member of a run with several chains. */
export const memberPaths = (root: string, label: string): RunPaths => runPaths(join(root, "members", label));

/** A run directory that exists: its run file and its chains. */
export interface RunDirectory {
  readonly paths: RunPaths;
  readonly runText: string;
  /** Empty for a single chain, whose events lie at the top. */
  readonly members: readonly Member[];
}

/** A member to be created, with its own resolved run file. */
export interface NewMember extends Member {
  readonly runText: string;
}

/**
 * Creates a run directory and what must be in it before the first event. run.toml comes last: without it the directory
 * is no run yet, and a creation that was killed is simply done again. Throws a RunDirectoryError where a run, or
 * anything else, is there already.
 */
export function createRun(root: string, runText: string, members: readonly NewMember[] = []): RunDirectory {
  const paths = runPaths(root);
  refuseExisting(paths);
  makeFolder(root);
  for (const member of members) {
    if (!/^[\w.-]+$/.test(member.label)) throw new RangeError(`member label ${JSON.stringify(member.label)}`);
    const own = memberPaths(root, member.label);
    makeChainFolders(own);
    writeTextAtomically(own.run, member.runText);
  }
  const index = members.map(({ label, chain, scan }) => ({ label, chain, scan }));
  if (index.length > 0) writeTextAtomically(paths.memberIndex, `${JSON.stringify(index, null, 2)}\n`);
  else makeChainFolders(paths);
  writeTextAtomically(paths.run, runText);
  return { paths, runText, members: index };
}

/** Opens a run directory. Throws a RunDirectoryError where there is none. */
export function openRun(root: string): RunDirectory {
  const paths = runPaths(root);
  const stats = statSync(root, { throwIfNoEntry: false });
  if (!stats) throw new RunDirectoryError(`${root}: no such run directory; check the path`, { code: "ENOENT" });
  if (!stats.isDirectory()) throw new RunDirectoryError(`${root} is a file, not a run directory; ${meantBy(root)}`);
  const runText = readIfThere(paths.run);
  if (runText === undefined)
    throw new RunDirectoryError(`${root} is not a run directory: it has no run.toml; "plaquette run" makes one`);
  const index = readIfThere(paths.memberIndex);
  return { paths, runText, members: index === undefined ? [] : parseIndex(paths.memberIndex, index) };
}

/** What a person who gave a file may have meant. */
function meantBy(file: string): string {
  if (statSync(join(dirname(file), "run.toml"), { throwIfNoEntry: false })) return `did you mean ${dirname(file)}?`;
  return /\.toml$/i.test(file) ? `a run is begun by "plaquette run ${file}"` : "give the directory of a run";
}

const otherPlace = 'choose another output directory (--output DIR, or the key "output")';

/** Throws a RunDirectoryError where a run, or anything else, is at this place already. */
export function refuseExisting({ root }: RunPaths): void {
  let names: string[];
  try {
    names = readdirSync(root);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    if (systemCode(error) === "ENOTDIR")
      throw new RunDirectoryError(`${root}: it, or a part of its path, is a file; ${otherPlace}`);
    throw explain(error, "read", root);
  }
  if (names.includes("run.toml") || names.includes("events.jsonl"))
    throw new RunDirectoryError(
      `${root} holds a run already; go on with it by "plaquette resume ${root}", take the next free name with --new, or ${otherPlace}`,
      { code: "EEXIST" },
    );
  const abandoned = new Set(["lock.json", "members", "members.json", "measurements", "configurations", "checkpoints"]);
  const foreign = names.find((name) => !abandoned.has(name) && !isTemporary(name));
  if (foreign !== undefined)
    throw new RunDirectoryError(`${root} is not empty (${foreign}); ${otherPlace}, or clear it`, { code: "ENOTEMPTY" });
}

function makeChainFolders({ measurements, configurations, checkpoints }: RunPaths): void {
  for (const folder of [measurements, configurations, checkpoints]) makeFolder(folder);
}

/** Parents first, one at a time: Node's own recursive mkdir never returns where a file system refuses (as /proc does). */
export function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !statSync(parent, { throwIfNoEntry: false })) makeFolder(parent);
  explained("create the run directory", path, () => {
    try {
      mkdirSync(path);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
  });
}

/** The text of a file, or undefined where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw explain(error, "read", path);
  }
}

function parseIndex(path: string, text: string): Member[] {
  try {
    return (JSON.parse(text) as Member[]).map(({ label, chain, scan }) => {
      if (typeof label !== "string" || typeof chain !== "number") throw new Error("label or chain is missing");
      return { label, chain, scan: scan ?? {} };
    });
  } catch (error) {
    throw new RunDirectoryError(`${path}: not a list of members: ${(error as Error).message}`);
  }
}
