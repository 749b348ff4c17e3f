export { type Analysis, analyse, type PointAnalysis, type Quantity } from "./analysis.ts";
export type { FlowAnalysis } from "./flow.ts";
export { type ReportOptions, renderReport } from "./html.ts";
export { analysisJson } from "./json.ts";
export { renderTable } from "./table.ts";
export type { UpdateSummary } from "./updates.ts";
