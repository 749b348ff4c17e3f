import { aligned, paragraphs } from "../aligned.ts";
import { footnotes } from "../footnotes.ts";
import type { Comparison } from "./compare.ts";
import { commonGround, disagreements, trainingLines, verdict } from "./sentences.ts";
import { agreementLines, observableLines, runLines, timeUnit, type WordTable } from "./words.ts";

/** A comparison as text for the terminal; what is refused has a footnote. */
export function renderComparisonTable(comparison: Comparison): string {
  const notes = footnotes();
  const table = ({ header, lines }: WordTable) =>
    aligned(
      [
        [...header, ""],
        ...lines.map(({ cells, remark }) => [...cells, remark === undefined ? "" : `${notes.mark(remark)})`]),
      ],
      true,
    );
  const unit = timeUnit(comparison);
  const observables = observableLines(comparison, unit);
  const agreement = agreementLines(comparison);
  return `${paragraphs([
    [commonGround(comparison)].filter((line) => line !== ""),
    table(runLines(comparison)),
    trainingLines(comparison),
    observables.lines.length > 0 ? table(observables) : ["no measurements in the production phase yet"],
    [
      "τ_int in updates; cost: time, force evaluations, solver iterations per independent configuration, 2 τ_int updates",
    ],
    agreement.lines.length > 0 ? table(agreement) : [],
    [verdict(comparison), ...disagreements(comparison).map((line) => `! ${line}`)],
    comparison.cautions.map(({ sentence }) => `caution: ${sentence}`),
    notes.texts().map((note, i) => `${i + 1}) ${note}`),
  ])}\n`;
}
