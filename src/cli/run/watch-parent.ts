import { Worker } from "node:worker_threads";

/**
 * Kills this process at once when its parent is gone, even in the middle of an update: nobody reads its events any more,
 * and whoever resumes the run must find its directory free. A thread of its own looks, ten times a second.
 */
export function dieWithParent(parent: number): void {
  const source = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, "SIGKILL"); }, 100);`;
  new Worker(source, { eval: true }).unref();
}
