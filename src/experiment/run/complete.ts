import { existsSync } from "node:fs";
import type { Finished, Started } from "../../sampling/events.ts";
import { type RunPaths, readEvents } from "../../storage/run-directory/index.ts";
import { hashRunFile, type RunFile, thermalisation } from "../run-file/index.ts";

/**
 * Has this chain nothing left to do? So where it ended by itself, at the length that the run file asks for now (it may
 * have been lengthened), and the run file still is the one it was carried out by.
 */
export function isComplete(paths: RunPaths, runFile: RunFile): boolean {
  if (!existsSync(paths.events)) return false;
  let started: Started | undefined;
  let finished: Finished | undefined;
  for (const event of readEvents(paths.events)) {
    if (event.type === "started") [started, finished] = [event, undefined];
    else if (event.type === "finished") finished = event;
  }
  if (!started || !finished || finished.interrupted) return false;
  return finished.trajectory >= thermalisation(runFile) + runFile.trajectories && started.hash === hashRunFile(runFile);
}
