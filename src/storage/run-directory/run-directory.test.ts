import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { writeCheckpoint } from "./checkpoints.ts";
import { openEventLog } from "./event-log.ts";
import { writeMeasurements } from "./measurements.ts";
import { readRun } from "./read-run.ts";
import { resumeRun } from "./resume-run.ts";
import { createRun, memberPaths, openRun } from "./run-directory.ts";

let parent: string;
let root: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "plaquette-run-"));
  root = join(parent, "runs", "quenched");
});
afterEach(() => rmSync(parent, { recursive: true }));

const text = 'lattice = [4, 4]\ngroup = "SU(2)"\n';
const stepped = (trajectory: number, chain = 0): RunEvent => ({
  type: "stepped",
  chain,
  time: trajectory,
  trajectory,
  phase: trajectory > 1 ? "production" : "thermalise",
  seconds: 0.25,
});
const measured = (name: string, trajectory: number, values: Record<string, number>, flowTime?: number): RunEvent => ({
  type: "measured",
  chain: 0,
  time: trajectory,
  trajectory,
  phase: "production",
  name,
  labels: Object.keys(values),
  values: Object.values(values),
  ...(flowTime === undefined ? {} : { flowTime }),
});

function write(path: string, events: readonly RunEvent[]): number {
  const log = openEventLog(path);
  for (const event of events) log.append(event);
  log.close();
  return log.bytes;
}

describe("run directory", () => {
  it("is created with its folders, opened and read", () => {
    const { paths } = createRun(root, text);
    expect(readdirSync(root).sort()).toEqual(["checkpoints", "configurations", "measurements", "run.toml"]);
    expect(openRun(root)).toEqual({ paths, runText: text, members: [] });
    expect(readRun(root).members).toEqual([{ label: "chain-0", chain: 0, scan: {}, runText: text, events: [] }]);
    write(paths.events, [stepped(1), stepped(2)]);
    appendFileSync(paths.events, '{"type":"step');
    const record = readRun(root);
    expect(record.settings).toEqual({ lattice: [4, 4], group: "SU(2)" });
    expect(record.members[0]?.events).toEqual([stepped(1), stepped(2)]);
  });

  it("holds a whole run directory for every member", () => {
    const scan = (beta: number) => ({ "action.wilson-gauge.beta": beta });
    const members = [
      { label: "value-0-chain-0", chain: 0, scan: scan(5.6), runText: "a = 1\n" },
      { label: "value-1-chain-0", chain: 0, scan: scan(5.7), runText: "a = 2\n" },
    ];
    createRun(root, text, members);
    const own = memberPaths(root, "value-1-chain-0");
    write(own.events, [stepped(1)]);
    expect(readFileSync(own.run, "utf8")).toBe("a = 2\n");
    expect(readdirSync(root).sort()).toEqual(["members", "members.json", "run.toml"]);
    expect(readRun(root).members).toEqual([
      { ...members[0], events: [] },
      { ...members[1], events: [stepped(1)] },
    ]);
    expect(() => createRun(join(parent, "b"), text, [{ ...members[0]!, label: "../up" }])).toThrow(/"\.\.\/up"/);
    writeFileSync(openRun(root).paths.memberIndex, '[{"label":3}]');
    expect(() => openRun(root)).toThrow(/members\.json: not a list of members/);
  });

  it("refuses to write over anything", () => {
    createRun(root, text);
    expect(() => createRun(root, text)).toThrow(/holds a run already; go on with it by "plaquette resume .*quenched"/);
    expect(() => createRun(join(root, "run.toml"), text)).toThrow(/is a file; choose another output directory/);
    mkdirSync(join(parent, "thesis"));
    writeFileSync(join(parent, "thesis", "chapter-1.tex"), "");
    expect(() => createRun(join(parent, "thesis"), text)).toThrow(/is not empty \(chapter-1\.tex\)/);
    expect(() => createRun(join(root, "run.toml", "deep"), text)).toThrow(/cannot|is a file/);
  });

  it("takes an empty directory and a creation that was killed", () => {
    mkdirSync(join(root, "checkpoints"), { recursive: true });
    writeFileSync(join(root, ".run.toml.tmp"), "torn");
    createRun(root, text);
    expect(openRun(root).runText).toBe(text);
  });

  it("says what is wrong with a path that is no run", () => {
    expect(() => openRun(root)).toThrow(/quenched: no such run directory/);
    mkdirSync(root, { recursive: true });
    expect(() => openRun(root)).toThrow(/it has no run\.toml/);
    writeFileSync(join(root, "run.toml"), "lattice = [4,");
    expect(() => openRun(join(root, "run.toml"))).toThrow(/is a file, not a run directory; did you mean .*quenched\?/);
    expect(() => readRun(root)).toThrow(/run\.toml: Invalid TOML/);
  });

  it.skipIf(process.platform === "win32")("explains a read-only parent", () => {
    chmodSync(parent, 0o555);
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      expect(() => createRun(join(parent, "x"), text)).toThrow(
        /cannot create the run directory .*x: permission denied; choose a place you may write to/,
      );
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(parent, 0o755);
    }
  });
});

describe("resuming", () => {
  const checkpoint = (trajectory: number, logBytes: number) => ({
    trajectory,
    logBytes,
    runHash: "abc",
    version: "0.1.0",
    arrays: [],
    state: null,
  });

  it("cuts the log back to the checkpoint", () => {
    const { paths } = createRun(root, text);
    const bytes = write(paths.events, [stepped(1), stepped(2)]);
    writeCheckpoint(paths.checkpoints, checkpoint(2, bytes));
    write(paths.events, [stepped(3)]);
    appendFileSync(paths.events, '{"torn');
    const resumed = resumeRun(paths, "abc");
    expect(resumed.checkpoint?.trajectory).toBe(2);
    expect(resumed.log.bytes).toBe(bytes);
    resumed.log.append(stepped(3));
    resumed.log.close();
    expect(readRun(root).members[0]?.events).toEqual([stepped(1), stepped(2), stepped(3)]);
  });

  it("begins anew where there was no checkpoint yet", () => {
    const { paths } = createRun(root, text);
    write(paths.events, [stepped(1)]);
    const { checkpoint, log, warnings } = resumeRun(paths, "abc");
    log.close();
    expect([checkpoint, log.bytes, warnings]).toEqual([undefined, 0, []]);
  });

  it("falls back where a power cut took the end of the log, and refuses an edited run file", () => {
    const { paths } = createRun(root, text);
    const first = write(paths.events, [stepped(1)]);
    writeCheckpoint(paths.checkpoints, checkpoint(1, first));
    const second = write(paths.events, [stepped(2)]);
    writeCheckpoint(paths.checkpoints, checkpoint(2, second));
    expect(() => resumeRun(paths, "xyz")).toThrow(
      /run\.toml is not the run file that this run was begun with .*put it back/,
    );
    truncateSync(paths.events, second - 4);
    const { checkpoint: found, log, warnings } = resumeRun(paths, "abc");
    log.close();
    expect(found?.trajectory).toBe(1);
    expect(log.bytes).toBe(first);
    expect(warnings[0]).toMatch(/the event log is shorter/);
  });
});

describe("measurement tables", () => {
  it("are one CSV file an observable", () => {
    const { paths } = createRun(root, text);
    write(paths.events, [
      stepped(1),
      stepped(2),
      measured("plaquette", 2, { plaquette: 0.5 }),
      measured("wilson-loop", 2, { "W(1,1)": 0.25, "W(1,2)": 0.125 }),
      measured("energy-density", 2, { clover: 3 }),
      measured("energy-density", 2, { clover: 2 }, 0),
      measured("energy-density", 2, { clover: 1 }, 0.1),
      measured("plaquette", 3, { plaquette: 1 / 3 }),
    ]);
    const files = writeMeasurements(paths);
    const read = (name: string) => readFileSync(join(paths.measurements, name), "utf8");
    expect(files).toHaveLength(5);
    expect(readdirSync(paths.measurements).sort()).toEqual([
      "energy-density.csv",
      "energy-density.flow.csv",
      "plaquette.csv",
      "updates.csv",
      "wilson-loop.csv",
    ]);
    expect(read("plaquette.csv")).toBe(
      "trajectory,phase,plaquette\n2,production,0.5\n3,production,0.3333333333333333\n",
    );
    expect(read("wilson-loop.csv")).toBe('trajectory,phase,"W(1,1)","W(1,2)"\n2,production,0.25,0.125\n');
    expect(read("energy-density.flow.csv")).toBe(
      "trajectory,phase,flow_time,clover\n2,production,0,2\n2,production,0.1,1\n",
    );
    expect(read("updates.csv")).toContain("1,thermalise,,,,,0.25\n");
  });

  it("complain where an observable changes its labels", () => {
    const { paths } = createRun(root, text);
    write(paths.events, [measured("plaquette", 1, { a: 1 }), measured("plaquette", 2, { b: 1 })]);
    expect(() => writeMeasurements(paths)).toThrow(/plaquette changes its columns from .*a to .*b/);
  });
});
