export { RunFileError } from "./error.ts";
export { checkRunFile, type ReadRunFile, readRunFile } from "./read.ts";
export { hashRunFile, resolveRunFile } from "./resolve.ts";
export { type Member, members } from "./scan.ts";
export type { MeasurePart, Part, RunFile, Start, UpdatePart } from "./types.ts";
