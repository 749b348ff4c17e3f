import { closeSync, mkdirSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Measured, RunEvent, Stepped } from "../../sampling/events.ts";
import { writeAll } from "./atomic-file.ts";
import { readEvents } from "./event-log.ts";
import { explained, RunDirectoryError } from "./explain.ts";
import type { RunPaths } from "./run-directory.ts";

/** A table that grows row by row in a temporary file, so that a long run never has to fit into memory. */
interface Table {
  readonly file: string;
  readonly fd: number;
  readonly columns: string;
  pending: string[];
}

const pendingRows = 1024;

/**
 * Writes measurements/<observable>.csv for every observable of a chain, <observable>.flow.csv for what was measured along
 * the gradient flow, and updates.csv with what every update did. All are derived: they may be deleted and made again.
 * Returns the paths of the files.
 */
export function writeMeasurements(paths: RunPaths): string[] {
  const folder = paths.measurements;
  explained("create", folder, () => mkdirSync(folder, { recursive: true }));
  const tables = new Map<string, Table>();
  try {
    for (const event of readEvents(paths.events)) addRow(folder, tables, event);
    for (const table of tables.values()) flush(table);
  } finally {
    for (const { fd } of tables.values()) closeSync(fd);
  }
  return [...tables.values()].map(({ file }) => {
    explained("write", file, () => renameSync(temporary(file), file));
    return file;
  });
}

function addRow(folder: string, tables: Map<string, Table>, event: RunEvent): void {
  if (event.type !== "measured" && event.type !== "stepped") return;
  const { name, columns, cells } = event.type === "measured" ? measuredRow(event) : steppedRow(event);
  const header = columns.map(quoted).join(",");
  let table = tables.get(name);
  if (!table) {
    const file = join(folder, `${name.replace(/[^\w.-]/g, "_")}.csv`);
    const fd = explained("write", file, () => openSync(temporary(file), "w"));
    table = { file, fd, columns: header, pending: [header] };
    tables.set(name, table);
  }
  if (table.columns !== header)
    throw new RunDirectoryError(`${table.file}: ${name} changes its columns from ${table.columns} to ${header}`);
  table.pending.push(cells.map((cell) => (cell === undefined ? "" : String(cell))).join(","));
  if (table.pending.length >= pendingRows) flush(table);
}

function measuredRow(event: Measured) {
  const { flowTime, trajectory, phase, name, labels, values } = event;
  const flowed = flowTime !== undefined;
  return {
    name: flowed ? `${name}.flow` : name,
    columns: ["trajectory", "phase", ...(flowed ? ["flow_time"] : []), ...labels],
    cells: [trajectory, phase, ...(flowed ? [flowTime] : []), ...values],
  };
}

const steppedRow = ({ trajectory, phase, accepted, acceptance, deltaH, forces, seconds }: Stepped) => ({
  name: "updates",
  columns: ["trajectory", "phase", "accepted", "acceptance", "delta_h", "forces", "seconds"],
  cells: [
    trajectory,
    phase,
    accepted === undefined ? undefined : Number(accepted),
    acceptance,
    deltaH,
    forces,
    seconds,
  ],
});

function flush(table: Table): void {
  const text = table.pending.map((row) => `${row}\n`).join("");
  table.pending = [];
  explained("write", table.file, () => writeAll(table.fd, new TextEncoder().encode(text)));
}

const temporary = (file: string) => `${file}.tmp`;

/** RFC 4180: labels such as "W(1,1)" need quotes. */
const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
