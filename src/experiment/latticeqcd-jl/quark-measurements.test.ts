import { describe, expect, it } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile, RunFileError, readMeasurements, readRunFile } from "../run-file/index.ts";
import { translate } from "./translate.ts";

/** A quenched parameter file with these measurements. */
const file = (methods: Record<string, unknown>) => ({
  "Physical setting": { L: [4, 4, 4, 8] },
  "Physical setting(fermions)": {},
  "System Control": {},
  "Measurement set": { measurement_methods: methods },
});
const solver = { absolute: 1e-19, iterations: 3000 };

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.message;
    throw error;
  }
  return "";
};

describe("measurements of quarks", () => {
  const measure = (methods: Record<string, unknown>) => translate(file(methods), "p.toml");

  it("take their own defaults, not those of the action", () => {
    const { runFile } = measure({ Chiral_condensate: {}, Pion_correlator: { measure_every: 5 } });
    expect(runFile.measure).toEqual({
      "chiral-condensate": { every: 10, fermion: { name: "staggered", mass: 0.5 }, flavours: 4, sources: 10, solver },
      "pion-correlator": {
        every: 5,
        fermion: { name: "wilson", kappa: 0.141139, r: 1 },
        "latticeqcd-jl": true,
        solver,
      },
    });
  });

  it("take keys of their table and of fermion_parameters", () => {
    const { runFile, warnings } = measure({
      a: { methodname: "Chiral_condensate", mass: 0.2, Nf: 2, Nr: 3, eps: 1e-16 },
      b: {
        methodname: "Pion_correlator",
        smearing_for_fermion: "stout",
        stout_ρ: [0.1],
        fermion_parameters: { Dirac_operator: "Domainwall", m: 0.3, mas: 1 },
      },
    });
    expect(runFile.measure).toMatchObject({
      "chiral-condensate": { fermion: { mass: 0.2 }, flavours: 2, sources: 3, solver: { absolute: 1e-16 } },
      "pion-correlator": {
        fermion: { name: "domain-wall", mass: 0.3, height: -1, ls: 4 },
        through: { name: "stout", layers: 1, rho: 0.1, loops: ["plaquette"] },
      },
    });
    expect(warnings[0]).toContain(
      'measurement_methods.b.fermion_parameters.mas: unknown, ignored; did you mean "mass"?',
    );
    expect(warnings[1]).toContain("measurement_methods.b: C is the sum over all spins and colours of both ends");
  });

  it("take the eigenvalues of smallest modulus", () => {
    const { runFile } = measure({ Eigenvalue: {} });
    expect(runFile.measure).toEqual({
      eigenvalues: {
        every: 10,
        fermion: { name: "wilson", kappa: 0.141139, r: 1 },
        count: 10,
        of: "D",
        method: "krylov",
      },
    });
    const other = measure({
      Eigenvalue: { nev: 4, isDdagD: true, solver: "exact", which: "LM", fermiontype: "Staggered" },
    });
    expect(other.runFile.measure).toMatchObject({
      eigenvalues: { fermion: { name: "staggered", mass: 0.5 }, count: 4, of: "DdaggerD", method: "exact" },
    });
    expect(other.warnings).toEqual([
      'p.toml: measurement_methods.Eigenvalue: which = "LM": only those of smallest modulus ("SM") are measured here',
    ]);
    expect(checkRunFile(other.runFile, "p.toml", catalogue).measure).toHaveLength(1);
  });

  it("take clover quarks for Wilson quarks that have it", () => {
    const { runFile } = measure({
      Pion_correlator: { fermion_parameters: { Dirac_operator: "Wilson", hasclover: true } },
    });
    expect(runFile.measure).toMatchObject({
      "pion-correlator": { fermion: { name: "clover", kappa: 0.141139, "c-sw": 1.5612 } },
    });
  });

  it("are refused by the name of their table", () => {
    const act = () => measure({ Chiral_condensate: { fermion_parameters: { Dirac_operator: "Wlson" } } });
    expect(refusal(act)).toContain('p.toml: measurement_methods.Chiral_condensate.Dirac_operator: "Wlson" is unknown');
  });
});

describe("refusals of a translated file", () => {
  const text = (keys: string) => `["Physical setting"]
L = [4, 4, 4, 4]
quench = false
${keys}
["Physical setting(fermions)"]
["System Control"]
["Measurement set"]
`;
  const cases: readonly [string, string, RegExp][] = [
    [
      "Domainwall_m",
      'Dirac_operator = "Domainwall"\nDomainwall_M = -1\nDomainwall_m = "x"\nDomainwall_L5 = 4',
      /Domainwall_m: expected a number/,
    ],
    [
      "a mass",
      'Dirac_operator = "Domainwall"\nDomainwall_M = -1\nDomainwall_m = 0\nDomainwall_L5 = 4',
      /^p\.toml: Domainwall_m \(here action\[1\]\.mass\): must be more than 0, got 0$/,
    ],
    [
      "its other name",
      'Dirac_operator = "Domainwall"\nM = -1\nm = 0\nN5 = 4',
      /^p\.toml: m \(here action\[1\]\.mass\): /,
    ],
    [
      "a hopping parameter",
      'Dirac_operator = "Wilson"\nhop = -0.1',
      /^p\.toml: hop \(here action\[1\]\.kappa\): .*got -0\.1$/,
    ],
    [
      "a boundary",
      'Dirac_operator = "Wilson"\nBoundaryCondition = [1, 1, 1, 2]',
      /^p\.toml: BoundaryCondition \(here action\[1\]\.boundary\[3\]\): expected 1, -1/,
    ],
    ["a solver", 'Dirac_operator = "Wilson"\neps = 0', /p\.toml: eps \(here action\[1\]\.solver\.absolute\): /],
    ["a group", 'Dirac_operator = "Wilson"\nNC = 0', /^p\.toml: NC \(here group\): "SU\(0\)": expected/],
  ];
  it.each(cases)("name its keys: %s", (_, keys, sentence) => {
    expect(refusal(() => readRunFile(text(keys), "p.toml", catalogue))).toMatch(sentence);
  });

  it("name the table of a measurement, in a run and for stored configurations", () => {
    const measured = `["System Control"]
["Measurement set".measurement_methods.Chiral_condensate]
["Measurement set".measurement_methods.Second]
methodname = "Chiral_condensate"
mass = -1.0
Nr = 0
`;
    for (const read of [readRunFile, readMeasurements]) {
      const said = refusal(() => read(measured, "p.toml", catalogue)).split("\n");
      expect(said).toHaveLength(2);
      expect(said[0]).toMatch(
        /^p\.toml: measurement_methods\.Second\.mass \(here measure\.chiral-condensate-2\.fermion\.mass\): must be/,
      );
      expect(said[1]).toMatch(
        /^p\.toml: measurement_methods\.Second\.Nr \(here .*sources\): must be at least 1, got 0$/,
      );
    }
  });
});
