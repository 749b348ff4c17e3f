import { describe, expect, it } from "vitest";
import { parseGroup } from "../../../lattice/group.ts";
import { errorOf, randomLinks, rounded } from "../format.contract.ts";
import { linkTraceOf, plaquetteOf, readConfiguration } from "../index.ts";
import { unitarityDefectOf } from "../unitarity.ts";
import { parseHeader } from "./header.ts";
import { nersc } from "./nersc.ts";
import { restoreThirdRow } from "./two-rows.ts";

const header = (bytes: Uint8Array) => parseHeader(bytes).fields;
/** The file with a header line changed (of the same length or not). */
function edited(bytes: Uint8Array, from: RegExp, to: string): Uint8Array {
  const { length } = parseHeader(bytes);
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, length)).replace(from, to);
  return Uint8Array.of(...new TextEncoder().encode(text), ...bytes.subarray(length));
}

describe("NERSC files", () => {
  const data = randomLinks(parseGroup("SU(3)"), [2, 3, 2, 4]);

  it.each([
    ["SU(3)", [2, 2, 2, 2], {}, "4D_SU3_GAUGE_3x3", "IEEE64BIG"],
    ["SU(3)", [2, 2, 2, 2], { rows: "two", precision: 32 }, "4D_SU3_GAUGE", "IEEE32BIG"],
    ["SU(2)", [2, 2, 2, 2], { precision: 32 }, "4D_SU2_GAUGE_2x2", "IEEE32BIG"],
    ["SU(5)", [2, 2, 2, 2], {}, "4D_SU5_GAUGE_5x5", "IEEE64BIG"],
    ["U(1)", [4, 4], {}, "2D_U1_GAUGE_1x1", "IEEE64BIG"],
  ] as const)("of %s on %j %j say so", (group, extents, options, datatype, floats) => {
    const written = randomLinks(parseGroup(group), extents);
    const fields = header(nersc.write!(written, options));
    expect([fields.get("DATATYPE"), fields.get("FLOATING_POINT")]).toEqual([datatype, floats]);
    expect(Number(fields.get("PLAQUETTE"))).toBeCloseTo(plaquetteOf(written), 14);
    expect(Number(fields.get("LINK_TRACE"))).toBeCloseTo(linkTraceOf(written), 14);
  });

  it("restore the third row of SU(3)", () => {
    // Rows one and two of any unitary matrix become an SU(3) matrix.
    const rows = Float64Array.from(
      { length: (data.links.length / 18) * 12 },
      (_, i) => data.links[Math.floor(i / 12) * 18 + (i % 12)]!,
    );
    const su3 = { ...data, links: restoreThirdRow(rows) };
    expect(unitarityDefectOf(su3)).toBeLessThan(1e-14);
    expect(determinant(su3.links.subarray(18, 36))).toBeCloseTo(1, 14);
    const found = readConfiguration(nersc.write!(su3, { rows: "two" }), "a.nersc");
    expect([found.checksum, found.data]).toEqual(["verified", su3]);
  });

  it("are read in little-endian order too, and IEEE32 in the order that the checksum confirms", () => {
    const file = nersc.write!(data, { precision: 32 });
    const { length } = parseHeader(file);
    const swapped = file.slice();
    Buffer.from(swapped.buffer, length).swap32();
    for (const bytes of [
      edited(file, /IEEE32BIG/, "IEEE32"),
      edited(swapped, /IEEE32BIG/, "IEEE32"),
      edited(swapped, /IEEE32BIG/, "IEEE32LITTLE"),
    ]) {
      const found = readConfiguration(bytes, "a.nersc");
      expect([found.checksum, found.data]).toEqual(["verified", rounded(data, 32)]);
    }
  });

  it.each([
    [/CHECKSUM = \w+/, "CHECKSUM = 12345678", /CHECKSUM in the header is 12345678 but the links give/],
    [/PLAQUETTE = .*/, "PLAQUETTE = 0.5", /PLAQUETTE in the header is 0\.5 but the links give/],
    [/LINK_TRACE = .*/, "LINK_TRACE = 0.5", /LINK_TRACE in the header is 0\.5 but the links give/],
    [/DATATYPE = .*/, "DATATYPE = 4D_SU4_GAUGE", /DATATYPE is "4D_SU4_GAUGE"; expected/],
    [/DIMENSION_4.*\n/, "", /no DIMENSION_4/],
    [/DIMENSION_4 = 4/, "DIMENSION_4 = 8", /bytes of links but its header .* needs/],
    [/END_HEADER/, "HEADER_END", /no END_HEADER/],
  ])("with %s changed are refused", (from, to, pattern) => {
    const file = edited(nersc.write!(data, {}), from, to);
    expect(errorOf(() => readConfiguration(file, "a.nersc"))).toMatch(pattern);
  });

  it("without a checksum say so", () => {
    expect(readConfiguration(edited(nersc.write!(data, {}), /CHECKSUM.*\n/, ""), "a.nersc").checksum).toBe("absent");
  });
});

/** Real part of the determinant of a 3x3 matrix. */
function determinant(u: Float64Array): number {
  const at = (r: number, c: number) => [u[2 * (3 * r + c)]!, u[2 * (3 * r + c) + 1]!] as const;
  const times = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) =>
    [a * c - b * d, a * d + b * c] as const;
  let sum = 0;
  for (const [i, j, k, sign] of [
    [0, 1, 2, 1],
    [1, 2, 0, 1],
    [2, 0, 1, 1],
    [0, 2, 1, -1],
    [2, 1, 0, -1],
    [1, 0, 2, -1],
  ] as const)
    sum += sign * times(times(at(0, i), at(1, j)), at(2, k))[0];
  return sum;
}
