import {
  type Displacement,
  daggered,
  type Letter,
  moved,
  opposite,
  type RealFactor,
  type Word,
  type Words,
} from "./word.ts";

/**
 * The pull-backs of words, as words. Let S depend on the outputs through dS = Re sum tr[G_mu(n) dout_mu(n)], or through
 * dS = sum g_s(n) dout_s(n) for traces. Each letter of a word at n + x receives what is left when it is cut out of the
 * closed word with G, and seen from its own place m = n + x everything stands x less far. So all pull-backs gather:
 * every place collects what the others have for it, and no two workers write to one number.
 *
 * G is one more source (its number is `words.sources`), g one more real field (number `words.reals.length`).
 */

/** Whether words are summed as matrices, or their real traces are. */
export type Kind = "sum" | "trace";

/** The words whose sum is the cotangent of source number `source`, one list a direction. */
export function pullToSource(kind: Kind, words: Words, source: number, d: number): Words {
  const lists: Word[][] = Array.from({ length: d }, () => []);
  forWords(words, (word, output) => {
    word.letters.forEach((cut, j) => {
      if (cut.source !== source) return;
      const [before, after] = [word.letters.slice(0, j), word.letters.slice(j + 1)];
      const rest = kind === "sum" ? [...after, cotangent(words, output), ...before] : [...after, ...before];
      // Re tr[X dB^dagger] = Re tr[X^dagger dB]
      const letters = cut.dagger ? rest.map(daggered).reverse() : rest;
      const reals = kind === "sum" ? word.reals : [...(word.reals ?? []), realCotangent(words, output)];
      lists[cut.mu]!.push(seenFrom(cut.x, { ...word, letters, reals: reals ?? [] }));
    });
  });
  return withCotangent(kind, words, lists);
}

/** The words whose traces are the cotangent of real field number `field`, one list a slot. */
export function pullToReal(kind: Kind, words: Words, field: number): Words {
  const lists: Word[][] = Array.from({ length: words.reals[field]! }, () => []);
  forWords(words, (word, output) => {
    const reals = word.reals ?? [];
    reals.forEach((cut, j) => {
      if (cut.field !== field) return;
      const others = reals.filter((_, i) => i !== j);
      lists[cut.slot]!.push(seenFrom(cut.x, closed(kind, words, { ...word, reals: others }, output)));
    });
  });
  return withCotangent(kind, words, lists);
}

/** The words whose traces, summed over the lattice, are the derivatives with respect to the constants, one list each. */
export function pullToConstants(kind: Kind, words: Words): Words {
  const lists: Word[][] = Array.from({ length: words.constants }, () => []);
  forWords(words, (word, output) => {
    const { constant, ...plain } = word;
    if (constant !== undefined) lists[constant]!.push(closed(kind, words, plain, output));
  });
  return withCotangent(kind, words, lists);
}

function forWords(words: Words, visit: (word: Word, output: number) => void): void {
  words.lists.forEach((list, output) => {
    for (const word of list) visit(word, output);
  });
}

const cotangent = (words: Words, mu: number): Letter => ({ source: words.sources, mu, x: [], dagger: false });
const realCotangent = (words: Words, slot: number): RealFactor => ({ field: words.reals.length, slot, x: [] });

/** The word whose trace is the contribution of `word` to dS when its own size changes. */
function closed(kind: Kind, words: Words, word: Word, output: number): Word {
  if (kind === "sum") return { ...word, letters: [cotangent(words, output), ...word.letters] };
  return { ...word, reals: [...(word.reals ?? []), realCotangent(words, output)] };
}

function withCotangent(kind: Kind, words: Words, lists: readonly (readonly Word[])[]): Words {
  const { sources, reals, constants } = words;
  return kind === "sum"
    ? { sources: sources + 1, reals, constants, lists }
    : { sources, reals: [...reals, words.lists.length], constants, lists };
}

/** The word of site n as a word of site n + x. */
function seenFrom(x: Displacement, word: Word): Word {
  const back = opposite(x);
  const shift = <T extends { readonly x: Displacement }>(a: T): T => ({ ...a, x: moved(a.x, back) });
  return { ...word, letters: word.letters.map(shift), reals: (word.reals ?? []).map(shift) };
}
