import { aligned, paragraphs, textWidth } from "./aligned.ts";
import type { Analysis, PointAnalysis, Quantity } from "./analysis.ts";
import { type CorrelatorAnalysis, correlatorRows, isCorrelator } from "./correlator.ts";
import { remark, tauText, valueText } from "./estimates.ts";
import { type Footnotes, footnotes } from "./footnotes.ts";
import { broken, type ScanTable, scanTable, scanUpdates } from "./scan-table.ts";
import { stuckNote, summaryLines } from "./summary.ts";
import { isWilsonLoop, type WilsonGrid, wilsonGrids } from "./wilson-grid.ts";

/**
 * A run as a table for the terminal: estimates with errors, tau_int and N, then the updates; remarks as footnotes. A
 * scan has one row a value.
 */
export function renderTable(analysis: Analysis): string {
  const { scanned, points, title } = analysis;
  const text = scanned.length > 0 ? scanText(analysis) : points.map(pointText).join("\n\n");
  return `${title}\n\n${text}\n`;
}

function pointText(point: PointAnalysis): string {
  const notes = footnotes();
  const single = point.quantities.filter((quantity) => !isWilsonLoop(quantity) && !isCorrelator(quantity));
  const rest = single.filter(({ flowTime }) => flowTime === undefined).map((quantity) => row(quantity, notes));
  const flowed = [...scaleRows(point, notes), ...single.filter(isFlowed).map((quantity) => row(quantity, notes))];
  const header = ["observable", "value", "τ_int", "N", ""];
  const group = flowed.length > 0 ? [[], ["along the gradient flow"]] : [];
  const estimates =
    point.quantities.length > 0
      ? aligned([header, ...rest, ...group, ...flowed], true)
      : ["no measurements in the production phase yet"];
  return paragraphs([
    estimates,
    ...wilsonGrids(point.quantities).map(wilsonLines),
    ...point.correlators.map((correlator) => correlatorLines(correlator, notes)),
    aligned(summaryLines(point.updates), false),
    stuckLines([point]),
    notes.texts().map((note, i) => `${i + 1}) ${note}`),
  ]);
}

const isFlowed = ({ flowTime }: Quantity) => flowTime !== undefined;

function scaleRows({ flow }: PointAnalysis, notes: Footnotes): string[][] {
  return flow.flatMap(({ label, t0, w0 }) => [
    [`t₀ (${label})`, valueText(t0), "", String(t0.n), mark(notes, t0.refused ? t0.reason : undefined)],
    [`w₀ (${label})`, valueText(w0), "", String(w0.n), mark(notes, w0.refused ? w0.reason : undefined)],
  ]);
}

function wilsonLines(grid: WilsonGrid): string[] {
  const rows = grid.rows.map(({ r, cells }) => [
    `R = ${r}`,
    ...cells.map((loop) => (loop ? valueText(loop.estimated) : "")),
  ]);
  const header = [
    grid.observable === "wilson-loop" ? "W(R,T)" : `W(R,T) of ${grid.observable}`,
    ...grid.times.map((t) => `T = ${t}`),
    "",
  ];
  return [...aligned([header, ...rows], true), grid.caption];
}

function correlatorLines(correlator: CorrelatorAnalysis, notes: Footnotes): string[] {
  const { header, rows } = correlatorRows(correlator);
  const lines = rows.map(({ cells, remark }) => [...cells, mark(notes, remark)]);
  return aligned([[...header, ""], ...lines], true);
}

function row({ name, estimated }: Quantity, notes: Footnotes): string[] {
  return [name, valueText(estimated), tauText(estimated), String(estimated.n), mark(notes, remark(estimated))];
}

/** The number of a footnote, "3)"; nothing where there is nothing to say. */
const mark = (notes: Footnotes, said: string | undefined): string => (said === undefined ? "" : `${notes.mark(said)})`);

const stuckLines = (points: readonly PointAnalysis[]): string[] =>
  points.flatMap(({ name, members, updates }) => {
    const note = stuckNote(updates, members.length);
    return note === undefined ? [] : `warning: ${name ? `${name}: ` : ""}${note}`;
  });

/** Columns of a scan that stand side by side. */
const scanWidth = 100;

function scanText(analysis: Analysis): string {
  const estimates = scanTable(analysis);
  const refused = estimates.rows.some((cells) => cells.some((cell) => cell.endsWith("(?)")));
  const lines = (table: ScanTable) =>
    broken(table, scanWidth, (cell) => textWidth(cell) + 2).map(({ header, rows }) =>
      aligned([[...header, ""], ...rows], true),
    );
  return paragraphs([
    ...lines(estimates),
    ...lines(scanUpdates(analysis)),
    stuckLines(analysis.points),
    refused ? ["(?) stands for an error that the data do not allow; the report and --json say why"] : [],
  ]);
}
