import { join } from "node:path";
import type { RunContext, RunOutcome } from "../../experiment/run/run.ts";
import type { Analysis } from "../../report/index.ts";
import type { RunRecord } from "../../storage/run-directory/index.ts";
import type { Terminal } from "../command-line/command.ts";
import { errorText, exit, exitCode } from "../command-line/errors.ts";
import { terminalListener } from "../listener/terminal.ts";
import { listenerMode } from "./options.ts";
import { writeReport } from "./report-file.ts";

interface FollowArguments {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** What is shown of a run that came to its end: a text, from its directory and analysis. */
export type Show = (record: RunRecord, analysis: Analysis) => string;

/**
 * Carries out a run with its progress shown, then writes its report and prints its estimates, or what `show` makes of it.
 * Returns the exit code.
 */
export async function follow(
  chains: number,
  args: FollowArguments,
  terminal: Terminal,
  carryOut: (context: RunContext) => Promise<RunOutcome>,
  show?: Show,
): Promise<number> {
  const stream = args.json ? terminal.out : terminal.err;
  const listener = terminalListener({ stream, mode: listenerMode(args, stream, terminal.env), chains });
  const outcome = await carryOut({
    version: terminal.version,
    catalogue: await terminal.catalogue(),
    self: terminal.self,
    listen: (event, { label }) => listener.listen(event, label),
    interruption: terminal.interruption(listener.say),
  }).finally(listener.close);
  return finish(outcome, args, terminal, show);
}

/** The end of a run: failures in a sentence each, how to go on, or the table of estimates and the report. */
async function finish(
  outcome: RunOutcome,
  args: FollowArguments,
  terminal: Terminal,
  show: Show | undefined,
): Promise<number> {
  const failure = tellFailures(outcome, terminal);
  if (failure !== undefined) return failure;
  if (isInterrupted(outcome)) {
    terminal.err.write(`stopped with a checkpoint; go on with: plaquette resume ${outcome.root}\n`);
    return exit.interrupted;
  }
  await showResult(outcome.root, args.json === true, terminal, show);
  return exit.done;
}

/** Did a chain stop because it was told to? */
export const isInterrupted = ({ members }: RunOutcome): boolean => members.some(({ kind }) => kind === "interrupted");

/** Says why chains failed and how to go on, and returns the exit code; undefined where none has. */
export function tellFailures({ root, members }: RunOutcome, terminal: Terminal): number | undefined {
  const failed = members.flatMap((member) => (member.kind === "failed" ? [member] : []));
  for (const { label, error } of failed)
    terminal.err.write(
      `${members.length > 1 ? `${label}: ` : ""}${errorText(error, terminal.env.PLAQUETTE_DEBUG === "1")}\n`,
    );
  if (failed.length === 0) return undefined;
  const advice = new Set(failed.map(({ label, error }) => goOn(root, members.length > 1 ? label : undefined, error)));
  terminal.err.write(`what was measured is kept in ${root}; ${[...advice].join("; ")}\n`);
  return exitCode(failed[0]!.error);
}

/**
 * How to go on after a failure. The run file of a begun run cannot be changed, so a chain that broke by its parameters
 * needs another run; what the machine was to blame for can be resumed.
 */
function goOn(root: string, label: string | undefined, { name }: Error): string {
  const folder = label === undefined ? root : join(root, "members", label);
  const another = `start another run from ${join(folder, "configurations/last-good.ildg")}`;
  if (name === "BrokenTrajectory") return `its parameters are fixed: ${another}, with those that help`;
  const resume = `plaquette resume ${root}`;
  if (name === "BrokenMeasurement")
    return `${resume} goes on with the next update; for other parameters of the measurement ${another}`;
  return `once the cause is mended: ${resume}`;
}

async function showResult(root: string, silent: boolean, terminal: Terminal, given?: Show): Promise<void> {
  const { readRun } = await import("../../storage/run-directory/index.ts");
  const { analyse, renderTable } = await import("../../report/index.ts");
  const show: Show = given ?? ((_, analysis) => renderTable(analysis));
  const record = readRun(root);
  const analysis = analyse(record);
  const report = writeReport(record, analysis, await terminal.catalogue());
  if (!silent) terminal.out.write(`\n${show(record, analysis)}\nreport: ${report}\n`);
}
