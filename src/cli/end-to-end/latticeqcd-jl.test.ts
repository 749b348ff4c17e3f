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
      for (const left of ["Pion_correlator", "Chiral_condensate"])
        expect(err).toContain(`${left} is not supported yet; the run goes on without it`);
      const { settings, members } = readRun(directory);
      expect(settings).toMatchObject({ update: { name: update }, trajectories: 10 });
      const plaquettes = members[0]!.events.flatMap((event) =>
        event.type === "measured" && event.name === "plaquette" ? [event.values[0]!] : [],
      );
      expect(plaquettes).toHaveLength(10);
      expect(Math.abs(plaquettes.at(-1)! / expected - 1)).toBeLessThan(0.1);
      const flowed = members[0]!.events.flatMap((event) => (event.type === "measured" ? (event.flowTime ?? []) : []));
      expect(new Set(flowed)).toEqual(new Set([0, 0.1]));
    },
    60_000,
  );

  const fermions: readonly [string, string][] = [
    ["test_staggered", "Staggered"],
    ["test_Nf2", "Staggered"],
    ["test_domainwallhmc", "Domainwall"],
  ];
  it.each(fermions)("%s says by name what is not supported", async (name, operator) => {
    const { code, out, err } = await command("run", parameterFile(name), "--output", at("never"));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe(
      `${parameterFile(name)}: dynamical fermions (quench = false, Dirac_operator = "${operator}") are not supported yet; ` +
        "write quench = true to run it quenched\n",
    );
    expect(existsSync(at("never"))).toBe(false);
  });
});

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
