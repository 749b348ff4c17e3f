import { describe, expect, it } from "vitest";
import { catalogue, plainRun } from "../catalogue-fixture.contract.ts";
import { checkRunFile, RunFileError, readRunFile } from "./index.ts";

const problems = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.problems;
    throw error;
  }
  return [];
};
const of = (change: Record<string, unknown>) => problems(() => checkRunFile(plainRun(change), "a.toml", catalogue));
const action = (parameters: Record<string, unknown>) => of({ action: [parameters] });

describe("a run file", () => {
  it("fills every default", () => {
    expect(checkRunFile(plainRun(), "a.toml", catalogue)).toEqual({
      lattice: [4, 4, 4, 4],
      group: "SU(3)",
      start: "cold",
      seed: "1",
      thermalise: 100,
      trajectories: 400,
      chains: 1,
      workers: 0,
      action: [{ name: "wilson-gauge", parameters: { beta: 6 } }],
      update: [
        { name: "hmc", repeat: 1, parameters: { length: 1, steps: 10, integrator: "omelyan", start: "momentum" } },
      ],
      measure: [{ name: "plaquette", every: 1, parameters: {} }],
      save: { configurations: 0, format: "ildg" },
      checkpoint: { every: 20, minutes: 10 },
      scan: {},
    });
  });

  it("reads a mixture, observables as a number or a table, and a start file", () => {
    const text = `
      lattice = [4, 6]
      group = "su2"
      start = "conf/a.ildg"
      seed = 7
      action = { name = "wilson-gauge", beta = 2.5 }
      [[update]]
      name = "heatbath"
      [[update]]
      name = "overrelaxation"
      repeat = 4
      [measure]
      plaquette = 2
      polyakov-loop = 0
      wilson-loop = { every = 5, maxR = 2 }`;
    const { runFile, origin } = readRunFile(text, "a.toml", catalogue);
    expect(origin).toBe("plaquette");
    expect(runFile).toMatchObject({ group: "SU(2)", seed: "7", start: { file: "conf/a.ildg" } });
    expect(runFile.update.map((part) => [part.name, part.repeat])).toEqual([
      ["heatbath", 1],
      ["overrelaxation", 4],
    ]);
    expect(runFile.measure).toEqual([
      { name: "plaquette", every: 2, parameters: {} },
      { name: "wilson-loop", every: 5, parameters: { maxR: 2, maxT: 4 } },
    ]);
  });

  it("takes overrides of keys at the top", () => {
    const text =
      'lattice = [4]\ngroup = "U(1)"\naction = { name = "wilson-gauge", beta = 1 }\nupdate = { name = "hmc" }';
    expect(readRunFile(text, "a.toml", catalogue, { seed: "other", chains: 3 }).runFile).toMatchObject({
      seed: "other",
      chains: 3,
    });
  });

  it("names file, line and column of a syntax error", () => {
    const [problem] = problems(() =>
      readRunFile('group = "SU(3)"\nlattice = [4, 4\nseed = 1\n', "dir/a.toml", catalogue),
    );
    expect(problem).toMatch(/^dir\/a\.toml:\d+:\d+: not TOML: /);
  });
});

describe("a problem in a run file", () => {
  const table: readonly [string, readonly string[], string][] = [
    [
      "misspelt parameter",
      action({ name: "wilson-gauge", betta: 6 }),
      'action[0].betta: unknown; did you mean "beta"? (wilson-gauge takes beta)',
    ],
    [
      "misspelt key at the top",
      of({ trajectoris: 5 }),
      'trajectoris: unknown; did you mean "trajectories"? (a run file takes ',
    ],
    [
      "parameter at the top",
      of({ beta: 5 }),
      'beta: unknown at the top; it belongs into [[action]] with name = "wilson-gauge"',
    ],
    [
      "observable at the top",
      of({ "wilson-loop": 5 }),
      "wilson-loop: unknown at the top; observables belong into [measure]",
    ],
    [
      "misspelt action",
      action({ name: "wilson-guage", beta: 6 }),
      'action[0].name: "wilson-guage" is no action; did you mean "wilson-gauge"? (one of wilson-gauge, ',
    ],
    [
      "keys that exclude each other",
      action({ name: "rectangle-gauge", beta: 6 }),
      "action[0]: rectangle-gauge takes either c1 or improvement",
    ],
    ["action without a name", action({ beta: 6 }), "action[0].name: missing; one of wilson-gauge, "],
    ["no action", of({ action: undefined }), "action: missing; add a [[action]] table with a name"],
    [
      "missing parameter",
      action({ name: "wilson-gauge" }),
      "action[0].beta: missing; wilson-gauge needs it (inverse coupling)",
    ],
    ["negative beta", action({ name: "wilson-gauge", beta: -6 }), "action[0].beta: beta must be positive, got -6"],
    ["beta as text", action({ name: "wilson-gauge", beta: "6" }), 'action[0].beta: expected a number, got "6"'],
    [
      "misspelt choice",
      of({ update: { name: "hmc", integrator: "leapforg" } }),
      'update.integrator: "leapforg" is not one of "leapfrog", "omelyan"; did you mean "leapfrog"?',
    ],
    ["fractional steps", of({ update: { name: "hmc", steps: 2.5 } }), "update.steps: expected an integer, got 2.5"],
    ["no steps", of({ update: { name: "hmc", steps: 0 } }), "update.steps: must be at least 1, got 0"],
    ["tune out of range", of({ update: { name: "hmc", tune: 1 } }), "update.tune: must be less than 1, got 1"],
    [
      "deep unknown key",
      of({ update: { name: "hmc", levels: [{ actions: [0], stesp: 2 }] } }),
      'update.levels[0].stesp: unknown; did you mean "steps"?',
    ],
    [
      "repeat of zero",
      of({ update: [{ name: "heatbath", repeat: 0 }] }),
      "update[0].repeat: must be at least 1, got 0",
    ],
    [
      "misspelt observable",
      of({ measure: { plaquete: 1 } }),
      'measure.plaquete: unknown observable; did you mean "plaquette"?',
    ],
    [
      "observable parameter",
      of({ measure: { "wilson-loop": { maxQ: 3 } } }),
      'measure.wilson-loop.maxQ: unknown; did you mean "maxR"?',
    ],
    ["every of an observable", of({ measure: { plaquette: -1 } }), "measure.plaquette: must be at least 0, got -1"],
    [
      "observables as a list",
      of({ measure: ["plaquette"] }),
      'measure: expected a table of observables, got ["plaquette"]',
    ],
    ["five directions", of({ lattice: [4, 4, 4, 4, 4] }), "lattice: needs at most 4 entries, got [4,4,4,4,4]"],
    ["no directions", of({ lattice: [] }), "lattice: needs at least 1 entry, got []"],
    ["extent of zero", of({ lattice: [4, 0] }), "lattice[1]: must be at least 1, got 0"],
    ["fractional extent", of({ lattice: [4, 2.5] }), "lattice[1]: expected an integer, got 2.5"],
    ["no lattice", of({ lattice: undefined }), "lattice: missing; the run file needs it (extents "],
    ["unknown group", of({ group: "SO(3)" }), 'group "SO(3)": expected "U(1)" or "SU(N)"'],
    [
      "misspelt start",
      of({ start: "colt" }),
      'start: "colt" is neither "cold", "hot", "instanton" nor a path; did you mean "cold"?',
    ],
    ["start of a wrong type", of({ start: 3 }), "start: expected a string or a table, got 3"],
    [
      "start format",
      of({ start: { file: "a", format: "idlg" } }),
      'start.format: "idlg" is no file format for this; did you mean "ildg"? (one of ildg, bridge-text, milc)',
    ],
    ["start table", of({ start: { fiel: "a" } }), 'start.fiel: unknown; did you mean "file"?'],
    [
      "save format",
      of({ save: { format: "jld" } }),
      'save.format: "jld" is no file format for this (one of ildg, bridge-text)',
    ],
    [
      "save in a format only read",
      of({ save: { format: "milc" } }),
      'save.format: "milc" is no file format for this (one of ildg, bridge-text)',
    ],
    ["save key", of({ save: { every: 3 } }), "save.every: unknown"],
    ["negative workers", of({ workers: -1 }), "workers: must be at least 0, got -1"],
    ["no chains", of({ chains: 0 }), "chains: must be at least 1, got 0"],
    ["nothing to do", of({ thermalise: 0, trajectories: 0 }), "trajectories: thermalise and trajectories are both 0"],
    [
      "instanton in 2D",
      of({ start: "instanton", lattice: [4, 4] }),
      "start: an instanton needs four directions and SU(N), not 2 and SU(3)",
    ],
    [
      "instanton of U(1)",
      of({ start: "instanton", group: "U(1)" }),
      "start: an instanton needs four directions and SU(N), not 4 and U(1)",
    ],
    [
      "odd extent with even-odd order",
      of({ lattice: [4, 4, 4, 5], update: { name: "heatbath" } }),
      'update.order: heatbath in "even-odd" order needs even extents, and lattice = [4,4,4,5] has 5; write order = "coloured"',
    ],
    [
      "scan of a misspelt path",
      of({ scan: { "action.wilson-gauge.betta": [5, 6] } }),
      'scan."action.wilson-gauge.betta": matches nothing in this run file; did you mean "action.wilson-gauge.beta"?',
    ],
    [
      "scan of a part that is not there",
      of({ scan: { "action.rectangle-gauge.beta": [5] } }),
      "matches nothing in this run file",
    ],
    [
      "scan of a bare value",
      of({ scan: { "update.steps": 5 } }),
      'scan."update.steps": expected a list of values, got 5',
    ],
    [
      "scan without quotes",
      of({ scan: { update: { steps: [5] } } }),
      'scan.update: a path is one quoted key: write "update.steps" = [...]',
    ],
    ["scan of the output", of({ scan: { output: ["a", "b"] } }), "scan.output: this key cannot be scanned"],
    [
      "scan of a bad value",
      of({ scan: { "action.wilson-gauge.beta": [5, -5] } }),
      'scan."action.wilson-gauge.beta": action[0].beta: beta must be positive, got -5',
    ],
  ];
  it.each(table)("%s", (_, found, expected) => {
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`a.toml: ${expected}`.slice(expected.startsWith("matches") ? 8 : 0));
  });

  it("is reported together with the others", () => {
    expect(of({ lattice: [4, 0], seeed: 1, update: { name: "hcm" } })).toHaveLength(3);
  });
});
