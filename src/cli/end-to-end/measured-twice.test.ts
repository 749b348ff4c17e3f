import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { command, runText, scratchFolder } from "./folder.contract.ts";

/** One observable measured twice in a run: under its name in the events, the tables and the report. */
const { at, put } = scratchFolder();

const quark = `fermion = { name = "wilson", kappa = 0.1 }, sources = 1`;
const measure = `[measure]
chiral-condensate = { ${quark} }
condensate-again = { observable = "chiral-condensate", ${quark} }
loops = { observable = "wilson-loop", every = 2, maxR = 1, maxT = 2 }
wilson-loop = { every = 2, maxR = 2, maxT = 1 }
pions = { observable = "pion-correlator", every = 2, fermion = { name = "wilson", kappa = 0.1 } }
short = { observable = "gradient-flow", every = 4, time = 0.04, step = 0.02, every-time = 0.02, observables = ["energy-density"] }
`;

describe("an observable under a name of its own", () => {
  const file = put("twice.toml", runText([/lattice.*/, "lattice = [2, 2, 2, 4]"], [/\[measure\][\s\S]*/, measure]));

  it("has its own table of measurements, from noise of its own", async () => {
    const { code, out, err } = await command("run", file, "--output", at("twice"));
    expect({ code, errors: /error|Error/.test(err) }).toEqual({ code: 0, errors: false });
    const rows = (name: string) =>
      readFileSync(at(`twice/measurements/${name}.csv`), "utf8")
        .trim()
        .split("\n");
    const [first, second] = [rows("chiral-condensate"), rows("condensate-again")];
    expect(first[0]).toBe("trajectory,phase,condensate");
    expect(second).toHaveLength(first.length);
    const values = (lines: readonly string[]) => lines.slice(1).map((line) => Number(line.split(",")[2]));
    values(first).forEach((value, i) => {
      expect(values(second)[i]).not.toBe(value);
      // one noise source each on a lattice of 32 sites: the same trace within half of it
      expect(Math.abs(values(second)[i]! - value)).toBeLessThan(0.5 * value);
    });
    expect(rows("loops")[0]).toBe('trajectory,phase,"W(1,1)","W(1,2)"');
    expect(rows("short.energy-density.flow")[0]).toMatch(/^trajectory,phase,flow_time,/);
    for (const line of [/^chiral condensate +\S/m, /^condensate again +\S/m, /^W\(R,T\) +T = 1 *$/m])
      expect(out).toMatch(line);
    expect(out).toMatch(/^W\(R,T\) of loops +T = 1 +T = 2/m);
    expect(out).toMatch(/^Pions +C\(t\) +m_eff/m);
  });

  it("stands in the report, with the references of the observable", () => {
    const html = readFileSync(at("twice/report.html"), "utf8");
    for (const text of [
      "condensate again",
      "Loops W(R, T)",
      "Wilson loops W(R, T)",
      "<h3>Pions</h3>",
      "Phys. Lett. B 328",
    ])
      expect(html).toContain(text);
  });

  it("is read from a parameter file of LatticeQCD.jl that measures a method twice", async () => {
    const jl = put(
      "jl.toml",
      `["Physical setting"]
L = [2, 2, 2, 4]
NC = 2
Nsteps = 2
["Physical setting(fermions)"]
["System Control"]
["Measurement set".measurement_methods.Chiral_condensate]
measure_every = 1
mass = 0.5
Nr = 1
["Measurement set".measurement_methods.Heavy]
methodname = "Chiral_condensate"
measure_every = 1
mass = 5.0
Nr = 1
`,
    );
    const { code, err } = await command("run", jl, "--output", at("jl"));
    expect(code).toBe(0);
    expect(err).toContain(
      "measurement_methods.Heavy: a second Chiral_condensate; its measurements are called chiral-condensate-2",
    );
    const last = (name: string) =>
      Number(
        readFileSync(at(`jl/measurements/${name}.csv`), "utf8")
          .trim()
          .split(",")
          .at(-1),
      );
    // of colour trace 2, and of order 1/m for the heavy quark
    expect(Math.abs(last("chiral-condensate-2") - 2 / 5)).toBeLessThan(0.05);
    expect(last("chiral-condensate")).toBeGreaterThan(0.6);
  });
});
