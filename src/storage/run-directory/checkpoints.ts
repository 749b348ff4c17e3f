import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isTemporary, syncFolder } from "./atomic-file.ts";
import { type Checkpoint, DamagedCheckpoint, readCheckpointFile, writeCheckpointFile } from "./checkpoint-file.ts";
import { explain, explained, RunDirectoryError, systemCode } from "./explain.ts";

/** Checkpoints kept: the newest, and the one before it should the newest be damaged. */
const kept = 2;

/** "trajectory-00000120.ckpt" */
export const checkpointName = (trajectory: number): string => `trajectory-${String(trajectory).padStart(8, "0")}.ckpt`;

/** Names of the checkpoints in a folder, newest first; none where there is no folder. */
export function listCheckpoints(folder: string): string[] {
  const trajectoryOf = (name: string) => Number(/^trajectory-(\d+)\.ckpt$/.exec(name)?.[1] ?? -1);
  return entries(folder)
    .filter((name) => trajectoryOf(name) >= 0)
    .sort((a, b) => trajectoryOf(b) - trajectoryOf(a));
}

/** Writes a checkpoint, then removes all but the two newest and what killed writes left behind. Returns the file's name. */
export function writeCheckpoint(folder: string, checkpoint: Checkpoint): string {
  explained("create", folder, () => mkdirSync(folder, { recursive: true }));
  const name = checkpointName(checkpoint.trajectory);
  writeCheckpointFile(join(folder, name), checkpoint);
  for (const old of [...listCheckpoints(folder).slice(kept), ...entries(folder).filter(isTemporary)])
    explained("remove", join(folder, old), () => rmSync(join(folder, old), { force: true }));
  return name;
}

/** What was found on looking for a checkpoint to resume from. */
export interface FoundCheckpoint {
  /** Undefined where no checkpoint was written yet: begin anew. */
  readonly checkpoint: Checkpoint | undefined;
  /** One sentence for every newer checkpoint that is damaged; worth a warning event each. */
  readonly warnings: readonly string[];
}

/**
 * The newest checkpoint that reads back whole. Newer, damaged ones are set aside as "….ckpt.damaged", so that they do
 * not count among the two kept, and told in the warnings. `check` may throw as well: DamagedCheckpoint to fall back,
 * anything else to give up. Throws a RunDirectoryError where checkpoints exist but all are damaged: to begin anew then
 * would throw measurements away.
 */
export function newestCheckpoint(folder: string, check: (checkpoint: Checkpoint) => void = () => {}): FoundCheckpoint {
  const damaged: string[] = [];
  const warnings: string[] = [];
  for (const name of listCheckpoints(folder)) {
    try {
      const checkpoint = readCheckpointFile(join(folder, name));
      check(checkpoint);
      for (const bad of damaged) setAside(folder, bad);
      return { checkpoint, warnings };
    } catch (error) {
      if (!(error instanceof DamagedCheckpoint)) throw error;
      damaged.push(name);
      warnings.push(`${error.message}; going on from the checkpoint before it`);
    }
  }
  if (damaged.length > 0)
    throw new RunDirectoryError(
      `${folder}: no checkpoint can be used (${damaged.join(", ")}: damaged); what was measured is untouched, start a new run in another directory`,
    );
  return { checkpoint: undefined, warnings };
}

function setAside(folder: string, name: string): void {
  explained("set aside", join(folder, name), () => renameSync(join(folder, name), join(folder, `${name}.damaged`)));
  syncFolder(folder);
}

/** Names in a folder; none where there is no such folder. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw explain(error, "read", folder);
  }
}
