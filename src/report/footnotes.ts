/** Footnotes of a table. */
export interface Footnotes {
  /** The number of the note for a sentence, from 1. */
  mark(sentence: string): number;
  /** The notes in order; to be taken when every mark is set. */
  texts(): string[];
}

/**
 * The same sentence has one number. Sentences that begin alike ("the chain is too short: …") share one too and only the
 * first is shown: a short run would otherwise have more notes than numbers.
 */
export function footnotes(): Footnotes {
  const groups: { readonly head: string; readonly sentences: Set<string>; marks: number }[] = [];
  const headOf = (sentence: string) => /^(.*?): /.exec(sentence)?.[1] ?? sentence;
  return {
    mark(sentence) {
      const head = headOf(sentence);
      let i = groups.findIndex((group) => group.head === head);
      if (i < 0) i = groups.push({ head, sentences: new Set(), marks: 0 }) - 1;
      groups[i]!.sentences.add(sentence);
      groups[i]!.marks += 1;
      return i + 1;
    },
    texts: () =>
      groups.map(({ sentences, marks }) => {
        const [first] = sentences;
        return sentences.size === 1 ? first! : `${first} (this is the first of ${marks} such values)`;
      }),
  };
}
