import { FormatError } from "../formats/configuration-format.ts";

/** What a step of the training told: trajectory, loss, gradient, rate, … */
export type TrainingRow = Readonly<Record<string, number>>;

/**
 * The course of a training as CSV: a column for every name that any row has, in the order in which they come up; empty
 * where a row has none. Every number is written with the digits that give it back exactly; NaN and Infinity by their names.
 */
export function writeTraining(rows: readonly TrainingRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((name) => (name in row ? number(row[name]!) : "")).join(","));
  return [columns.map(quoted).join(","), ...lines].map((line) => `${line}\n`).join("");
}

const number = (x: number) => (Object.is(x, -0) ? "-0" : String(x));

/** RFC 4180: names such as "rho[0],t" need quotes. */
const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The inverse of `writeTraining`. Throws a FormatError that names the line. */
export function readTraining(text: string): TrainingRow[] {
  const [head = "", ...lines] = text.split(/\r?\n/);
  if (lines.at(-1) !== "")
    throw new FormatError(`line ${lines.length + 1} is cut off; delete it, or write the table again`);
  const columns = [...head.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain!,
  );
  return lines.flatMap((line, i) => {
    if (line === "") return [];
    const cells = line.split(",");
    if (cells.length !== columns.length)
      throw new FormatError(`line ${i + 2} has ${cells.length} numbers for ${columns.length} columns`);
    const row: Record<string, number> = {};
    cells.forEach((cell, k) => {
      if (cell === "") return;
      const x = Number(cell);
      if (Number.isNaN(x) && cell !== "NaN") throw new FormatError(`line ${i + 2}: ${cell} is no number`);
      row[columns[k]!] = x;
    });
    return [row];
  });
}
