import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRun } from "../../storage/run-directory/index.ts";
import { plaquette, start } from "./program.contract.ts";

const scratch = mkdtempSync(join(tmpdir(), "plaquette-kill-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const runFile = join(scratch, "run.toml");
writeFileSync(
  runFile,
  `lattice = [4, 4, 4, 4]
group = "SU(3)"
start = "hot"
seed = "kill"
thermalise = 30
trajectories = 400
[[action]]
name = "wilson-gauge"
beta = 5.7
[update]
name = "hmc"
steps = 6
tune = 0.8
[measure]
plaquette = 1
polyakov-loop = 1
[save]
configurations = 50
[checkpoint]
every = 7
`,
);
const scanFile = join(scratch, "scan.toml");
writeFileSync(scanFile, `${readFileSync(runFile, "utf8")}[scan]\n"action.wilson-gauge.beta" = [5.5, 5.7, 5.9]\n`);

/** What must not depend on stops: events less times, saved files byte for byte. */
function physics(directory: string) {
  return readRun(directory).members.map(({ label, events }) => ({
    label,
    events: events
      .filter((e) => ["stepped", "measured", "tuned"].includes(e.type))
      .map((e) => ({ ...e, time: 0, seconds: 0 })),
  }));
}

function configurations(directory: string) {
  return readdirSync(join(directory, "configurations")).map((name) => [
    name,
    readFileSync(join(directory, "configurations", name)).toString("base64"),
  ]);
}

const lines = (text: string) => text.split("\n").length;

describe("a run of the program", () => {
  const straight = (async () => {
    const directory = join(scratch, "straight");
    await plaquette("--version"); // builds where needed, and says so
    const { code, err } = await plaquette("run", runFile, "--output", directory, "--quiet");
    expect(err).toBe("");
    expect(code).toBe(0);
    return { physics: physics(directory), configurations: configurations(directory) };
  })();

  test.each([3, 60, 155])(
    "killed after %i lines, and again, and resumed, has the bits of one never stopped",
    async (after) => {
      const directory = join(scratch, `killed-${after}`);
      const kill = { args: ["run", runFile, "--output", directory, "--json"], after };
      for (const { args, after } of [kill, { args: ["resume", directory, "--json", "--workers", "1"], after: 40 }]) {
        const { ended } = start(args, (out, child) => lines(out) > after && child.kill("SIGKILL"));
        expect((await ended).code).not.toBe(0);
      }
      expect((await plaquette("resume", directory, "--quiet")).code).toBe(0);
      const expected = await straight;
      expect(physics(directory)).toEqual(expected.physics);
      expect(configurations(directory)).toEqual(expected.configurations);
    },
    120_000,
  );

  test.each(["SIGINT", "SIGTERM"] as const)(
    "checkpoints on %s and ends with 130",
    async (signal) => {
      const directory = join(scratch, signal);
      let sent = false;
      const { ended } = start(["run", runFile, "--output", directory, "--json"], (out, child) => {
        if (!sent && lines(out) > 50) sent = child.kill(signal);
      });
      const { code, err } = await ended;
      expect(code).toBe(130);
      expect(err).toContain(`plaquette resume ${directory}`);
      const { events } = readRun(directory).members[0]!;
      expect(events.at(-1)).toMatchObject({ type: "finished", interrupted: true });
      expect((await plaquette("resume", directory, "--quiet")).code).toBe(0);
      expect(physics(directory)).toEqual((await straight).physics);
    },
    120_000,
  );

  test("a scan killed in the middle resumes every member", async () => {
    const directory = join(scratch, "scan");
    const { ended } = start(
      ["run", scanFile, "--output", directory, "--json"],
      (out, child) => lines(out) > 200 && child.kill("SIGKILL"),
    );
    expect((await ended).code).not.toBe(0);
    const resumed = await plaquette("resume", directory, "--quiet");
    expect(resumed.err).toBe("");
    expect(resumed.code).toBe(0);
    const whole = join(scratch, "scan-whole");
    expect((await plaquette("run", scanFile, "--output", whole, "--quiet")).code).toBe(0);
    expect(physics(directory)).toEqual(physics(whole));
  }, 180_000);
});
