import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { explained, makeFolder, RunDirectoryError } from "../../storage/run-directory/index.ts";

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When that process started, in the system's own words: a number taken again by another process does not match. */
  readonly started: string;
}

/** Milliseconds that a holder is given to go: one whose parent was killed ends within a moment (watch-parent.ts). */
const GRACE = 3000;

/**
 * Marks a chain's directory as being carried out by this process, and returns the release. A mark left by a process
 * that is gone is taken over. Throws a RunDirectoryError where another living process of this machine holds it.
 */
export async function lockRun(root: string): Promise<() => void> {
  makeFolder(root);
  const path = join(root, "lock.json");
  const own = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) ?? "" });
  for (let waited = 0; !tryLock(path, own); waited += 100) {
    const holder = read(path);
    if (holder && holder.host !== hostname())
      throw new RunDirectoryError(
        `${root}: process ${holder.pid} on ${holder.host} is carrying out this run; if it is gone, remove ${path}`,
      );
    if (!isHeld(holder)) rmSync(path, { force: true });
    else if (waited >= GRACE)
      throw new RunDirectoryError(
        `${root}: process ${holder?.pid} is carrying out this run; wait for it, or stop it first`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return () => {
    if (textOf(path) === own) rmSync(path, { force: true });
  };
}

/** A file can be made only once: of two processes one makes it. */
function tryLock(path: string, own: string): boolean {
  return explained("write", path, () => {
    try {
      writeFileSync(path, own, { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(textOf(path) ?? "") as Holder;
  } catch {
    return undefined; // none, or torn by a kill: nobody's
  }
}

function isHeld(holder: Holder | undefined): boolean {
  if (!holder || holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const started = startOf(holder.pid);
  return started === undefined || started === holder.started;
}

/** Start time of a process in Linux's /proc, "dead" for one that is dead but not yet reaped; undefined elsewhere. */
function startOf(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
    return fields[0] === "Z" ? "dead" : fields[19];
  } catch {
    return undefined;
  }
}
