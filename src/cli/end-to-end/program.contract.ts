import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts ./plaquette as a user would. `watch` sees its standard output as it comes. */
export function start(
  args: readonly string[],
  watch: (text: string, child: ChildProcess) => void = () => {},
  cwd = root,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(join(root, "plaquette"), args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    watch(out, child);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  return { child, ended };
}

export const plaquette = (...args: string[]): Promise<Ended> => start(args).ended;
