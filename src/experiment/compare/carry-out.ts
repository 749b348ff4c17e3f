import { writeTextAtomically } from "../../storage/run-directory/atomic-file.ts";
import { memberPaths, openRun, runPaths } from "../../storage/run-directory/index.ts";
import { readIfThere } from "../../storage/run-directory/run-directory.ts";
import { type RunContext, type RunOutcome, resume, startRun, unfinished } from "../run/run.ts";
import { members, type RunFile, readRunFile, resolveRunFile } from "../run-file/index.ts";
import type { PlannedRun } from "./plan.ts";

/**
 * Carries a run out so that its times can be compared: its chains one after the other, each with all workers. A run that
 * is complete is left as it is, one that was interrupted goes on, one that is too short is made longer; undefined where
 * there was nothing to do. Throws as `startRun` and `resume` do.
 */
export async function carryOutAlone(run: PlannedRun, context: RunContext): Promise<RunOutcome | undefined> {
  const alone = { ...context, processes: 1 };
  if (readIfThere(runPaths(run.root).run) === undefined) return startRun(run.runFile, run.file, run.root, alone);
  lengthen(run, context);
  return unfinished(run.root, context.catalogue).length === 0 ? undefined : resume(run.root, alone);
}

/** Is there anything left to do? */
export function isCarriedOut(run: PlannedRun, context: Pick<RunContext, "catalogue">): boolean {
  const text = readIfThere(runPaths(run.root).run);
  if (text === undefined) return false;
  const there = readRunFile(text, runPaths(run.root).run, context.catalogue).runFile;
  return there.trajectories >= (run.trajectories ?? 0) && unfinished(run.root, context.catalogue).length === 0;
}

/** Asks for as many production updates as are to be compared: how many there are does not enter a run's numbers. */
function lengthen({ root, trajectories = 0 }: PlannedRun, { catalogue, version }: RunContext): void {
  const { paths, runText } = openRun(root);
  const { runFile } = readRunFile(runText, paths.run, catalogue);
  if (runFile.trajectories >= trajectories) return;
  const longer: RunFile = { ...runFile, trajectories };
  const list = members(longer, paths.run, catalogue);
  if (list.length > 1)
    for (const { label, runFile: one } of list)
      writeTextAtomically(memberPaths(root, label).run, resolveRunFile(one, version));
  writeTextAtomically(paths.run, resolveRunFile(longer, version));
}
