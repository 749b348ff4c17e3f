import { closest } from "../../experiment/run-file/suggest.ts";
import { readArguments } from "./arguments.ts";
import type { Commands, Terminal } from "./command.ts";
import { errorText, exit, exitCode, UsageError } from "./errors.ts";
import { commandHelp, overview } from "./help.ts";
import { plainText } from "./plain-text.ts";

/** Carries out a command line and returns the exit code. Errors end here, as sentences on the error stream. */
export async function dispatch(commands: Commands, argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await perform(commands, argv, terminal);
  } catch (error) {
    terminal.err.write(`${errorText(error, terminal.env.PLAQUETTE_DEBUG === "1")}\n`);
    return exitCode(error);
  }
}

async function perform(commands: Commands, argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv;
  const print = (text: string) =>
    void terminal.out.write(`${terminal.out.isTTY ? text.trimEnd() : plainText(text.trimEnd())}\n`);
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    print(await overview(commands, terminal.version));
    return name === undefined ? exit.badInput : exit.done;
  }
  if (name === "--version" || name === "-v") {
    print(terminal.version);
    return exit.done;
  }
  const wanted = name === "help" ? rest[0]! : name;
  const load = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
  if (!load) throw new UsageError(unknownCommand(wanted, commands));
  const command = await load();
  const end = rest.indexOf("--");
  const asked = (end < 0 ? rest : rest.slice(0, end)).some((word) => word === "--help" || word === "-h");
  if (asked || name === "help") {
    print(await commandHelp(command));
    return exit.done;
  }
  return command.run(readArguments(command, rest), terminal);
}

function unknownCommand(word: string, commands: Commands): string {
  const names = Object.keys(commands);
  const near = closest(word, names);
  if (near !== undefined) return `plaquette: unknown command ${word}; did you mean "plaquette ${near}"?`;
  if (/\.toml$/.test(word)) return `plaquette: unknown command ${word}; did you mean "plaquette run ${word}"?`;
  return `plaquette: unknown command ${word}; one of ${names.join(", ")}`;
}
