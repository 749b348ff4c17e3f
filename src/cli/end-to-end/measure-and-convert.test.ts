import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../storage/files.ts";
import { command, scratchFolder, sharedConfigs } from "./folder.contract.ts";

/** What reference.json says of a stored configuration: computed independently of this code. */
interface Reference {
  readonly NC: number;
  readonly L: readonly number[];
  readonly plaquette: number;
  readonly rectangle: number;
  readonly polyakov_tr_t: readonly [number, number];
  readonly Qplaq: number;
  readonly Qclover: number;
  readonly Qimproved: number;
  readonly energy_density_clover_standard: number;
  readonly unitarity_max_abs_UUdag_minus_1: number;
  readonly "wilson_flow_eps0.01_steps": Readonly<Record<string, FlowReference>>;
}

interface FlowReference {
  readonly t: number;
  readonly plaquette: number;
  readonly E_clover_standard: number;
  readonly Qplaq: number;
  readonly Qclover: number;
  readonly Qimproved: number;
}

/** One line of `plaquette measure --json`. */
interface Line {
  readonly flowTime?: number;
  readonly plaquette: number;
  readonly rectangle: number;
  readonly polyakovLoop: readonly [number, number];
  readonly topologicalCharge: { readonly plaquette: number; readonly clover: number; readonly improved: number };
  readonly energyDensity: number;
  readonly unitarityDefect: number;
  readonly checksum: string;
}

const keys = [
  ...["file", "format", "group", "lattice", "plaquette", "rectangle", "polyakovLoop", "topologicalCharge"],
  ...["energyDensity", "unitarityDefect", "checksum"],
];

const known = existsSync(sharedConfigs);
const reference: [string, Reference][] = known
  ? Object.entries(JSON.parse(readFileSync(join(sharedConfigs, "reference.json"), "utf8")))
  : [];
const scratch = scratchFolder();
const stored = (name: string) => join(sharedConfigs, name);

/** What a bare payload does not say. */
const hintsFor = ({ NC, L }: Reference) => ["--group", `SU(${NC})`, "--lattice", L.join(",")];

async function measured(file: string, ...options: string[]): Promise<Line[]> {
  const { code, out } = await command("measure", file, "--json", ...options);
  expect(code).toBe(0);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

/** Relative to the size of the number, but at least to `scale`: charges and Polyakov loops are small differences. */
const near = (value: number, expected: number, tolerance: number, scale = 0) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), scale));

function expectLine(line: Line, expected: Reference): void {
  const tolerance = 1e-12;
  near(line.plaquette, expected.plaquette, tolerance);
  near(line.rectangle, expected.rectangle, tolerance);
  near(line.polyakovLoop[0], expected.polyakov_tr_t[0], tolerance, 1);
  near(line.polyakovLoop[1], expected.polyakov_tr_t[1], tolerance, 1);
  near(line.topologicalCharge.plaquette, expected.Qplaq, tolerance, 1);
  near(line.topologicalCharge.clover, expected.Qclover, tolerance, 1);
  near(line.topologicalCharge.improved, expected.Qimproved, tolerance, 1);
  near(line.energyDensity, expected.energy_density_clover_standard, tolerance);
  near(line.unitarityDefect, expected.unitarity_max_abs_UUdag_minus_1, tolerance, 1);
}

describe.skipIf(!known)("stored configurations (../shared/configs, skipped where absent)", () => {
  it("are eleven in the reference", () => expect(reference.length).toBe(11));

  it.each(reference)("%s is measured as by others", async (name, expected) => {
    const hints = hintsFor(expected);
    // A LatticeQCD.jl configuration lies there twice: bare ILDG and the same as text.
    const twin = stored(`${name}.txt`);
    for (const file of [stored(name), ...(existsSync(twin) ? [twin] : [])]) {
      const lines = await measured(file, ...hints);
      expect(lines).toHaveLength(1);
      expect(Object.keys(lines[0]!)).toEqual(keys);
      expect(lines[0]).toMatchObject({
        file,
        format: /\.txt$/.test(file) ? "bridge-text" : "ildg",
        group: `SU(${expected.NC})`,
        lattice: expected.L,
        checksum: "absent",
      });
      expectLine(lines[0]!, expected);
    }
  });

  it.each(reference)("%s along the Wilson flow", async (name, expected) => {
    const steps = Object.values(expected["wilson_flow_eps0.01_steps"]);
    const tolerance = 1e-10;
    const lines = await measured(stored(name), ...hintsFor(expected), "--flow", "1", "--every-time", "0.01");
    expect(lines).toHaveLength(101);
    for (const line of lines.slice(1)) expect(Object.keys(line).sort()).toEqual([...keys, "flowTime"].sort());
    for (const at of steps) {
      const line = lines.find(({ flowTime }) => flowTime !== undefined && Math.abs(flowTime - at.t) < 1e-9)!;
      near(line.plaquette, at.plaquette, tolerance);
      near(line.energyDensity, at.E_clover_standard, tolerance);
      near(line.topologicalCharge.plaquette, at.Qplaq, tolerance, 1);
      near(line.topologicalCharge.clover, at.Qclover, tolerance, 1);
      near(line.topologicalCharge.improved, at.Qimproved, tolerance, 1);
    }
  });

  it("are shown as a table with a row a flow time", async () => {
    const [name, expected] = reference.find(([file]) => file.endsWith("testconf.txt"))!;
    const hints = hintsFor(expected);
    const { out } = await command("measure", stored(name), ...hints, "--flow", "0.2");
    expect(out).toMatch(/^plaquette +0\.58781833784702$/m);
    expect(out).toMatch(/^polyakovLoop +0\.52552460686162, -0\.1514085097125$/m);
    expect(out).toMatch(/^t +plaquette +rectangle +Re P/m);
    expect(out.match(/^0\.[12] +0\.\d+/gm)).toHaveLength(2);
    expect(out).toMatch(/^0\.1 +0\.816831736 /m);
  });

  it("go through every format and back bit for bit", async () => {
    const [name, expected] = reference.find(([file]) => /HMC.*quenched_su3.*\.ildg$/.test(file))!;
    const original = loadConfiguration(stored(name), hintsOf(expected));
    const endings = ["ildg", "nersc", "oqcd", "txt"];
    const first = scratch.at("first.ildg");
    await converted(stored(name), first, ...hintsFor(expected));
    const direct = (ending: string) => scratch.at(`from.${ending}`);
    for (const ending of endings) await converted(first, direct(ending));
    for (const from of endings) {
      const file = direct(from);
      for (const to of endings) {
        const back = scratch.at(`${from}-to.${to}`);
        await converted(file, back, ...(from === "txt" ? hintsFor(expected) : []));
        const read = loadConfiguration(back, hintsOf(expected));
        expect(read.data.links).toEqual(original.data.links);
        expect(readFileSync(back).equals(readFileSync(direct(to)))).toBe(true);
      }
    }
  });

  // MILC's own plaquettes of this file, in units of tr: 1.794675 spatial, 1.774426 temporal (single precision)
  const milcPlaquette = (1.794675 + 1.774426) / 6;

  it("of MILC, in three formats, are measured as by MILC", async () => {
    for (const [ending, format] of [
      ["", "milc"],
      [".ildg", "ildg"],
      [".scidac", "scidac"],
    ]) {
      const [line] = await measured(stored(`milc/lat.sample.l4444${ending}`));
      expect(line).toMatchObject({ format, group: "SU(3)", lattice: [4, 4, 4, 4], checksum: "verified" });
      near(line!.plaquette, milcPlaquette, 1e-6);
      expect(line!.unitarityDefect).toBeLessThan(1e-6);
    }
  });

  it("go through 32 bits without loss where they are of single precision, and through two rows nearly", async () => {
    const file = stored("milc/lat.sample.l4444");
    const original = loadConfiguration(file);
    for (const ending of ["ildg", "nersc"]) {
      const single = scratch.at(`single.${ending}`);
      await converted(file, single, "--precision", "32");
      const read = loadConfiguration(single);
      expect(read).toMatchObject({ precision: 32, checksum: "verified" });
      expect(read.data.links).toEqual(original.data.links);
    }
    const rows = scratch.at("rows.nersc");
    await converted(file, rows, "--rows", "two");
    near((await measured(rows))[0]!.plaquette, milcPlaquette, 1e-6);
  });
});

const hintsOf = ({ L }: Reference) => ({ extents: L });

async function converted(...argv: string[]): Promise<void> {
  const { code, out, err } = await command("convert", ...argv);
  expect(err.split("\n").filter((line) => line !== "" && !line.startsWith("note: "))).toEqual([]);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(argv[1]!) });
}
