import type { Analysis, PointAnalysis } from "../analysis.ts";
import { scanFigure } from "../figures/scan.ts";
import { scanValue } from "../names.ts";
import { scanColumns } from "../scan-columns.ts";
import { broken, type ScanTable, scanTable } from "../scan-table.ts";
import { captioned } from "./captioned.ts";
import { errorsNote } from "./estimates.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";

/** Every quantity against the scanned value, drawn and as a table; undefined without a scan. */
export function scanSection(analysis: Analysis): Markup | undefined {
  const { scanned, points } = analysis;
  if (scanned.length === 0) return undefined;
  const xLabel = scanned.map(({ name }) => name).join(", ");
  const values = points.map((point) => position(point, scanned));
  const figures = scanColumns(analysis).flatMap(({ name, at }) => {
    const all = points.flatMap((point) => {
      const estimated = at(point);
      return estimated ? [{ point, ...estimated }] : [];
    });
    const found = all.flatMap(({ point, mean, error }) =>
      error === undefined ? [] : [{ x: position(point, scanned), mean, error }],
    );
    const left = all.length - found.length;
    const missing = `Without an error, and left out: ${left} of ${all.length}.`;
    return found.length > 0
      ? captioned(scanFigure({ xLabel, name, points: found, values }), left > 0 ? missing : undefined)
      : [];
  });
  return markup`<h2>Scan of ${xLabel}</h2>
${figures.length > 0 ? markup`<div class="pair">${figures}</div>` : markup`<p class="note">No value has an error yet.</p>`}
${broken(scanTable(analysis), columnsWidth, (cell) => cell.length + 3).map(tableMarkup)}
${errorsNote}`;
}

/** Characters that fit side by side on the page. */
const columnsWidth = 92;

function tableMarkup({ keys, header, rows }: ScanTable): Markup {
  const aligned = (i: number) => (i < keys ? "" : "number");
  return markup`<div class="table"><table>
<thead><tr>${header.map((name, i) => markup`<th class="${aligned(i)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) => markup`<tr>${cells.map((cell, i) => markup`<td class="${aligned(i)}">${numberMarkup(cell)}</td>`)}</tr>
`,
  )}</tbody></table></div>
`;
}

/** One scanned number is an axis; several keys at once, or words, are names on it. */
function position({ scan, name }: PointAnalysis, scanned: Analysis["scanned"]): number | string {
  const [only] = scanned;
  const value = only && scanned.length === 1 ? scan[only.key] : undefined;
  return typeof value === "number" ? value : value === undefined ? name : scanValue(value);
}
