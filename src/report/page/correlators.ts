import { type CorrelatorAnalysis, correlatorRows } from "../correlator.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";

/** C(t) with the effective masses between t and t + 1; what is to be remarked stands in the last column. */
export function correlatorTable(correlator: CorrelatorAnalysis): Markup {
  const { header, rows } = correlatorRows(correlator);
  const [title, ...columns] = header;
  const cell = (text: string) => markup`<td class="number">${numberMarkup(text)}</td>`;
  return markup`<h3>${title}</h3>
<div class="table"><table>
<thead><tr><th></th>${columns.map((name) => markup`<th class="number">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({
      cells: [time, ...values],
      remark,
    }) => markup`<tr><th scope="row">${time}</th>${values.map(cell)}${remark && markup`<td>${remark}</td>`}</tr>
`,
  )}</tbody></table></div>
<p class="note">Effective masses are between t and t + 1, from the average of C(t) and C(T − t): of one state that also comes round the lattice (cosh), and ln C(t)/C(t + 1).</p>`;
}
