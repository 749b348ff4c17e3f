import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { readSpins } from "../../storage/spins/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { type RunContext, startRun } from "./run.ts";

describe("local = of double exchange", () => {
  const scratch = mkdtempSync(join(tmpdir(), "plaquette-local-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  /** 960 updates; the fractions accepted of the steps, and the last spins. */
  const chain = async (name: string, keys: object) => {
    const plain = {
      lattice: [4, 4],
      spins: "O(3)",
      start: "hot",
      seed: "two ways",
      workers: 1,
      thermalise: 4,
      trajectories: 8,
      action: [{ name: "double-exchange", temperature: 0.1, ...keys }],
      update: { name: "metropolis", sweeps: 5 },
      save: { configurations: 12 },
    };
    const acceptance: number[] = [];
    const listen = (event: RunEvent) => {
      if (event.type === "stepped") acceptance.push(event.acceptance!);
    };
    const context: RunContext = { version: "test", catalogue, listen, self: [] };
    const root = join(scratch, name);
    const { members } = await startRun(checkRunFile(plain, "a.toml", catalogue), "a.toml", root, context);
    if (members[0]!.kind === "failed") throw members[0]!.error;
    const file = join(root, "configurations", "00000012.safetensors");
    return { acceptance, spins: readSpins(readFileSync(file), file).values };
  };

  test.each([
    ["at half filling", {}],
    ["with other fillings and a twist", { mu: -0.6, boundary: [0, 0.5] }],
  ])("both ways take the same decisions %s", async (where, keys) => {
    const one = await chain(`one ${where}`, { ...keys, local: "diagonalise" });
    const other = await chain(`other ${where}`, { ...keys, local: "matsubara" });
    expect(other.acceptance).toEqual(one.acceptance);
    other.spins.forEach((x, i) => expect(Math.abs(x - one.spins[i]!)).toBeLessThan(1e-9));
    const stronger = await chain(`stronger ${where}`, { ...keys, J: 1.03, local: "matsubara" });
    expect(stronger.acceptance).not.toEqual(one.acceptance);
  });

  test("frequencies beside diagonalise are refused where they stand", async () => {
    await expect(chain("refused", { frequencies: 9 })).rejects.toThrow(
      /action\[0\]\.frequencies: is for local = "matsubara"/,
    );
  });
});
