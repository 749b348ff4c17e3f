import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { RunEvent } from "../../sampling/events.ts";
import { decodeEvent } from "../../storage/run-directory/index.ts";
import type { Outcome } from "../run/member.ts";

/** One member to be run in a process of its own. */
export interface PoolTask {
  readonly label: string;
  /** Arguments after the program: `member ROOT LABEL …`; it prints events as JSON lines. */
  readonly args: readonly string[];
}

export interface PoolContext {
  readonly self: readonly string[];
  readonly listen: (event: RunEvent, member: { readonly label: string }) => void;
  readonly interruption?: AbortSignal;
}

/**
 * Runs tasks in at most `processes` processes at a time and hands on their events. After an interruption the running
 * ones are told to stop (they checkpoint) and the waiting ones are not begun; one that fails leaves the others alone.
 */
export async function runPool(
  tasks: readonly PoolTask[],
  processes: number,
  context: PoolContext,
): Promise<({ label: string } & Outcome)[]> {
  const outcomes = new Map<string, Outcome>();
  const waiting = [...tasks];
  const running = new Set<ChildProcess>();
  const stop = () => {
    for (const child of running) child.kill("SIGTERM");
  };
  context.interruption?.addEventListener("abort", stop);
  const worker = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      if (context.interruption?.aborted) outcomes.set(task.label, { kind: "interrupted", trajectory: 0 });
      else outcomes.set(task.label, await runTask(task, context, running));
    }
  };
  await Promise.all(Array.from({ length: processes }, worker));
  context.interruption?.removeEventListener("abort", stop);
  return tasks.map(({ label }) => ({ label, ...outcomes.get(label)! }));
}

/**
 * Exit codes by which a member's process tells that the chain broke, and with what: an update, or a measurement. They
 * stay between the processes of a run.
 */
export const brokenCodes: Readonly<Record<string, number>> = { BrokenTrajectory: 3, BrokenMeasurement: 4 };

/** A line cut off by the death of its writer says nothing; its exit code does. */
function eventOf(line: string): RunEvent | undefined {
  try {
    return decodeEvent(line);
  } catch {
    return undefined;
  }
}

function runTask(task: PoolTask, context: PoolContext, running: Set<ChildProcess>): Promise<Outcome> {
  const [program, ...first] = context.self;
  // a process group of its own: an interrupt typed at the terminal reaches it through the parent, once
  const child = spawn(program!, [...first, ...task.args], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  running.add(child);
  let trajectory = 0;
  let complaints = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = eventOf(line);
    if (!event) return;
    if ("trajectory" in event) trajectory = event.trajectory;
    context.listen(event, task);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ kind: "failed", trajectory, error }));
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) resolve({ kind: "done", trajectory });
      else if (code === 130) resolve({ kind: "interrupted", trajectory });
      else {
        const why = complaints.trim() || `ended with ${signal ?? `exit code ${code}`}`;
        const name = Object.keys(brokenCodes).find((one) => brokenCodes[one] === code);
        resolve({ kind: "failed", trajectory, error: Object.assign(new Error(why), name ? { name } : {}) });
      }
    });
  });
}
