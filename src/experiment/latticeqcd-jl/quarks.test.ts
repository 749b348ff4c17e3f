import { describe, expect, it } from "vitest";
import type { Action } from "../../physics/action.ts";
import { nested } from "../../sampling/integrators/integrate.ts";
import { positionFirst, schemeOf } from "../../sampling/integrators/schemes.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile, RunFileError } from "../run-file/index.ts";
import { translate } from "./translate.ts";

/** A parameter file of dynamical quarks with these keys. */
const file = (keys: Record<string, unknown>) => ({
  "Physical setting": { L: [4, 4, 4, 8], ...keys },
  "Physical setting(fermions)": {},
  "System Control": {},
  "Measurement set": {},
});
const of = (keys: Record<string, unknown>) => translate(file({ quench: false, ...keys }), "p.toml");
const actionOf = (keys: Record<string, unknown>) => (of(keys).runFile.action as unknown[])[1];
const solver = { absolute: 1e-19, iterations: 3000 };
const solvers = { solver, "force-solver": solver };

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.message;
    throw error;
  }
  return "";
};

describe("dynamical quarks of LatticeQCD.jl", () => {
  const actions: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["staggered", { Dirac_operator: "Staggered" }, { name: "staggered", mass: 0.5, flavours: 4, ...solvers }],
    [
      "staggered with every key",
      { Dirac_operator: "Staggered", Nf: 2, mass: 0.1, MaxCGstep: 50, BoundaryCondition: [1, -1, 1, 1] },
      {
        name: "staggered",
        mass: 0.1,
        flavours: 2,
        boundary: [1, -1, 1, 1],
        solver: { absolute: 1e-19, iterations: 50 },
        "force-solver": { absolute: 1e-19, iterations: 50 },
      },
    ],
    ["Wilson", { Dirac_operator: "Wilson" }, { name: "wilson", kappa: 0.141139, r: 1, ...solvers }],
    [
      "Wilson with every key",
      { Dirac_operator: "Wilson", hop: 0.12, r: 0.5 },
      { name: "wilson", kappa: 0.12, r: 0.5, ...solvers },
    ],
    [
      "Wilson on odd extents",
      { Dirac_operator: "Wilson", L: [3, 4, 4, 4] },
      { name: "wilson", kappa: 0.141139, r: 1, preconditioning: "none", ...solvers },
    ],
    [
      "clover",
      { Dirac_operator: "WilsonClover", Clover_coefficient: 1.2 },
      { name: "clover", kappa: 0.141139, r: 1, "c-sw": 1.2, ...solvers },
    ],
    [
      "domain walls",
      { Dirac_operator: "Domainwall", Domainwall_M: -1.1, Domainwall_m: 0.2, Domainwall_L5: 6 },
      { name: "domain-wall", mass: 0.2, height: -1.1, ls: 6, b: 1, c: 1, ...solvers },
    ],
    [
      "domain walls by their other names",
      { Dirac_operator: "Domainwall", M: -1, m: 0.25, N5: 4 },
      { name: "domain-wall", mass: 0.25, height: -1, ls: 4, b: 1, c: 1, ...solvers },
    ],
  ];
  it.each(actions)("are translated: %s", (_, keys, expected) => {
    expect(actionOf(keys)).toEqual(expected);
    const { runFile } = of(keys);
    const checked = checkRunFile(runFile, "p.toml", catalogue);
    expect(checked.action.map(({ name }) => name)).toEqual(["wilson-gauge", expected.name]);
  });

  const stout = { Dirac_operator: "Staggered", smearing_for_fermion: "stout" };
  const smeared: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
    [
      "one layer of plaquettes",
      { stout_numlayers: 1, stout_ρ: [0.1], stout_loops: ["plaquette"] },
      { layers: 1, rho: 0.1, loops: ["plaquette"] },
    ],
    [
      "layers of rectangles and chairs",
      { stout_numlayers: 2, stout_ρ: [0.1, 0.02], stout_loops: ["rectangular", "chair"] },
      { layers: 2, rho: [0.1, 0.02], loops: ["rectangle", "chair"] },
    ],
    [
      "a rho for every layer",
      { stout_numlayers: 2, stout_ρ: [0.1, 0.02, 0.3, 0.04], stout_loops: ["plaquette", "polyakov_t"] },
      { layers: 2, rho: [0.1, 8 * 0.02, 0.3, 8 * 0.04], loops: ["plaquette", "polyakov-t"] },
    ],
    [
      "Polyakov loops, which LatticeQCD.jl counts L times",
      { stout_numlayers: 1, stout_ρ: [0.1], stout_loops: ["plaquette", "polyakov_t", "polyakov_x"] },
      { layers: 1, rho: [0.1, 8 * 0.1, 4 * 0.1], loops: ["plaquette", "polyakov-t", "polyakov-x"] },
    ],
  ];
  it.each(smeared)("see stout links: %s", (_, keys, expected) => {
    expect(actionOf({ ...stout, ...keys })).toMatchObject({ through: { name: "stout", ...expected } });
    const [, quarks] = checkRunFile(of({ ...stout, ...keys }).runFile, "p.toml", catalogue).action;
    expect(quarks).toMatchObject({ name: "staggered", through: { name: "stout", parameters: expected } });
  });

  it("move on time scales of Sexton and Weingarten", () => {
    const { runFile, warnings } = of({
      Dirac_operator: "Wilson",
      SextonWeingargten: true,
      N_SextonWeingargten: 10,
      MDsteps: 20,
    });
    expect(runFile.update).toEqual({
      name: "hmc",
      length: 1,
      start: "position",
      levels: [
        { actions: ["wilson"], steps: 20, integrator: "leapfrog" },
        { actions: ["wilson-gauge"], steps: 5, integrator: "leapfrog" },
      ],
    });
    expect(warnings).toEqual([
      "p.toml: N_SextonWeingargten = 10 is taken as it stands; LatticeQCD.jl makes it 2 whatever the file says",
    ]);
  });

  it("kick and drift on those time scales as Sexton and Weingarten do there", () => {
    const { levels } = of({ Dirac_operator: "Wilson", SextonWeingargten: true, N_SextonWeingargten: 4, MDsteps: 2 })
      .runFile.update as { levels: { actions: string[]; steps: number; integrator: string }[] };
    const log: [string, number][] = [];
    const note = (what: string, weight: number) => {
      const last = log.at(-1);
      if (last?.[0] === what && what === "U") last[1] += weight;
      else log.push([what, weight]);
    };
    const action = (name: string): Action => ({ value: () => 0, addForce: (_, weight) => note(name, weight) });
    const space = { drift: (_: unknown, __: unknown, dt: number) => note("U", dt) };
    const scheme = positionFirst(schemeOf("leapfrog"));
    const integrate = nested(levels.map(({ actions, steps }) => ({ action: action(actions[0]!), scheme, steps })));
    integrate({ space } as never, {} as never, 2);
    // in units of the step, N = 4: N/2 times { U 1/8, gauge 1/4, U 1/8 }, fermions 1, and again; drifts in a row are one
    const half: [string, number][] = [
      ["U", 1 / 8],
      ["wilson-gauge", 1 / 4],
      ["U", 1 / 4],
      ["wilson-gauge", 1 / 4],
      ["U", 1 / 8],
    ];
    const step = [...half, ["wilson", 1] as [string, number], ...half];
    const done = log.splice(0);
    for (const [what, weight] of [...step, ...step]) note(what, weight);
    expect(done).toEqual(log);
  });

  const warned: readonly [string, Record<string, unknown>, string][] = [
    [
      "an eps that LatticeQCD.jl ignores",
      { Dirac_operator: "Staggered", eps: 1e-8 },
      "eps = 1e-8 is taken as it stands",
    ],
    [
      "clover, which stops there",
      { Dirac_operator: "WilsonClover" },
      'Dirac_operator = "WilsonClover" stops LatticeQCD.jl',
    ],
    [
      "flavours of Wilson quarks",
      { Dirac_operator: "Wilson", Nf: 4 },
      "Nf = 4 has no effect: Wilson quarks come as two",
    ],
    [
      "two slices",
      { Dirac_operator: "Domainwall", M: -1, m: 0.25, N5: 2 },
      "with 2 slices in the fifth direction LatticeQCD.jl leaves out its inner hops",
    ],
    [
      "layers that LatticeQCD.jl does not make",
      { ...stout, stout_numlayers: 2, stout_ρ: [0.1], stout_loops: ["plaquette"] },
      "stout_numlayers = 2: 2 layers smear here",
    ],
  ];
  it.each(warned)("come with a warning of %s", (_, keys, sentence) => {
    const { warnings } = of(keys);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`p.toml: ${sentence}`);
  });

  const refused: readonly [string, Record<string, unknown>, string][] = [
    [
      "an unknown operator",
      { Dirac_operator: "Stagered" },
      'Dirac_operator: "Stagered" is unknown; did you mean "Staggered"?',
    ],
    [
      "a heat bath",
      { Dirac_operator: "Staggered", update_method: "Heatbath" },
      'update_method = "Heatbath" has no way to',
    ],
    [
      "an odd number of gauge steps",
      { Dirac_operator: "Wilson", SextonWeingargten: true, N_SextonWeingargten: 3 },
      "N_SextonWeingargten: expected an even number, N/2 gauge steps a half step, got 3",
    ],
    [
      "time scales that begin with the momenta",
      { Dirac_operator: "Wilson", SextonWeingargten: true, QPQ: false },
      "SextonWeingargten goes with QPQ = true",
    ],
    [
      "a domain wall without its mass",
      { Dirac_operator: "Domainwall", M: -1, N5: 4 },
      "Domainwall_m: missing; LatticeQCD.jl has no default for it (for example 0.25)",
    ],
    [
      "another smearing",
      { ...stout, smearing_for_fermion: "stoot" },
      'smearing_for_fermion: "stoot" is unknown; did you mean "stout"?',
    ],
    ["smearing without strength", stout, "stout_ρ: missing"],
    [
      "an unknown family",
      { ...stout, stout_ρ: [0.1], stout_loops: ["plaquete"] },
      'stout_loops: "plaquete" is no family of loops; did you mean "plaquette"?',
    ],
    ["a word for a number", { Dirac_operator: "Wilson", hop: "0.14" }, 'hop: expected a number, got "0.14"'],
  ];
  it.each(refused)("are refused with %s", (_, keys, sentence) => {
    expect(refusal(() => of(keys)).split("\n")[0]).toContain(`p.toml: ${sentence}`);
  });
});
