import type { TapeRecord } from "../record.ts";
import type { MatrixValue, RealValue, ScalarValue } from "../values.ts";
import type { Operands, WordProgram } from "../words/program.ts";

/** What words are made of. A value may stand in several places. */
export interface WordOperands {
  readonly sources: readonly MatrixValue[];
  readonly reals?: readonly RealValue[] | undefined;
  readonly constants?: readonly ScalarValue[] | undefined;
}

/** The matrix field, or the real field of traces, of a program. */
export function runWords(tape: TapeRecord, program: WordProgram, given: WordOperands): MatrixValue | RealValue {
  const { sources, reals = [], constants = [] } = given;
  const { kind } = program;
  reals.forEach(({ slots }, i) => {
    const expected = program.words.reals[i];
    if (expected !== undefined && slots !== expected)
      throw new TypeError(`words: real field ${i} has ${slots} slots; the words were made for ${expected}`);
  });
  const fields = (): Operands => ({
    sources: sources.map(({ field }) => field),
    reals: reals.map(({ field }) => field),
    constants: constants.map(({ value }) => value),
  });
  const output = kind === "sum" ? tape.newMatrix() : tape.newReal(program.slots);
  program.run(output.field, fields());
  return tape.record({
    inputs: [...sources, ...reals, ...constants],
    output,
    pull() {
      const g = output.cotangent!;
      const operands = fields();
      sources.forEach((x, i) => {
        if (x.active) program.pullToSource(i, tape.cotangent(x), g, operands);
      });
      reals.forEach((x, i) => {
        if (x.active) program.pullToReal(i, tape.cotangent(x), g, operands);
      });
      if (!constants.some(({ active }) => active)) return;
      const derivatives = program.pullToConstants(g, operands);
      constants.forEach((c, i) => {
        if (c.active) c.cotangent += derivatives[i]!;
      });
    },
  }) as MatrixValue | RealValue;
}
