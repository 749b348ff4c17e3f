import { parse, TomlError } from "smol-toml";
import { RunFileError } from "./error.ts";
import { isTable } from "./schema.ts";

/** Parses TOML. Throws RunFileError with file, line and column where it is not TOML. */
export function parseToml(text: string, file: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]!.replace("Invalid TOML document: ", "");
    const line = text.split(/\r?\n/)[error.line - 1]?.trim() ?? "";
    throw new RunFileError([
      `${file}:${error.line}:${error.column}: not TOML: ${reason}${line && ` (in \`${line}\`)`}`,
    ]);
  }
}

/** Comment for a key, by its path without list indices and the table it stands in; undefined or "" for none. */
export type Comment = (path: readonly string[], table: Readonly<Record<string, unknown>>) => string | undefined;

/**
 * Writes a table as TOML: scalars and lists first, then `[tables]` and `[[lists of tables]]`; what is nested deeper is
 * written inline, lists of tables only where they fit on a line. Keys keep their order, so the same table always gives
 * the same text.
 */
export function writeToml(table: Readonly<Record<string, unknown>>, comment: Comment = () => undefined): string {
  const lines: string[] = [];
  const blocks: string[] = [];
  for (const [key, value] of Object.entries(table)) {
    const tables = isTable(value) ? [value] : isListOfTables(value) ? value : undefined;
    if (!tables) lines.push(...line(key, value, comment([key], table)));
    for (const entry of tables ?? []) blocks.push(...block([key], entry, !isTable(value), comment));
  }
  return `${[lines.join("\n"), ...blocks].filter((part) => part !== "").join("\n\n")}\n`;
}

/** A table, and after it those of its lists of tables that need a block for each. */
function block(path: readonly string[], table: Record<string, unknown>, repeated: boolean, comment: Comment): string[] {
  const title = path.map(quote).join(".");
  const header = repeated ? `[[${title}]]` : `[${title}]`;
  const about = comment(path, table);
  const lines: string[] = [];
  const blocks: string[] = [];
  for (const [name, value] of Object.entries(table)) {
    const own = [...path, name];
    if (isListOfTables(value) && writeValue(value).length > longest)
      blocks.push(...value.flatMap((entry) => block(own, entry, true, comment)));
    else lines.push(...line(name, value, comment(own, table)));
  }
  return [[...(about ? [`# ${about}`] : []), header, ...lines].join("\n"), ...blocks];
}

/** A list of tables beyond so many characters is no pleasure to read in one line. */
const longest = 100;

const line = (key: string, value: unknown, about: string | undefined): string[] => [
  `${quote(key)} = ${writeValue(value)}${about ? `  # ${about.replace(/\s*\n\s*/g, " ")}` : ""}`,
];

/** One TOML value on one line. Throws a TypeError for what TOML cannot hold. */
export function writeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value).replaceAll("\x7f", "\\u007f");
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeNumber(value);
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (!isTable(value)) throw new TypeError(`TOML cannot hold ${String(value)}`);
  const entries = Object.entries(value).map(([key, entry]) => `${quote(key)} = ${writeValue(entry)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  // Beyond 2^53 a TOML reader may refuse an integer, so what is that large is written as a float.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

const quote = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : writeValue(key));

const isListOfTables = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isTable);
