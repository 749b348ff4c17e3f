import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createRun } from "../../storage/run-directory/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile, type RunFile, resolveRunFile } from "../run-file/index.ts";
import { comparedLaws, type Given, planRuns } from "./plan.ts";

const folder = mkdtempSync(join(tmpdir(), "plaquette-plan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runFile = (change: Record<string, unknown> = {}): RunFile =>
  checkRunFile(
    {
      lattice: [4, 4],
      group: "SU(2)",
      trajectories: 100,
      action: { name: "wilson-gauge", beta: 2 },
      update: { name: "hmc" },
      ...change,
    },
    "a.toml",
    catalogue,
  );
const given = (name: string, change?: Record<string, unknown>): Given => ({
  kind: "file",
  name,
  root: join(folder, name),
  file: `${name}.toml`,
  runFile: runFile(change),
});
const there = (name: string, change?: Record<string, unknown>) =>
  createRun(join(folder, name), resolveRunFile(runFile(change), "1.0.0"));

describe("the plan of a comparison", () => {
  it("gives run files of one seed random numbers of their own", () => {
    const runs = planRuns([given("a"), given("b"), given("c", { seed: "mine" })], catalogue);
    expect(runs.map(({ runFile }) => runFile.seed)).toEqual(["1", "1-b", "mine"]);
    expect(runs.map(({ trajectories }) => trajectories)).toEqual([100, 100, 100]);
  });

  it("sets the statistics of all", () => {
    const runs = planRuns([given("a"), given("b", { trajectories: 7 })], catalogue, 40);
    expect(runs.map(({ runFile, trajectories }) => [runFile.trajectories, trajectories])).toEqual([
      [40, 40],
      [40, 40],
    ]);
  });

  it("takes up what is there, under either seed, and whatever its length", () => {
    there("old", { trajectories: 10 });
    there("renamed", { seed: "1-renamed" });
    const runs = planRuns([given("first"), given("old"), given("renamed")], catalogue);
    expect(runs.map(({ runFile }) => runFile.seed)).toEqual(["1", "1", "1-renamed"]);
    expect(runs[1]!.trajectories).toBe(100);
    const stored = planRuns(
      [given("first"), { kind: "directory", name: "old", root: join(folder, "old") }],
      catalogue,
      25,
    );
    // the run that is there keeps its seed, and the other one gives way
    expect(stored.map(({ runFile }) => runFile.seed)).toEqual(["1-first", "1"]);
    expect(stored[1]!.trajectories).toBe(25);
  });

  it("refuses a directory with another run, two runs in one place, and two of one name", () => {
    there("taken", { action: { name: "wilson-gauge", beta: 3 } });
    expect(() => planRuns([given("a"), given("taken")], catalogue)).toThrow(
      /taken holds another run than taken\.toml describes; choose another place with --output/,
    );
    there("chains", { chains: 2 });
    expect(() => planRuns([given("a"), given("chains")], catalogue)).toThrow(/holds another run/);
    expect(() => planRuns([given("a"), given("a")], catalogue)).toThrow(/would be compared with itself/);
    expect(() => planRuns([given("a"), { ...given("a"), root: join(folder, "else") }], catalogue)).toThrow(
      /two runs are called a /,
    );
  });

  it("compares every value of a scan", () => {
    const scan = { scan: { "update.steps": [5, 10] }, chains: 3 };
    const laws = comparedLaws(planRuns([given("a", scan), given("b")], catalogue), catalogue);
    expect(laws.map(({ name }) => name)).toEqual(["a, update.steps = 5", "a, update.steps = 10", "b"]);
    expect(laws.map(({ runFile }) => runFile.update[0]!.parameters.steps)).toEqual([5, 10, 20]);
  });
});
