import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { openEventLog, readEvents } from "./event-log.ts";

/** Bytes the next write may still put on the "disk"; undefined: no limit. */
let room: number | undefined;
vi.mock("./atomic-file.ts", async (original) => {
  const real = await original<typeof import("./atomic-file.ts")>();
  return {
    ...real,
    writeAll(fd: number, bytes: Uint8Array) {
      if (room === undefined || bytes.length <= room) return real.writeAll(fd, bytes);
      real.writeAll(fd, bytes.subarray(0, room));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    },
  };
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plaquette-log-"));
  path = join(folder, "events.jsonl");
  room = undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

const stepped = (trajectory: number, deltaH = 0.25): RunEvent => ({
  type: "stepped",
  chain: 0,
  time: 1000 + trajectory,
  trajectory,
  phase: "production",
  accepted: true,
  deltaH,
  seconds: 0.5,
});

const all = (file: string) => [...readEvents(file)];

describe("event log", () => {
  it("gives back what was appended, across opening and chunk borders", () => {
    const events = Array.from({ length: 3000 }, (_, i) => stepped(i + 1, 1 / (i + 3)));
    const log = openEventLog(path);
    for (const event of events.slice(0, 2000)) log.append(event);
    log.sync();
    expect(log.bytes).toBe(statSync(path).size);
    log.close();
    const again = openEventLog(path);
    expect(again.bytes).toBe(log.bytes);
    for (const event of events.slice(2000)) again.append(event);
    again.close();
    expect(statSync(path).size).toBeGreaterThan(4 * 65536);
    expect(all(path)).toEqual(events);
  });

  it("keeps NaN and infinity", () => {
    const log = openEventLog(path);
    const events = [stepped(1, Number.NaN), stepped(2, Infinity), stepped(3, -Infinity)];
    for (const event of events) log.append(event);
    log.append({ type: "warned", chain: 0, time: 0, message: "NaN" });
    log.close();
    expect(all(path)).toEqual([...events, { type: "warned", chain: 0, time: 0, message: "NaN" }]);
  });

  it("drops a torn last line, wherever it is torn, and goes on after it", () => {
    const log = openEventLog(path);
    for (const event of [stepped(1), stepped(2)]) log.append(event);
    const whole = log.bytes;
    log.append(stepped(3));
    log.close();
    const text = readFileSync(path);
    for (let length = whole; length < text.length; length++) {
      writeFileSync(path, text.subarray(0, length));
      expect(all(path)).toEqual([stepped(1), stepped(2)]);
      const resumed = openEventLog(path);
      expect(resumed.bytes).toBe(whole);
      resumed.append(stepped(3));
      resumed.close();
      expect(readFileSync(path)).toEqual(text);
    }
  });

  it("says which line is damaged", () => {
    const log = openEventLog(path);
    log.append(stepped(1));
    log.close();
    const good = readFileSync(path, "utf8");
    const complaint = (line: string) => () => {
      writeFileSync(path, `${good}${line}\n${good}`);
      all(path);
    };
    expect(complaint('{"type":"stepp')).toThrow(/events\.jsonl, line 2: not a JSON object/);
    expect(complaint("null")).toThrow(/line 2: not a JSON object/);
    expect(complaint('{"type":"leapt","chain":0}')).toThrow(/event type "leapt" is unknown .*stepped/);
    expect(complaint('{"type":"toString","chain":0,"time":0}')).toThrow(/"toString" is unknown/);
    expect(complaint('{"type":"stepped","chain":0,"time":0,"phase":"production","seconds":1}')).toThrow(
      /needs "trajectory" \(number\)/,
    );
    expect(
      complaint(
        '{"type":"measured","chain":0,"time":0,"trajectory":1,"phase":"production","name":"plaquette","labels":["a","b"],"values":[1]}',
      ),
    ).toThrow(/as many labels as values/);
  });

  it("rewinds to a checkpoint and then writes the same bytes again", () => {
    const log = openEventLog(path);
    log.append(stepped(1));
    log.append(stepped(2));
    const mark = log.bytes;
    log.append(stepped(3));
    log.append(stepped(4));
    const before = readFileSync(path);
    log.rewindTo(2, mark);
    expect(all(path)).toEqual([stepped(1), stepped(2)]);
    log.append(stepped(3));
    log.append(stepped(4));
    log.close();
    expect(readFileSync(path)).toEqual(before);
  });

  it("refuses to rewind to a place that the checkpoint cannot mean", () => {
    const log = openEventLog(path);
    log.append(stepped(1));
    const mark = log.bytes;
    log.append(stepped(2));
    expect(() => log.rewindTo(1, mark - 3)).toThrow(/is not the end of a line/);
    expect(() => log.rewindTo(1, log.bytes)).toThrow(/trajectory 2 stands before byte/);
    expect(() => log.rewindTo(9, log.bytes + 1)).toThrow(/the log has/);
    expect(all(path)).toHaveLength(2);
    log.close();
  });

  it("loses nothing when the disk is full in mid-line, and goes on when there is room again", () => {
    const log = openEventLog(path);
    log.append(stepped(1));
    const before = readFileSync(path);
    room = 17;
    expect(() => log.append(stepped(2))).toThrow(/cannot write to .*events\.jsonl: the disk is full; .*nothing.* lost/);
    expect(readFileSync(path)).toEqual(before);
    room = undefined;
    log.append(stepped(2));
    log.close();
    expect(all(path)).toEqual([stepped(1), stepped(2)]);
  });

  it.runIf(process.platform === "linux")("explains a full device", () => {
    const log = openEventLog("/dev/full");
    expect(() => log.append(stepped(1))).toThrow(/the disk is full/);
    log.close();
  });

  it("explains a path that cannot be opened", () => {
    expect(() => openEventLog(join(folder, "no", "events.jsonl"))).toThrow(/no such file or directory; check the path/);
    expect(() => all(join(folder, "none.jsonl"))).toThrow(/cannot read .*none\.jsonl/);
  });

  it("reads an empty log and one cut to nothing", () => {
    appendFileSync(path, '{"type"');
    expect(all(path)).toEqual([]);
    truncateSync(path, 0);
    expect(all(path)).toEqual([]);
  });
});
