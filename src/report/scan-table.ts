import type { Analysis, PointAnalysis } from "./analysis.ts";
import { tauText, valueText } from "./estimates.ts";
import { scanValue } from "./names.ts";
import { scanColumns } from "./scan-columns.ts";
import { summaryLines } from "./summary.ts";

/** A table of a scan: one row a value, the scanned keys first. */
export interface ScanTable {
  /** How many of the columns hold scanned keys. */
  readonly keys: number;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Estimates against the scanned value, "(?)" where there is no error and a dash where there is nothing. */
export function scanTable(analysis: Analysis): ScanTable {
  const columns = scanColumns(analysis);
  return tableOf(
    analysis,
    columns.map(({ name }) => name),
    (point) =>
      columns.map(({ at }) => {
        const estimated = at(point);
        return estimated ? valueText(estimated) : "–";
      }),
  );
}

/** What the updates did at every value. */
export function scanUpdates(analysis: Analysis): ScanTable {
  const lines = analysis.points.map((point) => new Map([...summaryLines(point.updates), ...plaquetteTau(point)]));
  const names = [...new Set(lines.flatMap((line) => [...line.keys()]))];
  return tableOf(analysis, names, (_, i) => names.map((name) => lines[i]!.get(name) ?? "–"));
}

function plaquetteTau({ quantities }: PointAnalysis): [string, string][] {
  const plaquette = quantities.find(({ name }) => name === "plaquette")?.estimated;
  return plaquette ? [["τ_int of the plaquette", tauText(plaquette) || "(?)"]] : [];
}

function tableOf(
  { scanned, points }: Analysis,
  names: readonly string[],
  cells: (point: PointAnalysis, i: number) => readonly string[],
): ScanTable {
  return {
    keys: scanned.length,
    header: [...scanned.map(({ name }) => name), ...names],
    rows: points.map((point, i) => [...scanned.map(({ key }) => scanValue(point.scan[key])), ...cells(point, i)]),
  };
}

/** The table in pieces of at most `width`, measured by `size`, each with the scanned keys in front. */
export function broken(table: ScanTable, width: number, size: (cell: string) => number): ScanTable[] {
  const lines = [table.header, ...table.rows];
  const widths = table.header.map((_, i) => Math.max(...lines.map((cells) => size(cells[i] ?? ""))));
  const keyWidth = widths.slice(0, table.keys).reduce((sum, w) => sum + w, 0);
  const pieces: number[][] = [];
  let room = 0;
  for (let i = table.keys; i < widths.length; i++) {
    if (pieces.length === 0 || widths[i]! > room) {
      pieces.push([]);
      room = width - keyWidth;
    }
    pieces.at(-1)!.push(i);
    room -= widths[i]!;
  }
  const pick = (cells: readonly string[], piece: readonly number[]) => [
    ...cells.slice(0, table.keys),
    ...piece.map((i) => cells[i] ?? ""),
  ];
  return pieces.map((piece) => ({
    keys: table.keys,
    header: pick(table.header, piece),
    rows: table.rows.map((cells) => pick(cells, piece)),
  }));
}
