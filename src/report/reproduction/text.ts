import { aligned, paragraphs } from "../aligned.ts";
import { footnotes } from "../footnotes.ts";
import type { Reproduction } from "./reproduce.ts";
import { agreementSentences, assertionSentences, numberLines, powerSentences, theorySentences } from "./words.ts";

/** A reproduction as text for the terminal; what is refused has a footnote. */
export function renderReproductionTable(found: Reproduction): string {
  const notes = footnotes();
  const { header, lines } = numberLines(found);
  const table = aligned(
    [
      [...header, ""],
      ...lines.map(({ cells, remark }) => [...cells, remark === undefined ? "" : `${notes.mark(remark)})`]),
    ],
    true,
  );
  return `${paragraphs([
    table,
    found.rows.some(({ independent }) => independent) ? ["independent: by another program, with the same set-up"] : [],
    agreementSentences(found),
    assertionSentences(found),
    powerSentences(found),
    theorySentences(found),
    notes.texts().map((note, i) => `${i + 1}) ${note}`),
  ])}\n`;
}
