export type { ParameterSlice } from "./operations/leaves.ts";
export { type PointwiseFunction, squared, tangent } from "./operations/pointwise.ts";
export { FieldPool } from "./pool.ts";
export type { Step, SweepOptions } from "./record.ts";
export { Tape, type WordInputs } from "./tape.ts";
export { MatrixValue, RealValue, ScalarValue, type Value } from "./values.ts";
export { WordProgram } from "./words/program.ts";
export {
  along,
  type Displacement,
  daggered,
  type Letter,
  letter,
  moved,
  pathLetters,
  type RealFactor,
  type Word,
  type Words,
} from "./words/word.ts";
