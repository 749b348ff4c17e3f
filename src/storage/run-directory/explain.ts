/** What the operating system refused, said once and clearly: what was being done, to which file, and what to do about it. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and resume, nothing already written is lost",
  EDQUOT: "the disk quota is used up; free some space and resume, nothing already written is lost",
  EACCES: "permission denied; choose a place you may write to, or change its permissions",
  EPERM: "not permitted; choose a place you may write to, or change its permissions",
  EROFS: "the file system is read-only; choose another place",
  ENOENT: "no such file or directory; check the path",
  ENOTDIR: "a part of the path is a file, not a directory; check the path",
  EISDIR: "it is a directory, a file was expected; check the path",
  EMFILE: "too many files are open; raise the limit (ulimit -n) or run fewer chains at once",
  EIO: "the device reports an input/output error; check the disk",
};

/** A failure of the run directory, in one sentence that names the file and the remedy. `code` is that of the system, if any. */
export class RunDirectoryError extends Error {
  override readonly name = "RunDirectoryError";
  readonly code: string | undefined;
  constructor(message: string, options?: { readonly cause?: unknown; readonly code?: string }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = options?.code;
  }
}

/** The system's error code ("ENOSPC"), or undefined where it is not a system error. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Wraps a system error as "cannot <doing> <path>: <why>; <remedy>". An error already explained passes through. */
export function explain(error: unknown, doing: string, path: string): RunDirectoryError {
  if (error instanceof RunDirectoryError) return error;
  const code = systemCode(error);
  const why = (code && remedies[code]) ?? (error instanceof Error ? error.message : String(error));
  const options = code === undefined ? { cause: error } : { cause: error, code };
  return new RunDirectoryError(`cannot ${doing} ${path}: ${why}${code ? ` (${code})` : ""}`, options);
}

/** Runs `work`, explaining what the system refuses. */
export function explained<T>(doing: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explain(error, doing, path);
  }
}
