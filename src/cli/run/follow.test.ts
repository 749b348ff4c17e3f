import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../experiment/catalogue-fixture.contract.ts";
import type { RunOutcome } from "../../experiment/run/run.ts";
import { runPool } from "../../experiment/schedulers/local-pool.ts";
import { BrokenMeasurement, BrokenTrajectory } from "../../sampling/update.ts";
import type { Terminal } from "../command-line/command.ts";
import { follow } from "./follow.ts";

/** What is said at the end of a run whose chains failed with these errors. */
async function said(...errors: readonly Error[]): Promise<{ code: number; err: string }> {
  let err = "";
  const terminal: Terminal = {
    out: { write: () => {} },
    err: { write: (text) => void (err += text) },
    env: {},
    version: "1.2.3",
    self: [],
    catalogue: async () => catalogue,
    interruption: () => new AbortController().signal,
  };
  const members = errors.map((error, i) => ({ label: `chain-${i}`, kind: "failed" as const, trajectory: 3, error }));
  const outcome: RunOutcome = { root: "runs/a", members };
  const code = await follow(errors.length, { quiet: true }, terminal, async () => outcome);
  return { code, err };
}
const trajectory = new BrokenTrajectory("step 3: CG did not converge in 10 iterations");
const measurement = new BrokenMeasurement("condensate could not be measured", [], new Error("CG"));
const lastGood = "configurations/last-good.ildg";

describe("how to go on after a failure", () => {
  it("is another run where an update broke, whose parameters are fixed", async () => {
    const { code, err } = await said(trajectory);
    expect(code).toBe(1);
    expect(err).toContain(`${trajectory.message}\n`);
    expect(err).toContain(
      `what was measured is kept in runs/a; its parameters are fixed: start another run from ${join("runs/a", lastGood)}`,
    );
    expect(err).not.toContain("resume");
  });

  it("is the next update, or another run, where a measurement broke", async () => {
    const { err } = await said(measurement);
    expect(err).toContain("plaquette resume runs/a goes on with the next update");
    expect(err).toContain(join("runs/a", lastGood));
  });

  it("is a resume where the machine is to blame", async () => {
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC", syscall: "write", path: "runs/a" });
    const { err } = await said(full);
    expect(err).toContain("once the cause is mended: plaquette resume runs/a\n");
    expect(err).not.toContain("last-good");
  });

  it("is told once for what several chains have in common, and with the folder of each", async () => {
    const { err } = await said(trajectory, trajectory);
    for (const chain of ["chain-0", "chain-1"]) expect(err).toContain(join("runs/a/members", chain, lastGood));
    const two = await said(new Error("a fault"), new Error("a fault"));
    expect(two.err.match(/plaquette resume/g)).toHaveLength(1);
  });
});

it("a chain in a process of its own tells by its exit code what broke", async () => {
  const context = { self: [process.execPath, "-e"], listen: () => {} };
  const program = (code: number) => `console.error("why"); process.exit(${code})`;
  const tasks = [3, 4, 1].map((code) => ({ label: `code-${code}`, args: [program(code)] }));
  const outcomes = await runPool(tasks, 1, context);
  expect(outcomes.map((one) => one.kind === "failed" && [one.error.name, one.error.message])).toEqual([
    ["BrokenTrajectory", "why"],
    ["BrokenMeasurement", "why"],
    ["Error", "why"],
  ]);
});
