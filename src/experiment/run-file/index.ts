export { RunFileError } from "./error.ts";
export { likeOf } from "./guide.ts";
export { type Measurements, readMeasurements, readObservables } from "./measurements.ts";
export { checkRunFile, type Overrides, type ReadRunFile, readRunFile } from "./read.ts";
export { hashRunFile, resolveRunFile } from "./resolve.ts";
export { type Member, members } from "./scan.ts";
export {
  type ActionPart,
  type GuidePart,
  type MeasurePart,
  measuredName,
  type Part,
  type RunFile,
  type Start,
  thermalisation,
  type UpdatePart,
} from "./types.ts";
