import { carryOutAlone, isCarriedOut, type PlannedRun } from "../../experiment/compare/index.ts";
import type { RunContext } from "../../experiment/run/run.ts";
import { members } from "../../experiment/run-file/index.ts";
import { analyse } from "../../report/index.ts";
import { readRun } from "../../storage/run-directory/index.ts";
import type { Terminal } from "../command-line/command.ts";
import { exit } from "../command-line/errors.ts";
import { terminalListener } from "../listener/terminal.ts";
import { isInterrupted, tellFailures } from "../run/follow.ts";
import { listenerMode } from "../run/options.ts";
import { writeReport } from "../run/report-file.ts";

interface Options {
  readonly quiet?: boolean | undefined;
  /** Worker threads of every run; those of the first where left out. */
  readonly workers?: number | undefined;
}

/**
 * Carries out what is left of every run, one after the other, with progress on the error stream and a report each.
 * Returns the exit code where a run failed or was interrupted; undefined when all are complete.
 */
export async function carryOutInTurn(
  runs: readonly PlannedRun[],
  { quiet, workers = runs[0]?.runFile.workers ?? 0 }: Options,
  terminal: Terminal,
): Promise<number | undefined> {
  const catalogue = await terminal.catalogue();
  const left = runs.filter((run) => !isCarriedOut(run, { catalogue }));
  if (left.length === 0) return undefined;
  const mode = listenerMode({ quiet }, terminal.err, terminal.env);
  let say = (_: string): void => {};
  const interruption = terminal.interruption((line) => say(line));
  const base = { version: terminal.version, catalogue, self: terminal.self, interruption, workers };
  for (const run of left) {
    const chains = members(run.runFile, run.file, catalogue).length;
    const listener = terminalListener({ stream: terminal.err, mode, chains });
    say = listener.say;
    say(`${run.name}: run ${left.indexOf(run) + 1} of ${left.length}, in ${run.root}`);
    const context: RunContext = { ...base, listen: (event, { label }) => listener.listen(event, label) };
    const outcome = await carryOutAlone(run, context).finally(listener.close);
    if (!outcome) continue;
    const failure = tellFailures(outcome, terminal);
    if (failure !== undefined) return failure;
    if (isInterrupted(outcome)) {
      terminal.err.write("stopped with a checkpoint; the same command goes on\n");
      return exit.interrupted;
    }
    const record = readRun(run.root);
    writeReport(record, analyse(record), catalogue);
  }
  return undefined;
}
