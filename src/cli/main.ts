#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Terminal } from "./command-line/command.ts";
import { dispatch } from "./command-line/dispatch.ts";
import { exit } from "./command-line/errors.ts";
import { commands } from "./commands/index.ts";
import { packageRoot } from "./root.ts";

const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };

/**
 * Signals come in pairs where a parent (npm start) passes on what the terminal has sent already, and together where an
 * update kept the process from listening: one that follows so soon is no second thought.
 */
const sameMoment = 500;

/** Asks the run under way for an orderly end, if there is one. */
let stopRun: (() => void) | undefined;

/** The first signal asks for an orderly end, the second one ends at once. */
function interruption(announce: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const stop = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      announce("stopping after this update, with a checkpoint; once more stops at once");
      controller.abort();
    } else if (performance.now() - first > sameMoment) process.exit(exit.interrupted);
  };
  stopRun = () => controller.abort();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  version,
  self: [process.execPath, fileURLToPath(import.meta.url)],
  catalogue: async () => (await import("../experiment/parts.ts")).catalogue,
  interruption,
};

// A reader that has seen enough (`plaquette list | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  // a run stops in order, with its checkpoint; anything else has nothing left to do
  if (stopRun) stopRun();
  else process.exit(exit.done);
});

process.exitCode = await dispatch(commands, process.argv.slice(2), terminal);
