import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { GaugeData } from "../../lattice/gauge-data.ts";
import { type Group, parseGroup } from "../../lattice/group.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import {
  type ConfigurationFormat,
  FormatError,
  plaquetteOf,
  type ReadHints,
  readConfiguration,
  type WriteOptions,
  writeConfiguration,
} from "./index.ts";
import { realsOf } from "./shape.ts";

/** Where the configurations of other codes lie; tests that need them skip without. */
export const configs = "../shared/configs";

export interface FormatCases {
  /** Shapes to write and read back, as ["SU(3)", [4, 4, 4, 4]]. */
  readonly shapes: readonly (readonly [string, readonly number[]])[];
  /** True for formats without a header: group and lattice are told to the reader. */
  readonly bare?: boolean;
  /** True if a change of any bit of the links is noticed. */
  readonly notices?: boolean;
  readonly stored: readonly StoredCase[];
}

export interface StoredCase {
  /** Below ../shared/configs. */
  readonly file: string;
  readonly hints?: ReadHints;
  readonly group: string;
  readonly extents: readonly number[];
  readonly plaquette: number;
  readonly tolerance: number;
  readonly checksum: "verified" | "absent";
}

/**
 * What every format has to show: round trips are bit-exact in every precision, a stored file of another code gives its
 * known plaquette, and a damaged file gives an error that names the file.
 */
export function describeFormat(format: ConfigurationFormat, cases: FormatCases): void {
  describe(`format ${format.name}`, () => {
    for (const precision of format.precisions)
      it.each(cases.shapes)(`writes and reads back %s on %j in ${precision} bits, bit by bit`, (group, extents) => {
        const data = rounded(randomLinks(parseGroup(group), extents), precision);
        expect(roundTripDefect(format, data, { precision }, cases.bare ? data : {})).toBe("");
      });
    it.each(cases.stored)("reads $file", ({ file, hints, ...known }) => {
      const path = `${configs}/${file}`;
      if (!existsSync(path)) return skipping(path);
      const bytes = readFileSync(path);
      const found = readConfiguration(bytes, path, hints);
      expect(found.format).toBe(format.name);
      expect(found.data.group.name).toBe(known.group);
      expect(found.data.extents).toEqual(known.extents);
      expect(found.checksum).toBe(known.checksum);
      expect(Math.abs(plaquetteOf(found.data) - known.plaquette)).toBeLessThan(known.tolerance);
      expect(found.unitarityDefect).toBeLessThan(found.precision === 32 ? 1e-6 : 1e-9);
      expect(found.notes.filter((note) => note.includes("unitary"))).toEqual([]);
    });
    it("names the file and the remedy when it is damaged", () => {
      for (const { bytes, hints } of examples(format, cases)) {
        const read = (damaged: Uint8Array, told = hints) =>
          errorOf(() => readConfiguration(damaged, "conf.bin", { ...told, format: format.name }));
        expect(read(new Uint8Array(0))).toMatch(/^conf\.bin: the file is empty/);
        expect(read(bytes.subarray(0, 11))).toMatch(/^conf\.bin: /);
        expect(read(bytes.subarray(0, bytes.length - 4000))).toMatch(/^conf\.bin: .*(truncated|check)/);
        expect(read(bytes, { ...hints, extents: [2, 6, 4, 8] })).toMatch(/^conf\.bin: .*2,6,4,8/);
        if (cases.notices) {
          const damaged = bytes.slice();
          damaged[bytes.length - 2000]! ^= 1;
          expect(read(damaged)).toMatch(/^conf\.bin: .*(checksum|CHECKSUM|plaquette).*copy it again/);
        }
      }
    });
  });
}

/** A file to damage: written by the format itself, or stored by another code. */
function examples(
  format: ConfigurationFormat,
  { shapes, bare, stored }: FormatCases,
): { bytes: Uint8Array; hints: ReadHints }[] {
  if (format.write) {
    const [group, extents] = shapes[0]!;
    const data = randomLinks(parseGroup(group), extents);
    return [{ bytes: writeConfiguration(format, data), hints: bare ? data : {} }];
  }
  const path = `${configs}/${stored[0]!.file}`;
  return existsSync(path) ? [{ bytes: readFileSync(path), hints: stored[0]!.hints ?? {} }] : [];
}

/** "" if a configuration survives writing and reading bit by bit, else what differs. */
export function roundTripDefect(
  format: ConfigurationFormat,
  data: GaugeData,
  options: WriteOptions,
  hints: ReadHints,
): string {
  const { group, extents } = hints;
  const told = { ...(group && { group }), ...(extents && { extents }) };
  const found = readConfiguration(writeConfiguration(format, data, options), "conf.bin", told);
  if (found.format !== format.name) return `taken for ${found.format}`;
  if (found.data.group.name !== data.group.name) return `group ${found.data.group.name}`;
  if (found.data.extents.join() !== data.extents.join()) return `lattice ${found.data.extents}`;
  if (format.name !== "bridge-text" && found.precision !== options.precision) return `precision ${found.precision}`;
  const [a, b] = [data.links, found.data.links].map((x) => new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
  return Buffer.compare(a!, b!) === 0 ? "" : "links differ";
}

/** Unitary matrices by Gram-Schmidt from normal deviates; determinants are not made one, no format looks at them. */
export function randomLinks(group: Group, extents: readonly number[]): GaugeData {
  const { n } = group;
  const stream = addressedRng("formats").at("links", n);
  const links = Float64Array.from({ length: realsOf({ group, extents }) }, () => stream.normal());
  for (let row = 0; row < links.length; row += 2 * n) {
    const firstRow = row - (row % (2 * n * n));
    for (let other = firstRow; other < row; other += 2 * n) subtractProjection(links, row, other, n);
    const norm = Math.hypot(...links.subarray(row, row + 2 * n));
    for (let i = row; i < row + 2 * n; i++) links[i]! /= norm;
  }
  return { group, extents, links };
}

/** v -= u (u, v) for the complex rows at v and u. */
function subtractProjection(z: Float64Array, v: number, u: number, n: number): void {
  let [re, im] = [0, 0];
  for (let i = 0; i < 2 * n; i += 2) {
    re += z[u + i]! * z[v + i]! + z[u + i + 1]! * z[v + i + 1]!;
    im += z[u + i]! * z[v + i + 1]! - z[u + i + 1]! * z[v + i]!;
  }
  for (let i = 0; i < 2 * n; i += 2) {
    z[v + i]! -= re * z[u + i]! - im * z[u + i + 1]!;
    z[v + i + 1]! -= re * z[u + i + 1]! + im * z[u + i]!;
  }
}

/** Unit links with a negative zero in them: the shortest texts and the sign of zero are where text formats go wrong. */
export function unitLinks(group: Group, extents: readonly number[]): GaugeData {
  const links = new Float64Array(realsOf({ group, extents }));
  const size = 2 * group.n ** 2;
  for (let i = 0; i < links.length; i++) links[i] = (i % size) % (2 * (group.n + 1)) === 0 ? 1 : i % 2 ? -0 : 0;
  return { group, extents, links };
}

export const rounded = (data: GaugeData, precision: 32 | 64): GaugeData =>
  precision === 64 ? data : { ...data, links: data.links.map(Math.fround) };

export function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
  return "no error";
}

/** Said aloud in the test's output, since a silent skip looks like a pass. */
export function skipping(path: string): void {
  process.stderr.write(`skipped: ${path} is not there\n`);
}
