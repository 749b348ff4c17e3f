import { tableMarkup } from "../comparison/page.ts";
import { type LossCurve, lossFigure } from "../figures/loss.ts";
import { pointsFigure } from "../figures/points.ts";
import { captioned } from "../page/captioned.ts";
import { document } from "../page/document.ts";
import { type Markup, markup } from "../page/markup.ts";
import { type ChainTraining, lossText } from "../training.ts";
import type { Reproduction } from "./reproduce.ts";
import { agreementSentences, assertionSentences, numberLines, powerSentences, theorySentences } from "./words.ts";

/** What a page says besides the numbers. Paths are relative to the page. */
export interface ReproductionText {
  readonly title: string;
  readonly about: readonly string[];
  readonly cite: readonly string[];
  /** The command that made it. */
  readonly command: string;
  /** Pages that compare the runs of a theory with one another. */
  readonly comparisons: readonly string[];
}

/** The reproduction as one HTML file that needs nothing else; run files and reports of the runs lie beside it. */
export function renderReproduction(found: Reproduction, text: ReproductionText): string {
  const said = [...agreementSentences(found), ...assertionSentences(found)];
  const alarms = said.filter((sentence) => sentence.includes("! "));
  return document(
    text.title,
    markup`<header>
<p class="kicker">Reproduction</p>
<h1>${text.title}</h1>
<p class="lead">${text.cite.join("; ")}</p>
</header>
${text.about.map((sentence) => markup`<p>${sentence}</p>`)}
<h2>Numbers</h2>
${alarms.length > 0 && markup`<div class="alarm" role="note">${list(alarms.map(unmarked))}</div>`}
${tableMarkup(numberLines(found), 2)}
<p class="note">Independent: by another program, with the same set-up. Δ/σ is the difference over the error of both; (?) stands for an error that the data do not allow. τ<sub>int</sub> in updates.</p>
${list([...said.filter((sentence) => !alarms.includes(sentence)), ...powerSentences(found)])}
${found.figures.map(({ data, caption }) => captioned(pointsFigure(data), caption))}
${found.theories.length > 0 && markup`<h2>Agreement of the runs</h2>${list(theorySentences(found))}`}
${text.comparisons.map((path) => markup`<p class="note">Costs and agreement in full: <a href="${path}">${path}</a></p>`)}
${found.trainings.length > 0 && markup`<h2>Training</h2>${found.trainings.map(trainingMarkup)}`}
<h2>Runs</h2>
<dl>${found.runs.map(({ run: { name }, about }) => markup`<dt>${name}</dt><dd>${about}: <a href="${name}/report.html">report</a>, <a href="${name}.toml">run file</a></dd>`)}</dl>
<footer>Made by <code>${text.command}</code>.</footer>`,
  );
}

const unmarked = (sentence: string): string => sentence.replace("! ", "");

const list = (sentences: readonly string[]): Markup | undefined =>
  sentences.length === 0 ? undefined : markup`<ul>${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;

/** Single losses are drawn of so many runs at most; they would hide the means of more. */
const drawnWhole = 2;

function trainingMarkup({ objective, chains }: Reproduction["trainings"][number]): Markup {
  const curves = chains.map((chain) => curveOf(chain, chains.length <= drawnWhole));
  return markup`<h3>Loss: ${objective}</h3>
${captioned(lossFigure(curves), chains.length <= drawnWhole ? "The loss of every trajectory that was learnt from, and its running mean." : "Running means of the loss.")}
<dl>${chains.map((chain) => markup`<dt>${chain.label}</dt><dd>${lossText(chain)}</dd>`)}</dl>`;
}

function curveOf({ label, losses, means }: ChainTraining, whole: boolean): LossCurve {
  const running = losses.map(({ trajectory }, i) => ({ x: trajectory, y: means[i]! }));
  return {
    label,
    points: whole ? losses.map(({ trajectory, loss }) => ({ x: trajectory, y: loss })) : running,
    means: running,
  };
}
