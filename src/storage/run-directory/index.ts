export type { Checkpoint, CheckpointArray, CheckpointData } from "./checkpoint-file.ts";
export { checkpointName, listCheckpoints, newestCheckpoint, writeCheckpoint } from "./checkpoints.ts";
export { decodeEvent, encodeEvent } from "./event-line.ts";
export { type EventLog, openEventLog, readEvents } from "./event-log.ts";
export { explained, RunDirectoryError } from "./explain.ts";
export { writeMeasurements } from "./measurements.ts";
export { readRun } from "./read-run.ts";
export type { Member, MemberRecord, RunRecord, ScanPoint } from "./record.ts";
export { type Resumed, resumeRun } from "./resume-run.ts";
export {
  createRun,
  makeFolder,
  memberPaths,
  type NewMember,
  openRun,
  type RunDirectory,
  type RunPaths,
  refuseExisting,
  runPaths,
} from "./run-directory.ts";
