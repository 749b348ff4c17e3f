import { type CorrelatorAnalysis, correlatorRows } from "../correlator.ts";
import { effectiveMassFigure } from "../figures/effective-mass.ts";
import { footnotes } from "../footnotes.ts";
import { observableTitle } from "../names.ts";
import { captioned } from "./captioned.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";

/**
 * C(t) with the effective masses between t and t + 1, drawn where there are any; what is to be remarked becomes a
 * note below.
 */
export function correlatorTable(correlator: CorrelatorAnalysis): Markup {
  const { header, rows } = correlatorRows(correlator);
  const [title, ...columns] = header;
  const notes = footnotes();
  const cell = (text: string) => markup`<td class="number">${numberMarkup(text)}</td>`;
  const body = rows.map(({ cells: [time, ...values], remark }) => {
    const mark = remark === undefined ? undefined : markup` <sup>${notes.mark(remark)}</sup>`;
    return markup`<tr><th scope="row">${time}${mark}</th>${values.map(cell)}</tr>
`;
  });
  const said = notes.texts();
  return markup`<h3>${title}</h3>
${massFigure(correlator)}
<div class="table"><table>
<thead><tr><th></th>${columns.map((name) => markup`<th class="number">${name}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>
${said.length > 0 && markup`<ol class="notes">${said.map((text) => markup`<li>${text}</li>`)}</ol>`}
<p class="note">Effective masses are between t and t + 1, from the average of C(t) and C(T − t): of one state that also comes round the lattice (cosh), and ln C(t)/C(t + 1).</p>`;
}

/** The masses that have errors; undefined with fewer than two times to compare. */
function massFigure({ observable, label, times }: CorrelatorAnalysis): Markup | undefined {
  const curves = (["cosh", "log"] as const).map((kind) => ({
    label: kind,
    points: times.flatMap(({ t, mass }) => {
      const estimated = mass?.[kind];
      return estimated && !estimated.refused ? [{ t, mass: estimated.mean, error: estimated.error }] : [];
    }),
  }));
  if (curves.every(({ points }) => points.length < 2)) return undefined;
  const left = times.filter(({ mass }) => mass?.cosh.refused).length;
  const name = `${observableTitle(observable)}, ${label}(t)`;
  const found = curves.filter(({ points }) => points.length > 0);
  return captioned(
    effectiveMassFigure(name, found),
    left > 0
      ? `Without an error, and left out: ${left} of ${times.filter(({ mass }) => mass).length} (cosh).`
      : undefined,
  );
}
