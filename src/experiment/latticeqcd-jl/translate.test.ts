import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../parts.ts";
import { RunFileError, readRunFile } from "../run-file/index.ts";
import { translate } from "./translate.ts";

const folder = new URL("../../../../shared/configs/parameter-files/", import.meta.url);
const stored = existsSync(folder);
const read = (name: string) => readRunFile(readFileSync(new URL(name, folder), "utf8"), name, catalogue);

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.message;
    throw error;
  }
  return "";
};

describe.skipIf(!stored)("parameter files of LatticeQCD.jl (../shared/configs, skipped where absent)", () => {
  const hmc = {
    name: "hmc",
    repeat: 1,
    parameters: { length: 1, steps: 15, integrator: "leapfrog", start: "position" },
  };
  const heatbath = { name: "heatbath", repeat: 1, parameters: { order: "even-odd" } };
  const files = [
    ["test01.toml", "SU(3)", 5.7, hmc, "HMC"],
    ["test02.toml", "SU(2)", 1.9, hmc, "HMC"],
    ["test01-hb.toml", "SU(3)", 5.7, heatbath, "Heatbath"],
    ["test02-hb.toml", "SU(2)", 1.9, heatbath, "Heatbath"],
  ] as const;

  it.each(files)("%s translates fully", (name, group, beta, update, method) => {
    const { runFile, warnings, origin } = read(name);
    const su = group === "SU(3)" ? "su3" : "su2";
    expect(origin).toBe("latticeqcd-jl");
    expect(runFile).toMatchObject({
      title: `translated from ${name} (LatticeQCD.jl)`,
      lattice: [4, 4, 4, 4],
      group,
      start: {
        file: `./confs_${method}_L04040404_beta5.7_quenched_${su}/conf_00000100.ildg.txt`,
        format: "bridge-text",
      },
      seed: "111",
      thermalise: 0,
      trajectories: 10,
      chains: 1,
      workers: 0,
      action: [{ name: "wilson-gauge", parameters: { beta } }],
      update: [update],
      measure: [
        {
          name: "pion-correlator",
          every: 5,
          parameters: { fermion: { name: "wilson", kappa: 0.141139 }, "latticeqcd-jl": true },
        },
        {
          name: "chiral-condensate",
          every: 5,
          parameters: { fermion: { name: "staggered", mass: 0.5 }, flavours: 4, sources: 10 },
        },
        { name: "polyakov-loop", every: 1, parameters: {} },
        { name: "topological-charge", every: 10, parameters: {} },
        { name: "plaquette", every: 1, parameters: {} },
        {
          name: "gradient-flow",
          every: 1,
          parameters: {
            time: 0.1,
            step: 0.01,
            "every-time": 0.1,
            action: "wilson",
            observables: ["topological-charge"],
          },
        },
      ],
      save: { configurations: 0, format: "ildg" },
      checkpoint: { every: 20, minutes: 10 },
      scan: {},
    });
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toContain("measurement_methods.Pion_correlator: C is the sum over all spins and colours");
    expect(warnings[1]).toContain("Nflow only relabels the flow time");
    expect(warnings[2]).toContain(
      "logfile, log_dir, measurement_basedir, measurement_dir: everything is written into the run directory",
    );
  });

  it.each([
    ["test_Nf2.toml", { name: "staggered", parameters: { mass: 0.5, flavours: 2 } }, 0.05],
    ["test_staggered.toml", { name: "staggered", parameters: { mass: 0.5, flavours: 4 } }, 0.025],
    [
      "test_domainwallhmc.toml",
      { name: "domain-wall", parameters: { mass: 1, height: -1, ls: 4, b: 1, c: 1, preconditioning: "even-odd" } },
      0.05,
    ],
  ])("%s has its quarks", (name, quarks, step) => {
    const { action, update } = read(name).runFile;
    expect(action).toMatchObject([{ name: "wilson-gauge", parameters: { beta: 5.7 } }, quarks]);
    const { length, steps, start } = update[0]!.parameters as { length: number; steps: number; start: string };
    expect(length / steps).toBeCloseTo(step, 12);
    expect({ length, start }).toEqual({ length: 1, start: "position" });
  });
});

/** A parameter file with the required sections, its keys anywhere. */
const file = (
  keys: Record<string, unknown>,
  methods: Record<string, unknown> = {},
  flow: Record<string, unknown> = {},
) => ({
  "Physical setting": keys,
  "Physical setting(fermions)": {},
  "System Control": {},
  "Measurement set": { measurement_methods: methods },
  gradientflow_measurements: { measurements_for_flow: flow },
});
const of = (keys: Record<string, unknown>) => translate(file(keys), "p.toml");

describe("a translation", () => {
  it("takes the defaults of LatticeQCD.jl", () => {
    expect(of({})).toEqual({
      runFile: {
        title: "translated from p.toml (LatticeQCD.jl)",
        lattice: [4, 4, 4, 4],
        group: "SU(3)",
        start: "cold",
        seed: 111,
        thermalise: 0,
        trajectories: 100,
        action: [{ name: "wilson-gauge", beta: 5.7 }],
        update: { name: "hmc", length: 1, steps: 20, integrator: "leapfrog", start: "position" },
        measure: {},
        save: { configurations: 0 },
      },
      warnings: [],
      measured: {},
    });
  });

  const mapped: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
    [
      "momenta first",
      { QPQ: false, MDsteps: 10, Δτ: 0.1 },
      { update: { name: "hmc", length: 1, steps: 10, integrator: "leapfrog", start: "momentum" } },
    ],
    ["an instanton", { initial: "one instanton" }, { start: "instanton" }],
    ["a start file of unknown format", { initial: "a.ildg", loadU_format: "nothing" }, { start: { file: "a.ildg" } }],
    ["a start file in ILDG", { initial: "a", loadU_format: "ILDG" }, { start: { file: "a", format: "ildg" } }],
    ["the first update", { initialtrj: 11, Nsteps: 20 }, { thermalise: 0, trajectories: 10 }],
    ["thermalisation", { Nthermalization: 5, Nsteps: 20 }, { thermalise: 5, trajectories: 15 }],
    [
      "sequential heat bath",
      { update_method: "Heatbath", isevenodd: false },
      { update: { name: "heatbath", order: "sequential" } },
    ],
    [
      "heat bath on odd extents",
      { update_method: "Heatbath", L: [3, 4] },
      { update: { name: "heatbath", order: "coloured" } },
    ],
    [
      "overrelaxation",
      { update_method: "Heatbath", useOR: true, numOR: 3 },
      {
        update: [
          { name: "heatbath", order: "even-odd" },
          { name: "overrelaxation", order: "even-odd", repeat: 3 },
        ],
      },
    ],
    [
      "overrelaxation not used",
      { update_method: "Heatbath", numOR: 3 },
      { update: { name: "heatbath", order: "even-odd" } },
    ],
    [
      "saved configurations",
      { saveU_format: "BridgeText", saveU_every: 5 },
      { save: { configurations: 5, format: "bridge-text" } },
    ],
  ];
  it.each(mapped)("maps %s", (_, keys, expected) => {
    expect(of(keys).runFile).toMatchObject(expected);
  });

  it("maps measurements and flow measurements", () => {
    const methods = { loop: { methodname: "Wilson_loop", Tmax: 2, measure_every: 3 }, Energy_density: {} };
    const flow = {
      Energy_density: { measure_every: 4 },
      Plaquette: { measure_every: 6 },
      Topological_charge: { measure_every: 200 },
    };
    const { runFile, warnings } = translate(
      file({ hasgradientflow: true, numflow: 50, eps_flow: 0.02 }, methods, flow),
      "p.toml",
    );
    expect(runFile.measure).toEqual({
      "wilson-loop": { every: 3, maxR: 4, maxT: 2 },
      "energy-density": 10,
      "gradient-flow": {
        every: 1,
        time: 1,
        step: 0.02,
        "every-time": 0.04,
        action: "wilson",
        observables: ["energy-density", "plaquette"],
      },
    });
    expect(warnings).toEqual([
      "p.toml: Topological_charge under the flow every 200 of 50 steps is never measured; left out",
      "p.toml: measure_every differs between flow measurements; all of them are made every 2 flow steps",
    ]);
  });

  const warned: readonly [string, Record<string, unknown>, string][] = [
    [
      "an unknown key",
      { upate_method: "HMC" },
      'p.toml: ["Physical setting"] upate_method: unknown, ignored; did you mean "update_method"?',
    ],
    [
      "a Dirac operator without effect",
      { Dirac_operator: "Wilson" },
      'p.toml: Dirac_operator = "Wilson" has no effect, because quench is true',
    ],
    [
      "time scales without effect",
      { SextonWeingargten: true },
      "p.toml: SextonWeingargten separates gauge and fermion forces and has no effect in a quenched run",
    ],
    [
      "a key of the 0.1 releases",
      { βeff: [1] },
      "p.toml: βeff: self-learning updates of the 0.1 releases are not supported yet; ignored",
    ],
  ];
  it.each(warned)("warns of %s", (_, keys, sentence) => {
    expect(of(keys).warnings).toEqual([sentence]);
  });

  it("warns of sections that are unknown or missing", () => {
    const { warnings, runFile } = translate(
      { "Physical seting": { NC: 2 }, "System Control": {}, "Measurement set": {} },
      "p.toml",
    );
    expect(runFile.group).toBe("SU(2)");
    expect(warnings).toEqual([
      'p.toml: section ["Physical setting(fermions)"] is missing; its defaults are taken',
      'p.toml: section ["Physical seting"] is unknown; did you mean "Physical setting"? (its keys are read all the same)',
    ]);
  });

  const refused: readonly [string, Record<string, unknown>, string][] = [
    [
      "Fileloading",
      { update_method: "Fileloading" },
      'update_method = "Fileloading" is not supported yet; use "plaquette measure FILE..."',
    ],
    ["SLHMC", { update_method: "SLHMC" }, 'update_method = "SLHMC" is not supported yet'],
    [
      "an unknown update",
      { update_method: "Heatbth" },
      'update_method: "Heatbth" is unknown; did you mean "Heatbath"?',
    ],
    ["JLD", { initial: "a", loadU_format: "JLD" }, 'loadU_format = "JLD" is not supported'],
    ["an unknown format", { saveU_format: "Bridge" }, 'saveU_format: "Bridge" is no format'],
    ["fermions without an operator", { quench: false }, "quench = false without a Dirac_operator has no meaning"],
    ["a number as text", { β: "5.7" }, 'β: expected a number, got "5.7"'],
    ["nothing to do", { Nsteps: 0 }, "Nsteps: nothing to do"],
  ];
  it.each(refused)("refuses %s", (_, keys, sentence) => {
    expect(refusal(() => of(keys))).toContain(`p.toml: ${sentence}`);
  });

  it("refuses an unknown measurement", () => {
    expect(refusal(() => translate(file({}, { Plaquete: {} }), "p.toml"))).toBe(
      'p.toml: measurement_methods.Plaquete: "Plaquete" is no measurement; did you mean "Plaquette"?',
    );
  });
});
