import { at, setZero } from "../../../kernels/algebra/matrix.ts";
import { type FunctionRef, type Int, ModuleBuilder } from "../../../kernels/builder.ts";
import type { ModuleIr, ValueType } from "../../../kernels/ir.ts";
import { blockBytes, type LinkLayout, linkBytes, vecBytes } from "../../../lattice/links/layout.ts";
import { wordFunction } from "./emitter.ts";
import { type Leaf, leavesOf, treeOf } from "./tree.ts";
import type { Words } from "./word.ts";

/** What is done with words: their sums go to (or are added to) a matrix field, or their traces to a real field. */
export type Task = "write" | "add" | "write traces" | "add traces";

/** Words of one internal function; with more of them its locals would crowd each other out. */
const WORDS_OF_A_FUNCTION = 24;

/**
 * The kernel `run` of some words, over blocks. Its parameters are the addresses of the sources, of the real fields, of
 * the step tables and of the output, then the constants (f64).
 */
export function wordKernels(layout: LinkLayout, words: Words, task: Task): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const pointers = words.sources + words.reals.length + 1;
  const types: ValueType[] = [...i32(pointers + 1), ...f64(words.constants)];
  const writes = task.startsWith("write");
  const matrices = task === "write" || task === "add";
  const functions = matrices ? matrixFunctions(m, layout, words) : [traceFunctions(m, layout, words)];
  const bytes = matrices ? linkBytes(layout) : words.lists.length * vecBytes(layout);
  m.kernel("run", types, (k, { begin, end, scratch }, ...args) => {
    const given = args.filter((_, i) => i !== pointers);
    k.for(begin, end, (block) => {
      const first = (args[pointers] as Int).add(block.mul(matrices ? blockBytes(layout) : bytes));
      functions.forEach((list, output) => {
        if (list.length === 0 && !writes) return;
        const out = k.let(first.add(output * bytes));
        if (writes && matrices) setZero(k, layout.group.n, at(out));
        else if (writes) for (let slot = 0; slot < words.lists.length; slot++) k.store(out, slot * k.vecBytes, 0);
        for (const one of list) k.call(one, block, out, scratch, ...given);
      });
    });
  });
  return m.finish();
}

/**
 * The kernel `run` that sums the traces of words over the lattice, one component a list. Its parameters are those of
 * `wordKernels`, with the address of the partial sums before them in place of the output.
 */
export function wordSumKernels(layout: LinkLayout, words: Words): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const functions = traceFunctions(m, layout, words);
  const types: ValueType[] = [...i32(1 + words.sources + words.reals.length + 1), ...f64(words.constants)];
  m.kernel("run", types, (k, { begin, end, scratch, chunk }, ...args) => {
    const [partials, ...given] = args as [Int, ...Int[]];
    const out = k.let(partials.add(chunk.mul(words.lists.length * k.vecBytes)));
    for (let slot = 0; slot < words.lists.length; slot++) k.store(out, slot * k.vecBytes, 0);
    k.for(begin, end, (block) => {
      for (const one of functions) k.call(one, block, out, scratch, ...given);
    });
  });
  return m.finish();
}

const i32 = (length: number) => Array.from({ length }, () => "i32" as const);
const f64 = (length: number) => Array.from({ length }, () => "f64" as const);

/** The functions of every direction. */
const matrixFunctions = (m: ModuleBuilder, layout: LinkLayout, words: Words): FunctionRef[][] =>
  words.lists.map((list, mu) =>
    parts(list.map((word) => ({ word, output: 0 }))).map((leaves, i) =>
      wordFunction(m, layout, `words ${mu} ${i}`, words, leaves, "matrix"),
    ),
  );

/** The functions of all slots together. */
const traceFunctions = (m: ModuleBuilder, layout: LinkLayout, words: Words): FunctionRef[] =>
  parts(words.lists.flatMap((list, output) => list.map((word): Leaf => ({ word, output })))).map((leaves, i) =>
    wordFunction(m, layout, `traces ${i}`, words, leaves, "traces"),
  );

/** The words in pieces, those with common beginnings side by side. */
function parts(leaves: readonly Leaf[]): Leaf[][] {
  const ordered = leavesOf(treeOf(leaves));
  const cut: Leaf[][] = [];
  for (let i = 0; i < ordered.length; i += WORDS_OF_A_FUNCTION) cut.push(ordered.slice(i, i + WORDS_OF_A_FUNCTION));
  return cut;
}
