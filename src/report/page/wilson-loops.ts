import type { Quantity } from "../analysis.ts";
import { valueText } from "../estimates.ts";
import { wilsonGrid } from "../wilson-grid.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";

/** W(R,T) with R down and T across; undefined where there are none. */
export function wilsonLoopTable(quantities: readonly Quantity[]): Markup | undefined {
  const grid = wilsonGrid(quantities);
  if (!grid) return undefined;
  const cell = (loop: Quantity | undefined) =>
    markup`<td class="number">${loop && numberMarkup(valueText(loop.estimated))}</td>`;
  return markup`<h3>Wilson loops W(R, T)</h3>
<div class="table"><table>
<thead><tr><th></th>${grid.times.map((t) => markup`<th class="number">T = ${t}</th>`)}</tr></thead>
<tbody>${grid.rows.map(
    ({ r, cells }) => markup`<tr><th scope="row">R = ${r}</th>${cells.map(cell)}</tr>
`,
  )}</tbody></table></div>
<p class="note">${grid.caption}.</p>`;
}
