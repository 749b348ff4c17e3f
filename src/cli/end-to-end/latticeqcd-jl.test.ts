import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRun } from "../../storage/run-directory/index.ts";
import { command, scratchFolder, sharedConfigs } from "./folder.contract.ts";

/** Parameter files of LatticeQCD.jl's own test suite, unchanged, from the folder that their relative paths expect. */
const home = join(sharedConfigs, "latticeqcd-jl");
const parameterFile = (name: string) => join(sharedConfigs, "parameter-files", `${name}.toml`);
const { at, put } = scratchFolder();

/** Final plaquettes that its tests compare with, to 10 % (test/runtests.jl); seeds are fixed, so no false alarm. */
const runs: readonly [string, string, number][] = [
  ["test01", "hmc", 0.55783720583739],
  ["test02", "hmc", 0.46105200452156847],
  ["test01-hb", "heatbath", 0.5401991482662416],
  ["test02-hb", "heatbath", 0.4890732959844511],
];

const quarkRuns: readonly [string, object, number, number][] = [
  ["test_staggered", { name: "staggered", mass: 0.5, flavours: 4 }, 10, 0.5734383856968012],
  ["test_Nf2", { name: "staggered", mass: 0.5, flavours: 2 }, 10, 0.56287171870089],
  ["test_domainwallhmc", { name: "domain-wall", mass: 1, height: -1, ls: 4 }, 5, 0.5757839405690621],
];

describe.skipIf(!existsSync(home))("parameter files of LatticeQCD.jl (../shared/configs, skipped where absent)", () => {
  // each test file has a process of its own, whose working directory this is
  const before = process.cwd();
  beforeAll(() => process.chdir(home));
  afterAll(() => process.chdir(before));

  it.each(runs)(
    "%s runs by %s to its plaquette",
    async (name, update, expected) => {
      const directory = at(name);
      const { code, out, err } = await command("run", parameterFile(name), "--output", directory, "--quiet");
      expect(code).toBe(0);
      expect(out).toContain(`translated from ${name}.toml (LatticeQCD.jl)`);
      const warnings = err.trimEnd().split("\n");
      expect(warnings.every((line) => line.startsWith(`warning: ${parameterFile(name)}: `))).toBe(true);
      const { settings, members } = readRun(directory);
      expect(settings).toMatchObject({ update: { name: update }, trajectories: 10 });
      const plaquettes = measured(directory, "plaquette");
      expect(plaquettes).toHaveLength(10);
      expect(Math.abs(plaquettes.at(-1)![0]! / expected - 1)).toBeLessThan(0.1);
      // every fifth update; the true correlator and the one that LatticeQCD.jl prints
      expect(measured(directory, "pion-correlator").map(({ length }) => length)).toEqual([8, 8]);
      expect(measured(directory, "chiral-condensate")).toHaveLength(2);
      const flowed = members[0]!.events.flatMap((event) => (event.type === "measured" ? (event.flowTime ?? []) : []));
      expect(new Set(flowed)).toEqual(new Set([0, 0.1]));
    },
    60_000,
  );

  it.each(quarkRuns)(
    "%s runs by HMC with its quarks",
    async (name, quarks, updates, expected) => {
      const directory = at(name);
      const { code, out } = await command("run", parameterFile(name), "--output", directory, "--quiet");
      expect(code).toBe(0);
      expect(out).toContain(`translated from ${name}.toml (LatticeQCD.jl)`);
      expect(readRun(directory).settings).toMatchObject({ action: [{ name: "wilson-gauge" }, quarks] });
      expectHealthy(directory, updates, expected);
    },
    120_000,
  );

  it("test_staggered measures condensate and pion on the way", () => {
    const directory = at("test_staggered");
    const condensates = measured(directory, "chiral-condensate").map(([value]) => value!);
    expect(condensates).toHaveLength(2);
    // near that of mass 1/2 on other configurations at this coupling, 1.143
    for (const value of condensates) expect(Math.abs(value - 1.14)).toBeLessThan(0.15);
    for (const [first, ...rest] of measured(directory, "pion-correlator")) expect(first).toBeGreaterThan(rest[0]!);
  });

  /** Variants of the shipped files: start configurations and gauge part of theirs, quarks of ours to choose. */
  const variant = (quarks: string, change = "") => `["Physical setting"]
L = [4, 4, 4, 4]
"β" = 5.7
Nsteps = 4
initial = "./confs_HMC_L04040404_beta5.7_Staggered_mass0.5/conf_00000100.ildg.txt"
["Physical setting(fermions)"]
quench = false
${quarks}
["System Control"]
loadU_format = "BridgeText"
["HMC related"]
"Δτ" = 0.05
MDsteps = 20
${change}
["Measurement set".measurement_methods.Plaquette]
`;
  const stout = (loops: string, rho: string, layers = 1) =>
    `smearing_for_fermion = "stout"\nstout_numlayers = ${layers}\nstout_loops = ${loops}\n"stout_ρ" = ${rho}`;
  const variants: readonly [string, string, string, object][] = [
    [
      "stout smeared staggered quarks, two flavours",
      `Dirac_operator = "Staggered"\nNf = 2\n${stout('["plaquette"]', "[0.1]")}`,
      "",
      { name: "staggered", flavours: 2, through: { name: "stout", layers: 1, rho: 0.1 } },
    ],
    [
      "two layers of plaquettes and Polyakov lines below staggered quarks",
      `Dirac_operator = "Staggered"\n${stout('["plaquette", "polyakov_t"]', "[0.1, 0.01]", 2)}`,
      "",
      { name: "staggered", through: { layers: 2, rho: [0.1, 0.04], loops: ["plaquette", "polyakov-t"] } },
    ],
    [
      "stout smeared Wilson quarks",
      `Dirac_operator = "Wilson"\n${stout('["plaquette"]', "[0.1]")}`,
      "",
      { name: "wilson", kappa: 0.141139, through: { name: "stout" } },
    ],
    [
      "Wilson quarks on time scales of Sexton and Weingarten",
      'Dirac_operator = "Wilson"',
      "SextonWeingargten = true\nN_SextonWeingargten = 10",
      { name: "wilson" },
    ],
    ["clover quarks", 'Dirac_operator = "WilsonClover"\nhop = 0.13', "", { name: "clover", "c-sw": 1.5612 }],
  ];
  it.each(variants)(
    "%s",
    async (name, quarks, change, expected) => {
      const directory = at(`variant ${name}`);
      const { code } = await command("run", put("variant.toml", variant(quarks, change)), "-o", directory, "--quiet");
      expect(code).toBe(0);
      expect(readRun(directory).settings).toMatchObject({ action: [{}, expected] });
      expectHealthy(directory, 4, 0.57);
    },
    120_000,
  );
});

/** The values of an observable, one list a measurement. */
const measured = (directory: string, name: string): (readonly number[])[] =>
  readRun(directory).members[0]!.events.flatMap((event) =>
    event.type === "measured" && event.name === name && event.flowTime === undefined ? [event.values] : [],
  );

/** A plaquette within 10 % of `expected` at the end, and energy conserved so well that most updates are accepted. */
function expectHealthy(directory: string, updates: number, expected: number): void {
  const plaquettes = measured(directory, "plaquette");
  expect(plaquettes).toHaveLength(updates);
  expect(Math.abs(plaquettes.at(-1)![0]! / expected - 1)).toBeLessThan(0.1);
  const steps = readRun(directory).members[0]!.events.flatMap((event) => (event.type === "stepped" ? [event] : []));
  for (const { deltaH } of steps) expect(Math.abs(deltaH!)).toBeLessThan(1);
  expect(steps.filter(({ accepted }) => accepted).length).toBeGreaterThan(updates / 2);
}

describe("parameter files in the words of LatticeQCD.jl", () => {
  const run = (name: string, text: string) => command("run", put(name, text), "--output", at(`of-${name}`), "--quiet");

  it("run with sections missing, an unknown key warned of with a suggestion", async () => {
    const { code, err } = await run(
      "short.toml",
      `["Physical setting"]
L = [4, 4, 2, 2]
NC = 2
"β" = 2.4
Nsteps = 3
["HMC related"]
MDstep = 10
["Measurement set".measurement_methods.Plaquette]
methodname = "Plaquette"
`,
    );
    expect(code).toBe(0);
    for (const said of [
      'section ["System Control"] is missing; its defaults are taken',
      '["HMC related"] MDstep: unknown, ignored; did you mean "MDsteps"?',
    ])
      expect(err).toContain(said);
    expect(readRun(at("of-short.toml")).settings).toMatchObject({ lattice: [4, 4, 2, 2], trajectories: 3 });
  });

  it("start from one instanton, by heat bath with overrelaxation, and save", async () => {
    const { code, err } = await run(
      "instanton.toml",
      `["Physical setting"]
L = [4, 4, 4, 4]
initial = "one instanton"
update_method = "Heatbath"
useOR = true
numOR = 2
Nsteps = 2
["Physical setting(fermions)"]
["System Control"]
saveU_format = "ILDG"
saveU_every = 2
saveU_dir = "./confs"
["Measurement set"]
[gradientflow_measurements]
hasgradientflow = true
numflow = 4
[gradientflow_measurements.measurements_for_flow.Wilson_loop]
measure_every = 2
Tmax = 2
`,
    );
    expect(code).toBe(0);
    expect(err).toContain("Tmax and Rmax of Wilson loops under the flow are not taken");
    expect(err).toContain("saveU_dir: everything is written into the run directory instead");
    expect(existsSync(join(at("of-instanton.toml"), "configurations", "00000002.ildg"))).toBe(true);
    expect(readRun(at("of-instanton.toml")).settings).toMatchObject({
      start: "instanton",
      update: [{ name: "heatbath" }, { name: "overrelaxation", repeat: 2 }],
    });
  });

  const refused: readonly [string, string, string][] = [
    ["an unknown update", 'update_method = "Heatbth"', 'update_method: "Heatbth" is unknown; did you mean "Heatbath"?'],
    ["self-learning HMC", 'update_method = "SLHMC"', 'update_method = "SLHMC" is not supported yet'],
    ["stored configurations", 'update_method = "Fileloading"', 'use "plaquette measure FILE..." on the configurations'],
    ["Julia's container", 'initial = "a.jld"\nloadU_format = "JLD"', 'loadU_format = "JLD" is not supported'],
    ["a word for a number", '"β" = "5.7"', 'β: expected a number, got "5.7"'],
    ["a start that is not there", 'initial = "./nowhere.ildg"', "start: there is no configuration at"],
  ];
  it.each(refused)("are refused for %s", async (_, line, sentence) => {
    const file = at("refused.toml");
    writeFileSync(file, `["Physical setting"]\n${line}\n["System Control"]\n["Measurement set"]\n`);
    const { code, err } = await command("run", file, "--output", at("never"));
    expect(code).toBe(2);
    expect(err.split("\n").filter((said) => said !== "" && !said.startsWith("warning: "))).toHaveLength(1);
    expect(err).toContain(sentence);
    expect(existsSync(at("never"))).toBe(false);
  });
});
