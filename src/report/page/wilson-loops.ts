import type { Quantity } from "../analysis.ts";
import { valueText } from "../estimates.ts";
import { observableTitle } from "../names.ts";
import { type WilsonGrid, wilsonGrids } from "../wilson-grid.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";

/** W(R,T) with R down and T across, a table for every name under which they were measured. */
export const wilsonLoopTables = (quantities: readonly Quantity[]): Markup[] => wilsonGrids(quantities).map(table);

function table(grid: WilsonGrid): Markup {
  const cell = (loop: Quantity | undefined) =>
    markup`<td class="number">${loop && numberMarkup(valueText(loop.estimated))}</td>`;
  return markup`<h3>${grid.observable === "wilson-loop" ? "Wilson loops" : observableTitle(grid.observable)} W(R, T)</h3>
<div class="table"><table>
<thead><tr><th></th>${grid.times.map((t) => markup`<th class="number">T = ${t}</th>`)}</tr></thead>
<tbody>${grid.rows.map(
    ({ r, cells }) => markup`<tr><th scope="row">R = ${r}</th>${cells.map(cell)}</tr>
`,
  )}</tbody></table></div>
<p class="note">${grid.caption}.</p>`;
}
