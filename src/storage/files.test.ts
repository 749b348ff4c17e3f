import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseGroup } from "../lattice/group.ts";
import { loadConfiguration, readBytes, saveConfiguration, writeBytes } from "./files.ts";
import { randomLinks } from "./formats/format.contract.ts";

const folder = mkdtempSync(join(tmpdir(), "plaquette-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const data = randomLinks(parseGroup("SU(3)"), [2, 2, 2, 2]);

describe("configuration files", () => {
  it("are written as a whole and read back, in the format that the name says", () => {
    for (const name of ["a.ildg", "a.nersc", "a.oqcd", "a.ildg.txt"]) {
      saveConfiguration(join(folder, name), data);
      const { group, extents } = data;
      expect(loadConfiguration(join(folder, name), { group, extents }).data).toEqual(data);
    }
    expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("keep the older file when the new one cannot be written", () => {
    const path = join(folder, "kept.ildg");
    saveConfiguration(path, data);
    const before = readFileSync(path);
    const spoilt = { ...data, links: data.links.map((x, i) => (i === 3 ? Number.NaN : x)) };
    expect(() => saveConfiguration(path, spoilt)).toThrow(/kept\.ildg: .* holds NaN/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("that are not there, or no files, say so with the path", () => {
    expect(() => readBytes(join(folder, "none"))).toThrow(/cannot read .*none: no such file/);
    expect(() => readBytes(folder)).toThrow(/it is a directory/);
    expect(() => writeBytes(join(folder, "none", "a.ildg"), new Uint8Array(1))).toThrow(
      /cannot write .*a\.ildg: no such file or directory/,
    );
    expect(() => saveConfiguration(join(folder, "a.bin"), data)).toThrow(/a\.bin: the name does not say the format/);
  });

  it.skipIf(process.getuid?.() === 0)("that may not be read say so with the path", () => {
    const path = join(folder, "secret");
    writeFileSync(path, "1\n");
    chmodSync(path, 0);
    expect(() => readBytes(path)).toThrow(/cannot read .*secret: permission denied/);
  });
});
