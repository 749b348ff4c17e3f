import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { lockRun } from "./lock.ts";
import { type RunContext, resume, startRun } from "./run.ts";

const scratch = mkdtempSync(join(tmpdir(), "plaquette-run-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const context: RunContext = { version: "test", catalogue, listen: () => {}, self: [] };
const plain = {
  lattice: [2, 4],
  group: "SU(2)",
  thermalise: 1,
  trajectories: 3,
  workers: 1,
  action: [{ name: "wilson-gauge", beta: 2 }],
  update: { name: "heatbath" },
  measure: { plaquette: 1 },
};
const file = (changes: object) => checkRunFile({ ...plain, ...changes }, "test.toml", catalogue);

describe("a run directory", () => {
  test("belongs to one process at a time", async () => {
    const root = join(scratch, "held");
    writeFileSync(join(scratch, "other.json"), "");
    const release = await lockRun(root);
    writeFileSync(join(root, "lock.json"), JSON.stringify({ pid: 1, host: "another-machine", started: "1" }));
    await expect(startRun(file({}), "test.toml", root, context)).rejects.toThrow(
      /another-machine is carrying out this run/,
    );
    release();
    expect(readFileSync(join(root, "lock.json"), "utf8")).toContain("another-machine"); // not ours to remove
  });
  test("keeps its number of chains", async () => {
    const root = join(scratch, "chains");
    expect((await startRun(file({}), "test.toml", root, context)).members).toMatchObject([{ kind: "done" }]);
    const path = join(root, "run.toml");
    writeFileSync(path, readFileSync(path, "utf8").replace("chains = 1", "chains = 2"));
    await expect(resume(root, context)).rejects.toThrow(/chains or scan/);
  });
  test("of a lengthened run goes on", async () => {
    const root = join(scratch, "longer");
    await startRun(file({}), "test.toml", root, context);
    const path = join(root, "run.toml");
    writeFileSync(path, readFileSync(path, "utf8").replace("trajectories = 3", "trajectories = 6"));
    expect((await resume(root, context)).members).toMatchObject([{ kind: "done", trajectory: 7 }]);
  });
});

test("couplings that leave the real numbers end the run with its last good configuration", async () => {
  const root = join(scratch, "nan");
  const { members } = await startRun(
    file({ action: [{ name: "wilson-gauge", beta: 1e308 }] }),
    "test.toml",
    root,
    context,
  );
  expect(members[0]).toMatchObject({ kind: "failed", trajectory: 0 });
  expect(readFileSync(join(root, "configurations/last-good.ildg")).length).toBeGreaterThan(100);
});

test("overrelaxation alone is refused", async () => {
  const alone = file({ update: { name: "overrelaxation" } });
  await expect(startRun(alone, "test.toml", join(scratch, "alone"), context)).rejects.toThrow(
    /never leaves the action/,
  );
});
