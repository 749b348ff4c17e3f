import { describe, expect, test } from "vitest";
import type { Device } from "../../../kernels/device.ts";
import { describeKernel } from "../../../kernels/kernel.contract.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { linkSpace } from "../../../physics/testing.contract.ts";
import type { Kind } from "./derive.ts";
import { WordProgram } from "./program.ts";
import { letter, pathLetters } from "./word.ts";
import {
  loadPlain,
  type PlainOperands,
  randomPlain,
  randomWords,
  spaceOn,
  storePlain,
  wordsReference,
} from "./words.contract.ts";

interface Shape {
  readonly kind: Kind;
  readonly group: string;
  readonly extents: readonly number[];
}

const shapes: readonly Shape[] = [
  { kind: "sum", group: "SU(3)", extents: [4, 2, 2, 2] },
  { kind: "sum", group: "SU(2)", extents: [3, 4, 2] },
  { kind: "sum", group: "SU(4)", extents: [3, 3] },
  { kind: "sum", group: "SU(5)", extents: [2, 4] },
  { kind: "sum", group: "U(1)", extents: [5, 4] },
  { kind: "sum", group: "SU(2)", extents: [1, 4, 3] },
  { kind: "trace", group: "SU(2)", extents: [4, 2, 2, 2] },
  { kind: "trace", group: "SU(3)", extents: [4, 3, 2] },
  { kind: "trace", group: "SU(4)", extents: [5, 3] },
  { kind: "trace", group: "SU(6)", extents: [4] },
  { kind: "trace", group: "U(1)", extents: [4, 6] },
];

const SLOTS = 4;

function problem({ kind, group, extents }: Shape) {
  const { n } = parseGroup(group);
  const d = extents.length;
  const words = randomWords(d, kind === "sum" ? d : SLOTS, `${kind} ${group}`);
  const operands: PlainOperands = {
    sources: ["a", "b"].map((name) => randomPlain(extents, 2 * d * n * n, name)),
    reals: words.reals.map((slots, i) => randomPlain(extents, slots, `real ${i}`)),
    constants: [0.7, -1.3],
  };
  return { n, words, operands };
}

function run(device: Device, shape: Shape): Float64Array {
  const { words, operands } = problem(shape);
  const space = spaceOn(device, shape.group, shape.extents);
  const [sources, reals] = [operands.sources, operands.reals].map((list) =>
    list.map((f) => loadPlain(space.lattice, f)),
  );
  const program = new WordProgram(space, shape.kind, words);
  const numbers = shape.kind === "sum" ? space.length / space.lattice.volume : SLOTS;
  const out = loadPlain(space.lattice, randomPlain(shape.extents, numbers, "left over"));
  program.run(out, { sources: sources!, reals: reals!, constants: operands.constants });
  const { values } = storePlain(space.lattice, out, numbers);
  for (const field of [...sources!, ...reals!, out]) field.release();
  return values;
}

describeKernel<Shape>("words", {
  shapes,
  run,
  reference(shape) {
    const { n, words, operands } = problem(shape);
    return wordsReference(shape.kind, words, n, shape.extents, operands).values;
  },
  // up to six random matrices in a word, 28 words in a list
  tolerance: (expected, { group }) => 1e-12 * (Math.abs(expected) + parseGroup(group).n ** 3),
});

describe("words that do not fit are refused", () => {
  const space = linkSpace({ group: "SU(2)", extents: [4, 4] });
  const words = (one: ReturnType<typeof letter>) => ({
    sources: 1,
    reals: [2],
    constants: 1,
    lists: [[{ letters: [one] }], []],
  });
  const making = (w: Parameters<typeof program>[0]) => () => program(w);
  const program = (w: ReturnType<typeof words>) => new WordProgram(space, "sum", w);
  test("source, direction, place", () => {
    expect(making(words(letter(1, 0)))).toThrow("word 0 of output 0 asks for source 1; there are 1");
    expect(making(words(letter(0, 2)))).toThrow("direction 2; there are 2");
    expect(making(words(letter(0, 1, [0, 0, 1])))).toThrow("stands at (0, 0, 1)");
  });
  test("lists, real fields, constants, operands", () => {
    const fine = words(letter(0, 1));
    expect(() => new WordProgram(space, "sum", { ...fine, lists: [[]] })).toThrow("1 lists for the 2 directions");
    const with_ = (more: object) => ({ ...fine, lists: [[{ letters: [], ...more }], []] });
    expect(() => new WordProgram(space, "sum", with_({ reals: [{ field: 0, slot: 2, x: [] }] }))).toThrow("slot 2");
    expect(() => new WordProgram(space, "sum", with_({ constant: 1 }))).toThrow("constant 1; there are 1");
    const out = space.field();
    expect(() => program(fine).run(out, { sources: [out, out] })).toThrow("2 matrix fields for words that read 1");
    out.release();
  });
});

test("a path of signed steps as letters", () => {
  expect(pathLetters(3, [1, 2, -1, -2])).toEqual([
    letter(3, 0, []),
    letter(3, 1, [1]),
    letter(3, 0, [0, 1], true),
    letter(3, 1, [0, 0], true),
  ]);
});
