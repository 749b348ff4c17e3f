import { type Checkpoint, DamagedCheckpoint } from "./checkpoint-file.ts";
import { newestCheckpoint } from "./checkpoints.ts";
import { type EventLog, openEventLog } from "./event-log.ts";
import { RunDirectoryError } from "./explain.ts";
import type { RunPaths } from "./run-directory.ts";

/** A chain taken up where its last good checkpoint left it. */
export interface Resumed {
  /** Undefined: it was stopped before its first checkpoint and begins anew. */
  readonly checkpoint: Checkpoint | undefined;
  /** Open for appending, cut back to what the checkpoint knows. */
  readonly log: EventLog;
  /** Sentences for warning events. */
  readonly warnings: readonly string[];
}

const short = (hash: string) => hash.slice(0, 8);

/**
 * Finds the newest good checkpoint of a chain and cuts its log back to it. A checkpoint that knows more log than there
 * is (a power cut lost it) counts as damaged. Throws a RunDirectoryError where the checkpoint is of another run file.
 */
export function resumeRun(paths: RunPaths, runHash: string): Resumed {
  const log = openEventLog(paths.events);
  try {
    const { checkpoint, warnings } = newestCheckpoint(paths.checkpoints, (found) => {
      const name = `${paths.checkpoints}, trajectory ${found.trajectory}`;
      if (found.runHash !== runHash)
        throw new RunDirectoryError(
          `${paths.run} is not the run file that this run was begun with (the checkpoint of trajectory ${found.trajectory} has hash ${short(found.runHash)}, the file ${short(runHash)}); put it back as it was, or start a new run with it`,
        );
      if (found.logBytes > log.bytes)
        throw new DamagedCheckpoint(`${name}: the event log is shorter (${log.bytes} bytes) than when it was written`);
    });
    log.rewindTo(checkpoint?.trajectory ?? 0, checkpoint?.logBytes ?? 0);
    return { checkpoint, log, warnings };
  } catch (error) {
    log.close();
    throw error;
  }
}
