/**
 * Words: products of matrices that stand around a site. They are what covariant networks are made of, and their
 * derivatives are words again (derive.ts), so one generator (emit.ts) serves every sum of loops, staples and lines.
 */

/** A place relative to the site of a word: whole steps, one number a direction. */
export type Displacement = readonly number[];

/** The matrix of field number `source` in direction `mu` (from 0) that stands at n + x, daggered or not. */
export interface Letter {
  readonly source: number;
  readonly mu: number;
  readonly x: Displacement;
  readonly dagger: boolean;
}

/** The real number in `slot` of the real field number `field` at n + x. */
export interface RealFactor {
  readonly field: number;
  readonly slot: number;
  readonly x: Displacement;
}

/** factor * c[constant] * (product of the reals) * (product of the letters, from left to right); no letters are 1. */
export interface Word {
  readonly letters: readonly Letter[];
  readonly reals?: readonly RealFactor[];
  /** Known when the kernel is generated; 1 by default. */
  readonly factor?: number;
  /** Which constant multiplies the word, a number given at every run; none by default. */
  readonly constant?: number;
}

/** Lists of words, one an output: a direction of a matrix field, or a slot of a real field for their traces. */
export interface Words {
  /** How many matrix fields the letters read. */
  readonly sources: number;
  /** Slots of every real field that factors are read from. */
  readonly reals: readonly number[];
  /** How many constants there are. */
  readonly constants: number;
  readonly lists: readonly (readonly Word[])[];
}

/** A letter; x is where it stands from the site, by default at it. */
export const letter = (source: number, mu: number, x: Displacement = [], dagger = false): Letter => ({
  source,
  mu,
  x,
  dagger,
});

/** The same letter daggered. */
export const daggered = (a: Letter): Letter => ({ ...a, dagger: !a.dagger });

/** `steps` steps in direction mu, in a lattice of d directions. */
export const along = (d: number, mu: number, steps = 1): Displacement =>
  Array.from({ length: d }, (_, nu) => (nu === mu ? steps : 0));

/** x + y; what is left out counts as zero. */
export const moved = (x: Displacement, y: Displacement): Displacement =>
  Array.from({ length: Math.max(x.length, y.length) }, (_, mu) => (x[mu] ?? 0) + (y[mu] ?? 0));

export const opposite = (x: Displacement): Displacement => x.map((c) => (c === 0 ? 0 : -c));

/** The name of a place; trailing zeros do not count. */
export function placeName(x: Displacement): string {
  let length = x.length;
  while (length > 0 && x[length - 1] === 0) length--;
  return x.slice(0, length).join();
}

/** The links of `source` along a path of signed steps, 1-based as in physics/loops/path.ts, from the site or from `start`. */
export function pathLetters(source: number, path: readonly number[], start: Displacement = []): Letter[] {
  let x = start;
  return path.map((step) => {
    const mu = Math.abs(step) - 1;
    const next = moved(x, along(mu + 1, mu, Math.sign(step)));
    const here = letter(source, mu, step > 0 ? x : next, step < 0);
    x = next;
    return here;
  });
}

/** Names words completely; part of the key of the module that computes them. */
export function wordsName({ sources, reals, constants, lists }: Words): string {
  const letterName = (a: Letter) => `${a.source}${a.dagger ? "'" : "."}${a.mu}(${placeName(a.x)})`;
  const realName = (r: RealFactor) => `${r.field}:${r.slot}(${placeName(r.x)})`;
  const wordName = (w: Word) =>
    `${w.factor ?? 1}c${w.constant ?? ""}r${(w.reals ?? []).map(realName).join("")}w${w.letters.map(letterName).join("")}`;
  return `${sources};${reals.join()};${constants};${lists.map((list) => list.map(wordName).join(" ")).join("|")}`;
}

/**
 * Throws a RangeError that names the first number out of range: sources, directions, displacements, real fields and
 * slots, constants, of a lattice of d directions.
 */
export function checkWords(what: string, words: Words, d: number): void {
  const inside = (name: string, value: number, count: number, at: string) => {
    if (!Number.isInteger(value) || value < 0 || value >= count)
      throw new RangeError(`${what}: ${at} asks for ${name} ${value}; there are ${count}, numbered from 0`);
  };
  const place = (x: Displacement, at: string) => {
    if (x.length > d || x.some((c) => !Number.isInteger(c)))
      throw new RangeError(`${what}: ${at} stands at (${x.join(", ")}); expected at most ${d} whole steps`);
  };
  words.lists.forEach((list, output) => {
    list.forEach((word, i) => {
      const at = `word ${i} of output ${output}`;
      for (const a of word.letters) {
        inside("source", a.source, words.sources, at);
        inside("direction", a.mu, d, at);
        place(a.x, at);
      }
      for (const r of word.reals ?? []) {
        inside("real field", r.field, words.reals.length, at);
        inside("slot", r.slot, words.reals[r.field]!, at);
        place(r.x, at);
      }
      if (word.constant !== undefined) inside("constant", word.constant, words.constants, at);
    });
  });
}
