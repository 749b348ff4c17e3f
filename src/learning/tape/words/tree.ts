import { type Letter, placeName, type Word } from "./word.ts";

/** A word and the output it belongs to. */
export interface Leaf {
  readonly word: Word;
  readonly output: number;
}

/** The tree of words with common beginnings, so that these are multiplied once. */
export interface Node {
  /** What this node appends to the words; the root appends nothing. */
  readonly letter: Letter | undefined;
  /** The words that end here. */
  readonly ends: Leaf[];
  readonly next: Map<string, Node>;
}

export function treeOf(leaves: readonly Leaf[]): Node {
  const root: Node = { letter: undefined, ends: [], next: new Map() };
  for (const leaf of leaves) {
    let node = root;
    for (const letter of leaf.word.letters) {
      const name = `${letter.source},${letter.mu},${letter.dagger},${placeName(letter.x)}`;
      const next: Node = node.next.get(name) ?? { letter, ends: [], next: new Map() };
      node.next.set(name, next);
      node = next;
    }
    node.ends.push(leaf);
  }
  return root;
}

/** All words of a tree, those with a common beginning one after the other. */
export const leavesOf = (node: Node): Leaf[] => [...node.ends, ...[...node.next.values()].flatMap(leavesOf)];

/** Whether the product of `length` matrices that leads to a node is worth a matrix in memory, `longest` being the most for one function. */
export const isKept = (node: Node, length: number, longest: number): boolean =>
  length > 1 && (node.next.size + node.ends.length > 1 || (length === longest && node.next.size > 0));

/** How many products on the way to a word are kept at the same time, at most. */
export function depth(node: Node, longest: number, length = 0): number {
  return [...node.next.values()].reduce((most, child) => {
    const kept = isKept(child, length + 1, longest);
    return Math.max(most, (kept ? 1 : 0) + depth(child, longest, kept ? 1 : length + 1));
  }, 0);
}
