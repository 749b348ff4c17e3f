export { reproductionJson } from "./json.ts";
export { type ReproductionText, renderReproduction } from "./page.ts";
export { type Assertion, type Candidate, type Reproduction, reproduction } from "./reproduce.ts";
export type { RunsFigure } from "./runs-figure.ts";
export { renderReproductionTable } from "./text.ts";
