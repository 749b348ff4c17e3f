import type { PointAnalysis, Quantity } from "../analysis.ts";
import { isCorrelator } from "../correlator.ts";
import { remark, tauText, valueText } from "../estimates.ts";
import { type Footnotes, footnotes } from "../footnotes.ts";
import { isWilsonLoop } from "../wilson-grid.ts";
import { correlatorTable } from "./correlators.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";
import { wilsonLoopTables } from "./wilson-loops.ts";

/** How to read the tables, said once a page. */
export const errorsNote: Markup = markup`<p class="note">Errors are one standard deviation, in brackets on the last digits, by the Γ method (of t<sub>0</sub> and w<sub>0</sub> by the jackknife over bins of 2τ<sub>int</sub>). τ<sub>int</sub> is in units of the distance between measurements; independent ones have ½. (?) stands for an error that the data do not allow.</p>`;

/** The tables of estimates of one point; what is to be remarked of a number becomes a note below. */
export function estimatesTable({ quantities, flow, correlators }: PointAnalysis): Markup {
  if (quantities.length === 0) return markup`<p class="note">No measurements in the production phase yet.</p>`;
  const notes = footnotes();
  const single = quantities.filter((quantity) => !isWilsonLoop(quantity) && !isCorrelator(quantity));
  const rows = single.filter(({ flowTime }) => flowTime === undefined).map((quantity) => estimateRow(quantity, notes));
  const flowed = single.filter(({ flowTime }) => flowTime !== undefined);
  const flowRows = [...scaleRows(flow, notes), ...flowed.map((quantity) => estimateRow(quantity, notes))];
  const said = notes.texts();
  return markup`<div class="table"><table>
<thead><tr><th>observable</th><th class="number">value</th><th class="number">τ<sub>int</sub></th><th class="number">measurements</th><th class="number">every</th></tr></thead>
<tbody>${rows}${
    flowRows.length > 0 &&
    markup`<tr class="group"><td colspan="5">Along the gradient flow</td></tr>
${flowRows}`
  }</tbody></table></div>
${said.length > 0 && markup`<ol class="notes">${said.map((text) => markup`<li>${text}</li>`)}</ol>`}
${wilsonLoopTables(quantities)}
${correlators.map(correlatorTable)}`;
}

function estimateRow({ name, estimated, every }: Quantity, notes: Footnotes): Markup {
  return row(name, valueText(estimated), tauText(estimated), estimated.n, every, note(notes, remark(estimated)));
}

function scaleRows(flow: PointAnalysis["flow"], notes: Footnotes): Markup[] {
  return flow.flatMap(({ label, t0, w0 }) =>
    (
      [
        ["t", t0],
        ["w", w0],
      ] as const
    ).map(([letter, estimated]) => {
      const mark = note(notes, estimated.refused ? estimated.reason : undefined);
      const name = markup`<i>${letter}</i><sub>0</sub> (${label})`;
      return row(name, valueText(estimated), "", estimated.n, undefined, mark);
    }),
  );
}

function row(
  name: Markup | string,
  value: string,
  tau: string,
  n: number,
  every: number | undefined,
  mark: Markup | undefined,
): Markup {
  return markup`<tr><td>${name}${mark}</td><td class="number">${numberMarkup(value)}</td><td class="number">${tau}</td><td class="number">${n}</td><td class="number">${every}</td></tr>
`;
}

const note = (notes: Footnotes, text: string | undefined): Markup | undefined =>
  text === undefined ? undefined : markup` <sup>${notes.mark(text)}</sup>`;
