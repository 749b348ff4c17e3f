/** What needs no file system; directories of models are in directory.ts. */
export type { DType, TensorData } from "./safetensors/dtypes.ts";
export {
  float64Tensor,
  numbersOf,
  readSafetensors,
  type Safetensors,
  type Tensor,
  writeSafetensors,
} from "./safetensors/safetensors.ts";
export { holdsTransformerSets, readTransformerSets, type TransformerSet } from "./spin-fermion-json.ts";
export { readTraining, type TrainingRow, writeTraining } from "./training-table.ts";
export { applyWeights, tensorsOf, type Weights } from "./weights.ts";
