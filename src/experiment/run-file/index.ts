export { RunFileError } from "./error.ts";
export { type Measurements, readMeasurements, readObservables } from "./measurements.ts";
export { checkRunFile, type ReadRunFile, readRunFile } from "./read.ts";
export { hashRunFile, resolveRunFile } from "./resolve.ts";
export { type Member, members } from "./scan.ts";
export {
  type ActionPart,
  type MeasurePart,
  measuredName,
  type Part,
  type RunFile,
  type Start,
  type UpdatePart,
} from "./types.ts";
