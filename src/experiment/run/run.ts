import { availableParallelism } from "node:os";
import type { RunEvent } from "../../sampling/events.ts";
import {
  createRun,
  memberPaths,
  openRun,
  type RunDirectory,
  refuseExisting,
  runPaths,
} from "../../storage/run-directory/index.ts";
import type { Catalogue } from "../catalogue.ts";
import {
  type Member,
  members,
  type RunFile,
  RunFileError,
  readRunFile,
  resolveRunFile,
  thermalisation,
} from "../run-file/index.ts";
import { runPool } from "../schedulers/local-pool.ts";
import { isComplete } from "./complete.ts";
import { loadStart } from "./field-files.ts";
import { lockRun } from "./lock.ts";
import { type Outcome, runMember } from "./member.ts";
import { loadModels } from "./models.ts";
import { rehearse } from "./rehearse.ts";

/** What a run needs besides its run file. */
export interface RunContext {
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly listen: (event: RunEvent, member: { readonly label: string }) => void;
  /** Aborts at the first SIGINT or SIGTERM: the chains then write a checkpoint and stop. */
  readonly interruption?: AbortSignal;
  /** Worker threads in all, instead of the run file's number; 0: all cores. */
  readonly workers?: number;
  /** Members carried out at the same time, instead of as many as there are worker threads. */
  readonly processes?: number;
  /** Command line (program and first arguments) that starts this program again, for members in processes of their own. */
  readonly self: readonly string[];
}

export interface RunOutcome {
  readonly root: string;
  readonly members: readonly ({ readonly label: string } & Outcome)[];
}

/**
 * Checks everything that can be checked, creates the run directory and carries the run out.
 * Throws RunFileError, FormatError or RunDirectoryError before anything is computed.
 * @param file name of the run file, for sentences and for relative paths in it.
 */
export async function startRun(runFile: RunFile, file: string, root: string, context: RunContext): Promise<RunOutcome> {
  const list = members(runFile, file, context.catalogue);
  rehearse(list, file, context.catalogue);
  const text = resolveRunFile(runFile, context.version);
  const own = list.map(({ label, chain, scan, runFile: one }) => ({
    label,
    chain,
    scan,
    runText: resolveRunFile(one, context.version),
  }));
  // before the lock, which would be written into what is there
  refuseExisting(runPaths(root));
  return locked(root, () => carryOut(createRun(root, text, list.length > 1 ? own : []), context));
}

/** Goes on with a run from its newest checkpoints. Members that are complete are left as they are. */
export async function resume(root: string, context: RunContext): Promise<RunOutcome> {
  const directory = openRun(root);
  return locked(root, () => carryOut(directory, context));
}

async function locked<T>(root: string, work: () => Promise<T>): Promise<T> {
  const release = await lockRun(root);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Labels of the members that are not complete. Throws RunFileError or RunDirectoryError. */
export function unfinished(root: string, catalogue: Catalogue): string[] {
  const { list, pathsOf } = memberList(openRun(root), catalogue);
  return list.filter((member) => !isComplete(pathsOf(member), member.runFile)).map(({ label }) => label);
}

/** The members of a run directory, from its own run file; a single one lies at the top. */
function memberList({ paths, runText, members: known }: RunDirectory, catalogue: Catalogue) {
  const { runFile } = readRunFile(runText, paths.run, catalogue);
  const list = members(runFile, paths.run, catalogue);
  refuseOtherMembers(paths.run, list, known);
  return {
    runFile,
    list,
    pathsOf: ({ label }: Member) => (list.length === 1 ? paths : memberPaths(paths.root, label)),
  };
}

/** Chains are numbered through all members, and the numbers address their randomness: they cannot change in mid-run. */
function refuseOtherMembers(file: string, list: readonly Member[], known: RunDirectory["members"]): void {
  const named = (all: readonly { label: string; chain: number }[]) => all.map((m) => `${m.label}/${m.chain}`).join();
  const same = known.length === 0 ? list.length === 1 : named(list) === named(known);
  if (!same)
    throw new RunFileError([
      `${file}: chains or scan: they are not those the run was begun with (${Math.max(1, known.length)} in all); put them back, or start a new run`,
    ]);
}

/** One member of a run with several, in this process (what the pool starts). */
export async function resumeOneMember(
  root: string,
  label: string,
  workers: number,
  context: RunContext,
): Promise<Outcome> {
  const directory = openRun(root);
  const member = memberList(directory, context.catalogue).list.find((m) => m.label === label);
  if (!member) throw new RunFileError([`${root}: no member ${label}`]);
  const paths = memberPaths(root, label);
  return locked(paths.root, () =>
    runMember({
      ...context,
      paths,
      runFile: member.runFile,
      chain: member.chain,
      workers,
      start: () => loadStart(member.runFile, directory.paths.run),
      models: () => loadModels(member.runFile, directory.paths.run),
      listen: (event) => context.listen(event, member),
    }),
  );
}

async function carryOut(directory: RunDirectory, context: RunContext): Promise<RunOutcome> {
  const { root } = directory.paths;
  const { runFile, list, pathsOf } = memberList(directory, context.catalogue);
  const open = list.filter((member) => !isComplete(pathsOf(member), member.runFile));
  const wanted = context.workers ?? runFile.workers;
  const cores = wanted > 0 ? wanted : availableParallelism();
  const only = list[0];
  if (list.length === 1 && only && open.length === 1) {
    const outcome = await runMember({
      ...context,
      paths: directory.paths,
      runFile: only.runFile,
      chain: only.chain,
      workers: cores,
      start: () => loadStart(only.runFile, directory.paths.run),
      models: () => loadModels(only.runFile, directory.paths.run),
      listen: (event) => context.listen(event, only),
    });
    return { root, members: [{ label: only.label, ...outcome }] };
  }
  const processes = Math.min(context.processes ?? cores, cores, open.length);
  const outcomes = await runPool(
    open.map(({ label }) => ({
      label,
      args: [
        "member",
        root,
        label,
        "--workers",
        String(Math.floor(cores / processes)),
        "--parent",
        String(process.pid),
      ],
    })),
    processes,
    context,
  );
  const complete = ({ runFile: own }: Member): Outcome => ({
    kind: "complete",
    trajectory: thermalisation(own) + own.trajectories,
  });
  return {
    root,
    members: list.map((member) => ({
      label: member.label,
      ...(outcomes.find(({ label }) => label === member.label) ?? complete(member)),
    })),
  };
}
