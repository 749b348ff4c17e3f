import { meanWindow } from "../../numerics/mean-window.ts";
import type { MemberRecord } from "../../storage/run-directory/record.ts";
import { type LossCurve, lossFigure } from "../figures/loss.ts";
import { duration } from "../summary.ts";
import { type ChainTraining, lossText, trainingOf } from "../training.ts";
import { captioned } from "./captioned.ts";
import { type Markup, markup } from "./markup.ts";

/** Chains whose loss gets a curve; more would hide each other. */
const drawn = 6;

/** The loss while a guide was trained, and what it learnt; nothing for a run that trained none. */
export function trainingSection(members: readonly MemberRecord[]): Markup | undefined {
  const chains = trainingOf(members);
  if (chains.length === 0) return undefined;
  const several = chains.length > 1;
  return markup`<dl>${chains.map(
    (chain) => markup`<dt>${several ? `loss, ${chain.label}` : "loss"}</dt><dd>${lossText(chain)}</dd>`,
  )}<dt>time</dt><dd>${duration(chains.reduce((sum, { seconds }) => sum + seconds, 0))}</dd></dl>
${captioned(
  lossFigure(chains.slice(0, drawn).map(curveOf)),
  markup`The loss of every trajectory that the guide learnt from, and its running mean over the last ${meanWindow(chains[0]?.losses.length ?? 0)}.`,
)}
${weightsTable(chains)}`;
}

const curveOf = ({ label, losses, means }: ChainTraining): LossCurve => ({
  label,
  points: losses.map(({ trajectory, loss }) => ({ x: trajectory, y: loss })),
  means: losses.map(({ trajectory }, i) => ({ x: trajectory, y: means[i]! })),
});

/** The weights that were frozen, a column a chain. */
function weightsTable(chains: readonly ChainTraining[]): Markup | undefined {
  const names = [...new Set(chains.flatMap(({ weights }) => Object.keys(weights)))];
  if (names.length === 0) return undefined;
  const cell = (x: number | undefined) => (x === undefined ? "" : String(Number(x.toPrecision(6))));
  return markup`<div class="table"><table><thead><tr><th>trained</th>${chains.map(
    ({ label }) => markup`<th class="number">${chains.length > 1 ? label : "value"}</th>`,
  )}</tr></thead><tbody>${names.map(
    (name) =>
      markup`<tr><td>${name.replace(/\[0\]$/, "")}</td>${chains.map(
        ({ weights }) => markup`<td class="number">${cell(weights[name])}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;
}
