import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runPaths } from "../../storage/run-directory/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { isComplete } from "./complete.ts";
import { type RunContext, resume, startRun, unfinished } from "./run.ts";

const scratch = mkdtempSync(join(tmpdir(), "plaquette-complete-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const plain = {
  lattice: [4, 4],
  group: "SU(2)",
  seed: "complete",
  thermalise: 2,
  trajectories: 4,
  action: [{ name: "wilson-gauge", beta: 2 }],
  update: { name: "heatbath" },
};
const runFile = checkRunFile(plain, "complete.toml", catalogue);
const context: RunContext = { version: "test", catalogue, listen: () => {}, self: ["nothing"] };

describe("a run that is complete", () => {
  const root = join(scratch, "run");
  const paths = runPaths(root);
  const kinds = (outcome: Awaited<ReturnType<typeof resume>>) => outcome.members.map(({ kind }) => kind);

  test("is left as it is, until it is lengthened", async () => {
    expect(isComplete(paths, runFile)).toBe(false);
    expect(kinds(await startRun(runFile, "complete.toml", root, context))).toEqual(["done"]);
    expect(isComplete(paths, runFile)).toBe(true);
    expect(unfinished(root, catalogue)).toEqual([]);
    const before = readFileSync(paths.events, "utf8");
    expect(kinds(await resume(root, context))).toEqual(["complete"]);
    expect(readFileSync(paths.events, "utf8")).toBe(before);

    writeFileSync(paths.run, readFileSync(paths.run, "utf8").replace("trajectories = 4", "trajectories = 6"));
    expect(unfinished(root, catalogue)).toEqual(["chain-0"]);
    expect(kinds(await resume(root, context))).toEqual(["done"]);
    expect(isComplete(paths, { ...runFile, trajectories: 6 })).toBe(true);
  });

  test("is not one that was interrupted, nor one of another run file", async () => {
    const controller = new AbortController();
    const stopped = join(scratch, "stopped");
    const listen: RunContext["listen"] = (event) => event.type === "stepped" && controller.abort();
    const interrupted = { ...context, listen, interruption: controller.signal };
    expect(kinds(await startRun(runFile, "complete.toml", stopped, interrupted))).toEqual(["interrupted"]);
    expect(isComplete(runPaths(stopped), runFile)).toBe(false);
    expect(isComplete(paths, { ...runFile, trajectories: 6, seed: "other" })).toBe(false);
  });

  test("needs its start configuration no longer", async () => {
    const start = join(scratch, "start.txt");
    writeFileSync(start, Array.from({ length: 4 * 4 * 2 }, () => "1\n0\n0\n0\n0\n0\n1\n0\n").join(""));
    const controller = new AbortController();
    const listen: RunContext["listen"] = (event) => event.type === "stepped" && controller.abort();
    const from = { ...runFile, start: { file: start } };
    const there = join(scratch, "from-file");
    await startRun(from, "complete.toml", there, { ...context, listen, interruption: controller.signal });
    rmSync(start);
    expect(kinds(await resume(there, context))).toEqual(["done"]);
  });
});
