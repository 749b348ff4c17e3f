import { describe, expect, it } from "vitest";
import { plainRun } from "../catalogue-fixture.contract.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile, RunFileError, readRunFile, resolveRunFile } from "./index.ts";

const measured = (table: Record<string, unknown>) =>
  checkRunFile(plainRun({ measure: { "chiral-condensate": table } }), "a.toml", catalogue);
const problem = (table: Record<string, unknown>): string => {
  try {
    measured(table);
  } catch (error) {
    if (error instanceof RunFileError) return error.problems.join("\n");
    throw error;
  }
  return "";
};

describe("a quark in a run file", () => {
  it("has its defaults written out, and the resolved file says the same again", () => {
    const fermion = { name: "wilson", kappa: 0.12 };
    const through = { name: "stout", rho: 0.1 };
    const runFile = measured({ every: 2, fermion, through, sources: 3 });
    expect(runFile.measure[0]).toMatchObject({
      name: "chiral-condensate",
      every: 2,
      parameters: {
        fermion: { name: "wilson", kappa: 0.12, r: 1 },
        through: { name: "stout", layers: 1, rho: 0.1, loops: ["plaquette"] },
        sources: 3,
        solver: { relative: 1e-10, iterations: 3000 },
      },
    });
    const text = resolveRunFile(runFile, "1");
    expect(readRunFile(text, "a.toml", catalogue).runFile).toEqual(runFile);
    expect(resolveRunFile(readRunFile(text, "a.toml", catalogue).runFile, "1")).toBe(text);
  });

  it("is told what is wrong with it", () => {
    expect(problem({ every: 1, fermion: { name: "stagered", mass: 1 } })).toBe(
      'a.toml: measure.chiral-condensate.fermion.name: "stagered" is not one of staggered, wilson, clover, domain-wall; did you mean "staggered"?',
    );
    expect(problem({ every: 1, fermion: { mass: 1 } })).toMatch(
      /fermion\.name: missing; one of staggered, wilson, clover, domain-wall$/,
    );
    expect(problem({ every: 1, fermion: { name: "wilson", mass: 1 } })).toMatch(
      /fermion\.mass: unknown \(fermion takes name, kappa, r, boundary\)/,
    );
    expect(problem({ every: 1, fermion: { name: "wilson", kappa: "x" } })).toMatch(
      /fermion\.kappa: expected a number, got "x"/,
    );
    const phase = (entry: unknown) =>
      problem({ every: 1, fermion: { name: "staggered", mass: 0.1, boundary: [1, 1, 1, entry] } });
    expect(phase(0.5)).toMatch(/fermion\.boundary\[3\]: expected 1, -1 or a table, got 0\.5$/);
    expect(phase("x")).toMatch(/fermion\.boundary\[3\]: expected 1, -1 or a table, got "x"$/);
    expect(phase({ angle: "x" })).toMatch(/fermion\.boundary\[3\].*angle: expected a number, got "x"$/);
    expect(problem({ every: 1, solver: { relativ: 1e-3 } })).toMatch(
      /solver\.relativ: unknown; did you mean "relative"/,
    );
  });
});
