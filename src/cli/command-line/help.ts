import { renderUsage } from "citty";
import type { Command, Commands } from "./command.ts";

/** What `plaquette --help` prints. */
export async function overview(commands: Commands, version: string): Promise<string> {
  const loaded = (await Promise.all(Object.values(commands).map((load) => load()))).filter(({ hidden }) => !hidden);
  const width = Math.max(...loaded.map((command) => command.name.length));
  return [
    `plaquette ${version}: lattice field theory, sampled exactly`,
    "",
    "usage: plaquette COMMAND [arguments]",
    "",
    ...loaded.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    '"plaquette COMMAND --help" tells more, with examples. A first run: plaquette wizard',
    "",
    exitCodes({}),
  ].join("\n");
}

/** What `plaquette COMMAND --help` prints: usage, details, examples, exit codes. */
export async function commandHelp(command: Command): Promise<string> {
  const meta = { name: `plaquette ${command.name}`, description: command.summary };
  const usage = await renderUsage({ meta, args: command.args });
  const [, ...lines] = usage.split("\n");
  const rest = lines.map((line) => (command.variadic ? line.replace(/(USAGE.*<[A-Z]+)>/, "$1...>") : line).trimEnd());
  const width = Math.max(...command.examples.map(([line]) => line.length));
  const examples = command.examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  return [
    command.summary,
    ...rest,
    ...(command.details ? [command.details, ""] : []),
    "Examples:",
    ...examples,
    "",
    exitCodes(command.exitCodes ?? {}),
  ].join("\n");
}

function exitCodes(more: Readonly<Record<number, string>>): string {
  const all = { 0: "done", 1: "failed", 2: "bad input (a sentence says what and how to mend it)", ...more };
  return `Exit codes: ${Object.entries(all)
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join(", ")}`;
}
