import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Checkpoint, DamagedCheckpoint, readCheckpointFile, writeCheckpointFile } from "./checkpoint-file.ts";
import { checkpointName, listCheckpoints, newestCheckpoint, writeCheckpoint } from "./checkpoints.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plaquette-checkpoints-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const example = (trajectory = 120): Checkpoint => ({
  trajectory,
  logBytes: 4567,
  runHash: "0123abcd",
  version: "0.1.0",
  state: { step: 0.1, counters: [1, 2], name: "β" },
  arrays: [
    { name: "links", shape: [2, 3], data: Float64Array.of(-0, 1e-310, Math.PI, Number.NaN, -Infinity, trajectory) },
    { name: "single", shape: [3], data: Float32Array.of(1, 2.5, -3) },
    { name: "counts", shape: [2], data: Int32Array.of(-7, 2 ** 31 - 1) },
    { name: "words", shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
    { name: "bytes", shape: [5], data: Uint8Array.of(1, 2, 3, 4, 255) },
    { name: "none", shape: [0, 4], data: new Float64Array(0) },
  ],
});

const damage = (name: string, change: (bytes: Buffer) => Uint8Array) =>
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name))));

describe("checkpoint file", () => {
  it("round-trips bit for bit, also from a view into a larger buffer", () => {
    const path = join(folder, "a.ckpt");
    const heap = new Float64Array(64).map((_, i) => Math.sqrt(i));
    const checkpoint = example();
    const arrays = [...checkpoint.arrays, { name: "view", shape: [4, 2], data: heap.subarray(5, 13) }];
    writeCheckpointFile(path, { ...checkpoint, arrays });
    const back = readCheckpointFile(path);
    expect(back).toEqual({ ...checkpoint, arrays });
    expect(Object.is(back.arrays[0]?.data[0], -0)).toBe(true);
  });

  it("notices every single damaged byte and every truncation", () => {
    const path = join(folder, "a.ckpt");
    writeCheckpointFile(path, example());
    const good = readFileSync(path);
    for (let i = 0; i < good.length; i++) {
      const bad = Buffer.from(good);
      bad[i] = (bad[i] as number) ^ 0x10;
      writeFileSync(path, bad);
      expect(() => readCheckpointFile(path), `byte ${i}`).toThrow();
      writeFileSync(path, good.subarray(0, i));
      expect(() => readCheckpointFile(path), `cut at ${i}`).toThrow(DamagedCheckpoint);
    }
    writeFileSync(path, Buffer.concat([good, Buffer.alloc(8)]));
    expect(() => readCheckpointFile(path)).toThrow(/its header promises/);
    writeFileSync(path, good);
    expect(readCheckpointFile(path)).toEqual(example());
  });

  it("refuses a shape that does not fit and a format of the future", () => {
    const path = join(folder, "a.ckpt");
    const arrays = [{ name: "links", shape: [2, 2], data: new Float64Array(5) }];
    expect(() => writeCheckpointFile(path, { ...example(), arrays })).toThrow(/"links": shape \[2, 2\] for 5 numbers/);
    expect(readdirSync(folder)).toEqual([]);
    writeCheckpointFile(path, example());
    const text = readFileSync(path, "latin1").replace('"formatVersion":1', '"formatVersion":9');
    writeFileSync(path, text, "latin1");
    expect(() => readCheckpointFile(path)).toThrow(/checkpoint format 9, this version reads 1/);
  });
});

describe("checkpoints of a run", () => {
  it("keeps the two newest and clears what a killed write left", () => {
    writeFileSync(join(folder, ".trajectory-00000010.ckpt.tmp"), "torn");
    for (const trajectory of [20, 100, 40, 120]) writeCheckpoint(folder, example(trajectory));
    expect(readdirSync(folder).sort()).toEqual(["trajectory-00000100.ckpt", "trajectory-00000120.ckpt"]);
    expect(newestCheckpoint(folder)).toEqual({ checkpoint: example(120), warnings: [] });
  });

  it("creates its folder, and explains where it cannot", () => {
    expect(writeCheckpoint(join(folder, "deep", "checkpoints"), example())).toBe("trajectory-00000120.ckpt");
    writeFileSync(join(folder, "file"), "");
    expect(() => writeCheckpoint(join(folder, "file"), example())).toThrow(/cannot (create|write) .*file/);
  });

  it("falls back to the older one, says so, and sets the damaged one aside", () => {
    writeCheckpoint(folder, example(100));
    writeCheckpoint(folder, example(120));
    damage(checkpointName(120), (bytes) => {
      bytes[bytes.length - 20] = 99;
      return bytes;
    });
    const { checkpoint, warnings } = newestCheckpoint(folder);
    expect(checkpoint).toEqual(example(100));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/trajectory-00000120\.ckpt: damaged checkpoint: its checksum is .*; going on from/);
    expect(listCheckpoints(folder)).toEqual([checkpointName(100)]);
    writeCheckpoint(folder, example(110));
    expect(listCheckpoints(folder)).toEqual([checkpointName(110), checkpointName(100)]);
  });

  it("gives up rather than begin anew when all are damaged, and leaves them where they are", () => {
    for (const trajectory of [100, 120]) {
      writeCheckpoint(folder, example(trajectory));
      damage(checkpointName(trajectory), (bytes) => bytes.subarray(0, 40));
    }
    expect(() => newestCheckpoint(folder)).toThrow(/no checkpoint can be used .*what was measured is untouched/);
    expect(listCheckpoints(folder)).toHaveLength(2);
  });

  it("gives up on a refusal that is no damage", () => {
    writeCheckpoint(folder, example(100));
    writeCheckpoint(folder, example(120));
    const refuse = () => {
      throw new Error("another run");
    };
    expect(() => newestCheckpoint(folder, refuse)).toThrow("another run");
  });

  it("finds none where there is none", () => {
    expect(newestCheckpoint(join(folder, "absent"))).toEqual({ checkpoint: undefined, warnings: [] });
  });
});
