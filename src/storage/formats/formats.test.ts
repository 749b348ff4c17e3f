import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseGroup } from "../../lattice/group.ts";
import { bridgeText } from "./bridge-text/bridge-text.ts";
import {
  configs,
  describeFormat,
  errorOf,
  randomLinks,
  roundTripDefect,
  skipping,
  unitLinks,
} from "./format.contract.ts";
import { ildg } from "./ildg/ildg.ts";
import { formats, linkTraceOf, plaquetteOf, readConfiguration, resolveFormat, writeConfiguration } from "./index.ts";
import { milc } from "./milc/milc.ts";
import { nersc } from "./nersc/nersc.ts";
import { openqcd } from "./openqcd/openqcd.ts";
import { scidac } from "./scidac/scidac.ts";

const cube = [4, 4, 4, 4];
const everyGroup = [
  ["SU(3)", cube],
  ["U(1)", [3, 2, 5, 4]],
  ["SU(2)", [3, 5, 2, 7]],
  ["SU(3)", [1, 3, 2, 4]],
  ["SU(4)", [2, 2, 3, 2]],
  ["SU(5)", [2, 1, 2, 3]],
  ["U(1)", [7]],
  ["SU(2)", [4, 6]],
  ["SU(3)", [3, 4, 5]],
] as const;

const reference = existsSync(`${configs}/reference.json`)
  ? (JSON.parse(readFileSync(`${configs}/reference.json`, "utf8")) as Record<string, Reference>)
  : {};
interface Reference {
  readonly NC: number;
  readonly L: number[];
  readonly plaquette: number;
  readonly rel_text_file?: string;
}
/** The stored files of LatticeQCD.jl: no header at all, so group and lattice are told. */
const storedBare = Object.entries(reference).map(([file, { NC, L, plaquette }]) => ({
  file,
  hints: { group: parseGroup(`SU(${NC})`), extents: L },
  group: `SU(${NC})`,
  extents: L,
  plaquette,
  tolerance: 1e-12,
  checksum: "absent" as const,
}));
/** MILC prints the mean of Re tr P over space-like and over time-like planes. */
const storedMilc = {
  group: "SU(3)",
  extents: cube,
  plaquette: (1.794675 + 1.774426) / 6,
  tolerance: 1e-6,
  checksum: "verified" as const,
};
const isText = ({ file }: { file: string }) => file.endsWith(".txt");

describeFormat(ildg, {
  shapes: everyGroup,
  notices: true,
  stored: [{ file: "milc/lat.sample.l4444.ildg", ...storedMilc }, ...storedBare.filter((s) => !isText(s))],
});
describeFormat(scidac, {
  shapes: [],
  notices: true,
  stored: [{ file: "milc/lat.sample.l4444.scidac", ...storedMilc }],
});
describeFormat(milc, { shapes: [], notices: true, stored: [{ file: "milc/lat.sample.l4444", ...storedMilc }] });
describeFormat(nersc, { shapes: everyGroup, notices: true, stored: [] });
describeFormat(openqcd, {
  shapes: [
    ["SU(3)", cube],
    ["SU(3)", [2, 4, 6, 8]],
  ],
  stored: [],
});
describeFormat(bridgeText, { shapes: everyGroup, bare: true, stored: storedBare.filter(isText) });

describe("the contract suite", () => {
  it("notices a writer that spoils one bit", () => {
    const data = randomLinks(parseGroup("SU(2)"), [2, 2]);
    const spoilt = {
      ...bridgeText,
      write: () => bridgeText.write!({ ...data, links: data.links.map((x, i) => (i === 9 ? x + 2 ** -53 : x)) }, {}),
    };
    expect(roundTripDefect(bridgeText, data, {}, data)).toBe("");
    expect(roundTripDefect(spoilt, data, {}, data)).toBe("links differ");
  });
  it("has the sign of zero and the shortest numbers in it", () => {
    const data = unitLinks(parseGroup("SU(3)"), [2, 3, 2, 2]);
    for (const format of formats.filter((f) => f.write && f !== openqcd))
      expect(
        roundTripDefect(
          format,
          data,
          format === bridgeText ? {} : { precision: 64 },
          format === bridgeText ? data : {},
        ),
      ).toBe("");
  });
});

describe("files of one configuration by two codes", () => {
  const read = (file: string, hints = {}) =>
    readConfiguration(readFileSync(`${configs}/${file}`), file, hints).data.links;
  it("agree as MILC version 5, ILDG and SciDAC", () => {
    if (!existsSync(`${configs}/milc`)) return skipping(`${configs}/milc`);
    const links = read("milc/lat.sample.l4444");
    expect(read("milc/lat.sample.l4444.ildg")).toEqual(links);
    expect(read("milc/lat.sample.l4444.scidac")).toEqual(links);
  });
  it("agree as ILDG and BridgeText", () => {
    if (storedBare.length === 0) return skipping(`${configs}/reference.json`);
    const twins = storedBare.filter(({ file }) => existsSync(`${configs}/${file}.txt`));
    expect(twins.length).toBeGreaterThanOrEqual(9);
    for (const { file, hints } of twins) expect(read(`${file}.txt`, hints)).toEqual(read(file, hints));
  });
});

describe("any two formats", () => {
  it("agree about a configuration", () => {
    const data = randomLinks(parseGroup("SU(3)"), [2, 4, 2, 6]);
    const told = { group: data.group, extents: data.extents };
    for (const format of formats.filter((f) => f.write)) {
      const found = readConfiguration(writeConfiguration(format, data), "conf", told);
      expect([found.format, found.data]).toEqual([format.name, data]);
    }
  });
});

describe("header observables", () => {
  it("are one on unit links, and agree with a plaquette worked out by hand", () => {
    const unit = unitLinks(parseGroup("SU(3)"), [2, 3, 2, 2]);
    expect([plaquetteOf(unit), linkTraceOf(unit)]).toEqual([1, 1]);
    // U(1) on 1 x 2: theta_x(t) alone matters, as links in t cancel: P(0) = exp i(a - b), P(1) = exp i(b - a).
    const [a, b] = [0.3, 1.1];
    const links = Float64Array.of(...[a, 2, b, 3].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    expect(plaquetteOf({ group: parseGroup("U(1)"), extents: [1, 2], links })).toBeCloseTo(Math.cos(a - b), 15);
  });
});

describe("what a user gets wrong", () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const data = randomLinks(parseGroup("SU(3)"), cube);
  const complaint = (bytes: Uint8Array, name: string, hints = {}) =>
    errorOf(() => readConfiguration(bytes, name, hints));

  it.each([
    [
      "a BridgeText file renamed .ildg",
      "a.ildg",
      () => bridgeText.write!(data, {}),
      {},
      /^a\.ildg: it is named like ILDG .* is a BridgeText .* file; rename it to end in \.ildg\.txt/,
    ],
    [
      "a note renamed .ildg",
      "a.ildg",
      () => bytesOf("beta = 6.0\n"),
      {},
      /^a\.ildg: .*begins with the text "beta = 6\.0"/,
    ],
    ["a JLD2 file", "a.jld2", () => bytesOf("HDF5-based Julia Data Format, version 0.1.1"), {}, /JLD2.*Julia/],
    ["two numbers a line", "a.txt", () => bytesOf("1.0\n0.5 0.5\n"), { extents: cube }, /line 2 holds 2 words/],
    [
      "another lattice",
      "a.ildg",
      () => ildg.write!(data, {}),
      { extents: [8, 8, 8, 8] },
      /declares the lattice 4,4,4,4 but 8,8,8,8 was asked for/,
    ],
    [
      "another group",
      "a.nersc",
      () => nersc.write!(data, {}),
      { group: parseGroup("SU(2)") },
      /declares SU\(3\) but SU\(2\) was asked for/,
    ],
    [
      "no lattice",
      "a.txt",
      () => bridgeText.write!(data, {}),
      {},
      /pass them, for example --group 'SU\(3\)' --lattice 4,4,4,4/,
    ],
    [
      "an unknown format",
      "a.txt",
      () => bytesOf("1\n"),
      { format: "idlg" },
      /format "idlg" is unknown; expected one of ildg/,
    ],
  ])("%s", (_, name, make, hints, pattern) => {
    expect(complaint(make(), name, hints)).toMatch(pattern);
  });

  it("a truncated ILDG file: says the bytes expected and found", () => {
    const file = ildg.write!(data, {});
    expect(complaint(file.subarray(0, 100_000), "a.ildg")).toMatch(
      /^a\.ildg: its record ildg-binary-data should hold 147456 bytes but the file ends after \d+ of them: it is truncated/,
    );
  });
  it("NaN is refused with its place, a link that is not unitary is noted with its size", () => {
    const spoil = (value: number) => ({ ...data, links: data.links.map((x, i) => (i === 18 * 4 + 3 ? value : x)) });
    expect(errorOf(() => writeConfiguration(ildg, spoil(Number.NaN)))).toMatch(
      /direction 1 at site \(1, 0, 0, 0\) holds NaN/,
    );
    const file = ildg.write!(spoil(Number.POSITIVE_INFINITY), {});
    expect(complaint(file, "a.ildg")).toMatch(
      /^a\.ildg: the link in direction 1 at site \(1, 0, 0, 0\) holds Infinity/,
    );
    const noted = readConfiguration(ildg.write!(spoil(2), {}), "a.ildg");
    expect(noted.unitarityDefect).toBeGreaterThan(1);
    expect(noted.notes.join()).toMatch(/unitary only to/);
  });
  it("a bare payload: with the lattice alone the group follows from the size", () => {
    const su2 = randomLinks(parseGroup("SU(2)"), [4, 4]);
    expect(readConfiguration(bridgeText.write!(su2, {}), "a.txt", { extents: [4, 4] }).data).toEqual(su2);
  });
  it("what a format cannot hold: says which can", () => {
    expect(errorOf(() => writeConfiguration("milc", data))).toMatch(/can be read but not written; write ildg/);
    expect(errorOf(() => writeConfiguration("openqcd", randomLinks(parseGroup("SU(3)"), [3, 4, 4, 4])))).toMatch(
      /even extents/,
    );
    expect(errorOf(() => writeConfiguration("openqcd", randomLinks(parseGroup("SU(2)"), cube)))).toMatch(
      /hold SU\(3\)/,
    );
    expect(errorOf(() => writeConfiguration("openqcd", data, { precision: 32 }))).toMatch(/64 bits, not 32/);
    expect(errorOf(() => resolveFormat("a.bin"))).toMatch(/end it in \.ildg/);
    expect(resolveFormat("run/conf.ildg.txt").name).toBe("bridge-text");
  });
});
