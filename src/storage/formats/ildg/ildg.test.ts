import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parseGroup } from "../../../lattice/group.ts";
import { randomLinks, rounded } from "../format.contract.ts";
import { readConfiguration } from "../index.ts";
import { limeText, readLime, writeLime } from "../lime.ts";
import { scidacChecksum } from "../scidac-checksum.ts";
import { ildg } from "./ildg.ts";

describe("ILDG files", () => {
  const data = randomLinks(parseGroup("SU(3)"), [2, 3, 4, 5]);

  it("have the records of QIO in its order, with its message flags", () => {
    const flags = readLime(ildg.write!(data, {})).map(({ type, begins, ends }) =>
      `${type} ${begins ? "b" : ""}${ends ? "e" : ""}`.trim(),
    );
    expect(flags).toEqual([
      "scidac-private-file-xml b",
      "scidac-file-xml e",
      "scidac-private-record-xml b",
      "scidac-record-xml",
      "ildg-format",
      "ildg-data-lfn",
      "ildg-binary-data",
      "scidac-checksum e",
    ]);
  });

  it.each([
    ["SU(3)", 64, "su3gauge", "QDP_D3_ColorMatrix", 144],
    ["SU(2)", 32, "su2gauge", "QDP_F2_ColorMatrix", 32],
    ["SU(4)", 64, "su4gauge", "QDP_DN_ColorMatrix", 256],
    ["U(1)", 64, "u1gauge", "QDP_DN_ColorMatrix", 16],
  ] as const)("name the field of %s in %i bits", (group, precision, field, datatype, typesize) => {
    const records = readLime(ildg.write!(randomLinks(parseGroup(group), [2, 3, 4, 5]), { precision }));
    expect(limeText(records, "ildg-format")).toContain(
      `<field>${field}</field><precision>${precision}</precision><lx>2</lx><ly>3</ly><lz>4</lz><lt>5</lt>`,
    );
    expect(limeText(records, "scidac-private-record-xml")).toContain(`<datatype>${datatype}</datatype>`);
    expect(limeText(records, "scidac-private-record-xml")).toContain(`<typesize>${typesize}</typesize>`);
  });

  it("hold big-endian numbers in the order t, z, y, x, mu, row, column", () => {
    const payload = readLime(ildg.write!(data, {})).find(({ type }) => type === "ildg-binary-data")!.data;
    const [x, y, z, t, mu, row, column] = [1, 2, 3, 4, 2, 1, 2];
    const place = (((((t * 4 + z) * 3 + y) * 2 + x) * 4 + mu) * 9 + row * 3 + column) * 2;
    expect(new DataView(payload.buffer, payload.byteOffset).getFloat64(8 * place)).toBe(data.links[place]);
  });

  it("are read with the payload record alone, in both precisions, also two-dimensional ones", () => {
    const bare = (record: Uint8Array) =>
      writeLime([
        {
          type: "ildg-binary-data",
          begins: true,
          ends: true,
          content: { length: record.length, fill: (t) => t.set(record) },
        },
      ]);
    for (const precision of [32, 64] as const) {
      const payload = readLime(ildg.write!(data, { precision })).find(({ type }) => type === "ildg-binary-data")!.data;
      const found = readConfiguration(bare(payload), "a.ildg", { extents: data.extents });
      expect([found.precision, found.checksum, found.data]).toEqual([precision, "absent", rounded(data, precision)]);
      expect(found.notes.join()).toMatch(/does not say its group and lattice/);
    }
    const flat = randomLinks(parseGroup("SU(2)"), [4, 6]);
    const swapped = new Uint8Array(flat.links.buffer.slice(0));
    Buffer.from(swapped.buffer).swap64();
    expect(readConfiguration(bare(swapped), "a.ildg", { extents: [4, 6] }).data).toEqual(flat);
  });

  it("of two dimensions are four-dimensional files to other readers, with unit links where there were none", () => {
    const flat = randomLinks(parseGroup("SU(2)"), [4, 6]);
    const records = readLime(ildg.write!(flat, {}));
    const standard = records.filter(({ type }) => !type.startsWith("plaquette-"));
    const file = writeLime(
      standard.map(({ data: record, ...rest }) => ({
        ...rest,
        content: { length: record.length, fill: (t) => t.set(record) },
      })),
    );
    const { data: seen, checksum } = readConfiguration(file, "a.ildg");
    expect([seen.extents, checksum]).toEqual([[4, 1, 1, 6], "verified"]);
    const link = (site: number, mu: number) =>
      Array.from(seen.links.subarray((site * 4 + mu) * 8, (site * 4 + mu + 1) * 8));
    expect(link(7, 1)).toEqual([1, 0, 0, 0, 0, 0, 1, 0]);
    expect(link(7, 3)).toEqual(Array.from(flat.links.subarray(15 * 8, 16 * 8)));
  });

  it("do not depend on the time of writing unless told a date", () => {
    expect(ildg.write!(data, {})).toEqual(ildg.write!(data, {}));
    const dated = readLime(ildg.write!(data, { date: new Date(0), comment: "a < b" }));
    expect(limeText(dated, "scidac-private-record-xml")).toContain("<date>Thu, 01 Jan 1970");
    expect(limeText(dated, "scidac-record-xml")).toContain("a &lt; b");
  });
});

describe("the SciDAC checksum", () => {
  it("turns the CRC of site s left by s mod 29 and s mod 31", () => {
    const payload = Uint8Array.from({ length: 32 * 20 }, (_, i) => (i * i * 7) >> 3);
    const turn = (word: bigint, by: bigint) => ((word << by) | (word >> (32n - by))) & 0xffffffffn;
    const expected = (modulus: number) =>
      Array.from({ length: 32 }, (_, s) =>
        turn(BigInt(crc32(payload.subarray(20 * s, 20 * s + 20))), BigInt(s % modulus)),
      ).reduce((a, b) => a ^ b);
    expect(scidacChecksum(payload, 20)).toEqual({ suma: Number(expected(29)), sumb: Number(expected(31)) });
  });
});
