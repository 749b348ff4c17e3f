import { type ArgDef, type ArgsDef, type ParsedArgs, parseArgs } from "citty";
import { closest } from "../../experiment/run-file/suggest.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./errors.ts";
import { plainText } from "./plain-text.ts";

/** Parses a command's arguments. Unlike citty alone it refuses what the command does not know. Throws UsageError. */
export function readArguments(command: Command, raw: readonly string[]): ParsedArgs<ArgsDef> {
  refuseUnknownOptions(command, raw);
  const refuse = (message: string) => new UsageError(`plaquette ${command.name}: ${message}; ${seeHelp(command)}`);
  let args: ParsedArgs<ArgsDef>;
  try {
    args = parseArgs<ArgsDef>([...raw], command.args);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "CLIError") throw error;
    throw refuse(plainText(error.message).replace(/\.$/, ""));
  }
  const places = Object.values(command.args).filter((arg) => arg.type === "positional").length;
  const extra = args._[places];
  if (extra !== undefined && !command.variadic) throw refuse(`one argument too many (${extra})`);
  return args;
}

const seeHelp = (command: Command) => `see "plaquette ${command.name} --help"`;

function refuseUnknownOptions(command: Command, raw: readonly string[]): void {
  const options = Object.entries(command.args).filter(([, arg]) => arg.type !== "positional");
  const typed = new Map(options.flatMap(([name, arg]) => [name, ...aliases(arg)].map((n) => [n, arg.type])));
  const seen = new Set<string>();
  for (let i = 0; i < raw.length && raw[i] !== "--"; i++) {
    const word = raw[i]!;
    if (!/^--?[^-\d]/.test(word)) continue;
    const [name, value] = splitOption(word);
    const type = typed.get(name) ?? (typed.get(name.replace(/^no-/, "")) === "boolean" ? "boolean" : undefined);
    const known = [...typed.keys()].filter((key) => key.length > 1);
    const near = closest(name, known);
    const meant = near === undefined ? "" : `; did you mean "--${near}"?`;
    if (type === undefined)
      throw new UsageError(
        `plaquette ${command.name}: unknown option ${word.split("=")[0]}${meant} (${seeHelp(command)})`,
      );
    if (type !== "boolean" && seen.has(name))
      throw new UsageError(`plaquette ${command.name}: --${name} is given twice; ${seeHelp(command)}`);
    seen.add(name);
    if (type === "boolean" || value !== undefined) continue;
    i += 1;
    if (raw[i] === undefined || /^--[^-]/.test(raw[i]!))
      throw new UsageError(`plaquette ${command.name}: ${word} needs a value; ${seeHelp(command)}`);
  }
}

const aliases = (arg: ArgDef): readonly string[] => ("alias" in arg && arg.alias ? [arg.alias].flat() : []);

function splitOption(word: string): [string, string | undefined] {
  const [name, ...value] = word.replace(/^--?/, "").split("=");
  return [name!, value.length > 0 ? value.join("=") : undefined];
}

/** The value of an option that must be a whole number from `least`, or undefined where it is not given. Throws UsageError. */
export function wholeNumber(args: Readonly<Record<string, unknown>>, name: string, least = 0): number | undefined {
  const text = args[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === "" || !Number.isSafeInteger(value) || value < least)
    throw new UsageError(`--${name}: expected a whole number from ${least}, got ${JSON.stringify(text)}`);
  return value;
}

/** The value of an option that must be a positive number, or undefined where it is not given. Throws UsageError. */
export function positiveNumber(args: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const text = args[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value <= 0)
    throw new UsageError(`--${name}: expected a positive number, got ${JSON.stringify(text)}`);
  return value;
}

/** A lattice given as "4,4,4,8" or "4x4x4x8". Throws UsageError. */
export function latticeOption(text: string): readonly number[] {
  const extents = text
    .trim()
    .split(/\s*[,x]\s*|\s+/)
    .map((word) => (word === "" ? Number.NaN : Number(word)));
  if (extents.length > 4 || extents.some((extent) => !Number.isInteger(extent) || extent < 1))
    throw new UsageError(
      `--lattice: expected 1 to 4 extents like 4,4,4,8 (the last is time), got ${JSON.stringify(text)}`,
    );
  return extents;
}
