import { RunFileError } from "../../experiment/run-file/error.ts";

/** Exit codes of every command. */
export const exit = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** A command line that cannot be carried out: one sentence with the remedy. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Trouble of the machine rather than of what was asked for. */
const machineTrouble = new Set(["ENOSPC", "EDQUOT", "EIO", "EMFILE", "ENOMEM", "EAGAIN"]);

/** Errors whose message is written for the person at the keyboard; anything else is a fault of ours. */
const taught = new Set(["RunFileError", "FormatError", "UsageError", "RunDirectoryError"]);

/** A run that stopped in order for a reason it tells: no mistake of the person, and none of ours. */
const stopped = new Set(["BrokenTrajectory", "BrokenMeasurement", "NotConverged"]);

/** The exit code that an error ends the process with. */
export function exitCode(error: unknown): number {
  if (!(error instanceof Error)) return exit.failed;
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && machineTrouble.has(code)) return exit.failed;
  return taught.has(error.name) || isSystemError(error) ? exit.badInput : exit.failed;
}

/** What is printed of an error: its sentences; with `debug` also where it came from. */
export function errorText(error: unknown, debug = false): string {
  if (!(error instanceof Error)) return String(error);
  if (debug) return error.stack ?? error.message;
  if (error instanceof RunFileError) return error.problems.join("\n");
  if (taught.has(error.name) || stopped.has(error.name)) return error.message;
  if (isSystemError(error)) return systemSentence(error);
  return `${error.message}\n(set PLAQUETTE_DEBUG=1 to see where this came from)`;
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

const isSystemError = (error: Error): error is SystemError => "syscall" in error && "code" in error;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory; check the path",
  EACCES: "permission denied; choose a place you may use, or change its permissions",
  EROFS: "the file system is read-only; choose another place",
  ENOTDIR: "a part of the path is a file, not a directory; check the path",
  EISDIR: "it is a directory, a file was expected",
  ENOSPC: "the disk is full; free some space",
};

const systemSentence = (error: SystemError): string =>
  `${error.path ?? "the system"}: ${reasons[error.code] ?? error.message}`;
