import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { command, runText, scratchFolder, sharedConfigs } from "./folder.contract.ts";

/** Observables of quarks on stored configurations, given by a file or on the command line. */
const { at, put } = scratchFolder();
const stored = join(sharedConfigs, "latticeqcd-jl/testconf.txt");
const known = existsSync(stored);
const hints = ["--group", "SU(3)", "--lattice", "4,4,4,4"];

interface Reading {
  readonly name: string;
  readonly labels: readonly string[];
  readonly values: readonly number[];
  readonly flowTime?: number;
}

async function readings(...options: string[]): Promise<Reading[]> {
  const { code, out, err } = await command("measure", stored, ...hints, "--json", ...options);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out).observables;
}

/** The exact trace on this configuration at mass 1/2, and the true pion correlator at mass 1, by dense linear algebra. */
const condensate = 1.1432448206498669;
const pion = [1.01536813, 0.11213556, 0.01660014, 0.10936171];

const table = `[measure]
chiral-condensate = { every = 5, exact = true, fermion = { name = "staggered", mass = 0.5 } }
pion-correlator = { every = 7, fermion = { name = "staggered", mass = 1.0 } }
wilson-loop = 0
`;

describe.skipIf(!known)("a stored configuration (../shared/configs, skipped where absent)", () => {
  const expectQuarks = ([first, second, ...rest]: Reading[]) => {
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ name: "chiral-condensate", labels: ["condensate"] });
    expect(Math.abs(first!.values[0]! - condensate)).toBeLessThan(1e-9);
    expect(second!.labels).toEqual(["C(0)", "C(1)", "C(2)", "C(3)"]);
    second!.values.forEach((value, t) => expect(Math.abs(value - pion[t]!)).toBeLessThan(1e-7));
  };

  it("is measured with a [measure] table, and with the whole run file that has it", async () => {
    expectQuarks(await readings("--with", put("table.toml", table)));
    expectQuarks(await readings("--with", put("run.toml", runText([/\[measure\][\s\S]*/, table]))));
  });

  it("is measured with what a parameter file of LatticeQCD.jl measures", async () => {
    const file = put(
      "jl.toml",
      '["System Control"]\n["Measurement set".measurement_methods.Chiral_condensate]\nmass = 0.5\nNr = 2\n',
    );
    const { code, out, err } = await command("measure", stored, ...hints, "--json", "--with", file);
    expect(code).toBe(0);
    expect(err).toContain('section ["Physical setting(fermions)"] is missing');
    const [noisy] = JSON.parse(out).observables as Reading[];
    expect(noisy!.name).toBe("chiral-condensate");
    // two sources: a few per cent; the seed is that of the file's name
    expect(Math.abs(noisy!.values[0]! - condensate)).toBeLessThan(0.1);
  });

  it("is measured with names, and with lines of a table, which go before those of a file", async () => {
    const [loops, lines] = await readings("--observables", "wilson-loop, polyakov-loop");
    expect(loops!.labels).toContain("W(1,1)");
    expect(lines!.values).toHaveLength(3);
    const [first, ...rest] = await readings(
      "--with",
      put("table.toml", table),
      "--observables",
      'pion-correlator = { fermion = { name = "wilson", kappa = 0.13 } }',
    );
    expect(rest.map(({ name }) => name)).toEqual(["pion-correlator"]);
    expect(first!.name).toBe("chiral-condensate");
    expect(rest[0]!.values[0]).not.toBeCloseTo(pion[0]!, 2);
  });

  it("is shown as lines below the others", async () => {
    const { out } = await command("measure", stored, ...hints, "--with", put("table.toml", table));
    expect(out).toMatch(/^plaquette +0\.58781833784702$/m);
    expect(out).toMatch(/^chiral-condensate condensate +1\.14324482\d+$/m);
    expect(out).toMatch(/^pion-correlator C\(3\) +0\.109361/m);
  });

  it("tells that a solver did not converge, with exit code 1", async () => {
    const hard = table.replace("mass = 1.0 } }", "mass = 0.001 }, solver = { relative = 1e-12, iterations = 3 } }");
    const { code, out, err } = await command("measure", stored, ...hints, "--with", put("hard.toml", hard));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^.*3 of 3 iterations.*\n$/);
    expect(err).not.toContain("PLAQUETTE_DEBUG");
  });
});

describe("what to measure is refused", () => {
  const refused: readonly [string, () => readonly string[], RegExp][] = [
    ["in a file that is not there", () => ["--with", at("nowhere.toml")], /nowhere\.toml: no such run file/],
    [
      "in a file without a table",
      () => ["--with", put("none.toml", "lattice = [4]\n")],
      /none\.toml: measure: missing; add/,
    ],
    [
      "under a misspelt key",
      () => ["--with", put("mis.toml", "[mesure]\n")],
      /mesure: unknown; did you mean "measure"\?/,
    ],
    [
      "for an unknown name",
      () => ["--observables", "plackette"],
      /--observables: measure\.plackette: unknown observable; did/,
    ],
    [
      "for an unknown parameter",
      () => ["--observables", "wilson-loop = { maxQ = 2 }"],
      /measure\.wilson-loop\.maxQ: unknown; did you mean "maxR"\?/,
    ],
    [
      "for an unknown quark",
      () => ["--observables", 'pion-correlator = { fermion = { name = "stagered" } }'],
      /measure\.pion-correlator\.fermion\.name: "stagered" is not one of .*; did you mean "staggered"\?/,
    ],
    [
      "for a misspelt parameter of the quark",
      () => ["--observables", 'pion-correlator = { fermion = { name = "wilson", kapa = 0.1 } }'],
      /measure\.pion-correlator\.fermion\.kapa: unknown; did you mean "kappa"\?/,
    ],
    ["twice", () => ["--observables", "plaquette", "--observables", "rectangle"], /--observables is given twice/],
  ];
  it.each(refused)("%s", async (_, options, sentence) => {
    const { code, out, err } = await command("measure", "lat.ildg", ...options());
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});
