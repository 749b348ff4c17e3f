import type { Named, PlannedRun } from "../../experiment/compare/index.ts";
import { resolveRunFile } from "../../experiment/run-file/index.ts";
import { type Cheapest, type Comparison, cheapest } from "../../report/comparison/index.ts";
import { formatWithError } from "../../statistics/index.ts";
import { writeBytes } from "../../storage/files.ts";
import type { Terminal } from "../command-line/command.ts";
import { UsageError } from "../command-line/errors.ts";

/** Writes the run file of the cheapest run to `path`, without the scan it may come from, and says which it is. */
export function writeBest(
  path: string,
  by: string | undefined,
  comparison: Comparison,
  runs: readonly PlannedRun[],
  laws: readonly Named[],
  terminal: Terminal,
): void {
  const found = choose(comparison, by);
  const { name, directory } = comparison.runs[found.run]!;
  const law = laws[found.run]!.runFile;
  const chains = runs.find(({ root }) => root === directory)?.runFile.chains ?? law.chains;
  const { output: _, ...runFile } = { ...law, chains };
  const why = `${name}: cheapest of ${comparison.runs.length} runs, ${costText(found)} per independent ${found.observable}`;
  const text = `# ${why}\n${resolveRunFile(runFile, terminal.version)}`;
  writeBytes(path, new TextEncoder().encode(text));
  const names = (list: readonly number[]) => list.map((run) => comparison.runs[run]!.name).join(", ");
  const rest = [
    ...(found.rivals.length > 0 ? [`within two errors of it: ${names(found.rivals)}`] : []),
    ...(found.unknown.length > 0 ? [`of unknown cost: ${names(found.unknown)}`] : []),
  ];
  terminal.err.write(`${[why, ...rest].join("; ")}; written to ${path}\n`);
}

const costText = ({ seconds }: Cheapest): string =>
  seconds.mean < 1
    ? `${formatWithError(1000 * seconds.mean, 1000 * seconds.error)} ms`
    : `${formatWithError(seconds.mean, seconds.error)} s`;

function choose(comparison: Comparison, by: string | undefined): Cheapest {
  try {
    return cheapest(comparison, by);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--best: ${error.message}`);
    throw error;
  }
}
