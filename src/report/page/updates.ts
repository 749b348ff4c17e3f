import type { MemberRecord } from "../../storage/run-directory/record.ts";
import type { PointAnalysis, Quantity } from "../analysis.ts";
import { deltaHFigure } from "../figures/delta-h.ts";
import { duration, stuckNote, summaryLines } from "../summary.ts";
import { deltaHOf } from "../updates.ts";
import { captioned } from "./captioned.ts";
import { type Markup, markup } from "./markup.ts";
import { numberMarkup } from "./number.ts";

/** Acceptance, energy violation and cost of the updates, with the histogram of deltaH. */
export function updatesSection(point: PointAnalysis, members: readonly MemberRecord[]): Markup {
  const values = deltaHOf(members).flat();
  const lines = summaryLines(point.updates);
  const plaquette = point.quantities.find(({ observable }) => observable === "plaquette");
  const cost = plaquette && costOf(plaquette, point.updates.secondsPerUpdate);
  const list = markup`<dl>${lines.map(([name, value]) => markup`<dt>${name}</dt><dd>${numberMarkup(value)}</dd>`)}${
    cost && markup`<dt>time per independent plaquette</dt><dd>${cost}</dd>`
  }</dl>`;
  const note = stuckNote(point.updates, point.members.length);
  const alarm = note && markup`<div class="alarm" role="note">${note}</div>`;
  if (values.filter(Number.isFinite).length < 2) return markup`${list}${alarm}`;
  return markup`${alarm}<div class="pair">${list}${captioned(
    deltaHFigure(values),
    markup`Energy violation of ${values.length} trajectories. The line is the Gaussian of mean σ²/2 and variance σ² that ⟨exp(−ΔH)⟩ = 1 asks for.`,
  )}</div>`;
}

/** 2 tau_int measurements, in time. */
function costOf({ estimated, every = 1 }: Quantity, secondsPerUpdate: number): string | undefined {
  if (estimated.refused || !Number.isFinite(secondsPerUpdate)) return undefined;
  return duration(2 * estimated.tauInt * every * secondsPerUpdate);
}
