import { costFigure } from "../figures/cost.ts";
import { footnotes } from "../footnotes.ts";
import { captioned } from "../page/captioned.ts";
import { document } from "../page/document.ts";
import { type Markup, markup } from "../page/markup.ts";
import { numberMarkup } from "../page/number.ts";
import type { Comparison } from "./compare.ts";
import { commonGround, disagreements, trainingLines, verdict } from "./sentences.ts";
import { shownObservables } from "./shown.ts";
import { agreementLines, observableLines, runLines, timeUnit, type WordTable } from "./words.ts";

/** The comparison as one HTML file that needs nothing else, neither network nor scripts. */
export function renderComparison(comparison: Comparison): string {
  const { runs, cautions } = comparison;
  const title = runs.length > 2 ? `Comparison of ${runs.length} runs` : runs.map(({ name }) => name).join(" and ");
  const unit = timeUnit(comparison);
  const alarms = [...disagreements(comparison), ...cautions.map(({ sentence }) => sentence)];
  const training = trainingLines(comparison);
  return document(
    title,
    markup`<header>
<p class="kicker">Lattice field theory comparison</p>
<h1>${title}</h1>
<p class="lead">${commonGround(comparison)}</p>
</header>
${alarms.length > 0 && markup`<div class="alarm" role="note"><ul>${alarms.map((text) => markup`<li>${text}</li>`)}</ul></div>`}
<h2>Cost of an independent configuration</h2>
${figureOf(comparison)}
${tableMarkup(observableLines(comparison, unit), 2)}
<p class="note">τ<sub>int</sub> in updates. The cost is that of 2τ<sub>int</sub> updates: in wall time by the median time of a production update, measurements left out, and in force evaluations and solver iterations. Δ/σ is the difference from ${runs[0]!.name} over the combined error. (?) stands for a number that the data do not allow.</p>
<h2>Agreement</h2>
<p>${verdict(comparison)}</p>
${tableMarkup(agreementLines(comparison), 1)}
<h2>Runs</h2>
${tableMarkup(runLines(comparison), 1)}
${training.map((line) => markup`<p class="note">${line}.</p>`)}
<dl>${runs.map(({ name, directory }) => markup`<dt>${name}</dt><dd><code>${directory}</code></dd>`)}</dl>
<footer>Made by Plaquette. Every number can be derived again from the <code>events.jsonl</code> of the runs.</footer>`,
  );
}

function figureOf(comparison: Comparison): Markup {
  const unit = timeUnit(comparison);
  const bars = shownObservables(comparison).flatMap(({ name, values }) =>
    values.flatMap((value, i) => {
      if (!value || value.cost.refused) return [];
      const { mean, error } = value.cost.seconds;
      return [
        { observable: name, run: comparison.runs[i]!.name, mean: mean / unit.seconds, error: error / unit.seconds },
      ];
    }),
  );
  if (bars.length === 0) return markup`<p class="note">No run is long enough for a cost.</p>`;
  const names = comparison.runs.map(({ name }) => name);
  return captioned(costFigure(unit.name, names, bars));
}

/** @param words how many of the first columns hold words. */
export function tableMarkup({ header, lines }: WordTable, words: number): Markup {
  const notes = footnotes();
  const aligned = (i: number) => (i < words ? "" : "number");
  const rows = lines.map(({ cells, remark, flagged }, i) => {
    // lines without a name of their own belong to the one above
    const classes = [flagged && "flagged", lines[i + 1]?.cells[0] === "" && "open"].filter(Boolean).join(" ");
    const mark = remark === undefined ? undefined : markup` <sup>${notes.mark(remark)}</sup>`;
    return markup`<tr class="${classes}">${cells.map(
      (cell, i) => markup`<td class="${aligned(i)}">${numberMarkup(cell)}${i === words && mark}</td>`,
    )}</tr>
`;
  });
  const said = notes.texts();
  return markup`<div class="${header.length > 7 ? "table wide" : "table"}"><table>
<thead><tr>${header.map((name, i) => markup`<th class="${aligned(i)}">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>
${said.length > 0 && markup`<ol class="notes">${said.map((text) => markup`<li>${text}</li>`)}</ol>`}`;
}
