import { describe, expect, it } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile, hashRunFile, members, RunFileError, readRunFile, resolveRunFile } from "./index.ts";
import { readMeasurements } from "./measurements.ts";

/** Observables of quarks that name no quark are measured on that of the action. */
const gauge = { name: "wilson-gauge", beta: 2.7 };
const staggered = { name: "staggered", mass: 0.3 };
const stout = { name: "stout", rho: 0.1 };
const plain = (measure: unknown, ...quarks: readonly object[]) => ({
  lattice: [4, 4, 4, 4],
  group: "SU(2)",
  action: [gauge, ...quarks],
  update: { name: "hmc" },
  measure,
});
const check = (measure: unknown, ...quarks: readonly object[]) =>
  checkRunFile(plain(measure, ...quarks), "a.toml", catalogue);

const problems = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.problems;
    throw error;
  }
  return [];
};

describe("an observable of quarks that names none", () => {
  it("takes the quark of the action, with its boundary and its smearing", () => {
    const quark = { ...staggered, boundary: [1, 1, 1, 1], through: stout };
    const [condensate, pion] = check({ "chiral-condensate": 5, "pion-correlator": { every: 2 } }, quark).measure;
    for (const part of [condensate, pion])
      expect(part!.parameters).toMatchObject({
        fermion: { name: "staggered", mass: 0.3, boundary: [1, 1, 1, 1] },
        through: { name: "stout", layers: 1, rho: 0.1, loops: ["plaquette"] },
      });
    expect(condensate!.follows).toEqual(["fermion", "through"]);
  });

  it("takes the quark of an exact determinant", () => {
    const determinant = { name: "exact-determinant", fermion: { ...staggered, boundary: [1, 1, 1, 1] } };
    const [condensate] = check({ "chiral-condensate": 5 }, determinant).measure;
    expect(condensate!.parameters.fermion).toEqual({ name: "staggered", mass: 0.3, boundary: [1, 1, 1, 1] });
    expect(condensate!.follows).toEqual(["fermion"]);
  });

  it("takes the default of its own where the run is quenched, and its own quark where it names one", () => {
    expect(check({ "chiral-condensate": 1 }).measure[0]).toMatchObject({ parameters: { fermion: { mass: 0.5 } } });
    const own = { fermion: { name: "wilson", kappa: 0.12 } };
    const [part] = check({ "pion-correlator": { every: 1, ...own } }, staggered).measure;
    expect(part!.parameters).toMatchObject(own);
    expect(part!.follows).toBeUndefined();
  });

  it("keeps a smearing of its own", () => {
    const measure = { "chiral-condensate": { every: 1, through: { name: "stout", rho: 0.2 } } };
    const runFile = check(measure, { ...staggered, through: stout });
    expect(runFile.measure[0]).toMatchObject({ follows: ["fermion"], parameters: { through: { rho: 0.2 } } });
    expect(resolveRunFile(runFile, "1")).toContain("rho = 0.2");
  });

  it("follows a scan of the action", () => {
    const scan = { "action.staggered.mass": [0.1, 0.2] };
    const runFile = checkRunFile({ ...plain({ "chiral-condensate": 1 }, staggered), scan }, "a.toml", catalogue);
    const masses = members(runFile, "a.toml", catalogue).map(
      (member) => (member.runFile.measure[0]!.parameters.fermion as { mass: number }).mass,
    );
    expect(masses).toEqual([0.1, 0.2]);
  });

  it("has a resolved run file that is a fixed point, and a hash that knows the quark", () => {
    const runFile = check({ "chiral-condensate": { every: 1, sources: 3 } }, staggered);
    const text = resolveRunFile(runFile, "1.2.3");
    const again = readRunFile(text, "a.toml", catalogue).runFile;
    expect(again).toEqual(runFile);
    expect(resolveRunFile(again, "1.2.3")).toBe(text);
    const heavier = check({ "chiral-condensate": { every: 1, sources: 3 } }, { ...staggered, mass: 0.4 });
    expect(hashRunFile(heavier)).not.toBe(hashRunFile(runFile));
  });

  it("is refused where the action has several", () => {
    const several = [staggered, { name: "staggered", mass: 0.5 }];
    expect(problems(() => check({ "chiral-condensate": 1 }, ...several))).toEqual([
      "a.toml: measure.chiral-condensate.fermion: missing; the action has more than one quark: name one, { name = …, parameters }",
    ]);
    const named = { "chiral-condensate": { every: 1, fermion: staggered } };
    expect(check(named, ...several).measure).toHaveLength(1);
  });

  it("takes it on stored configurations too, with the run file", () => {
    const text = '[[action]]\nname = "wilson"\nkappa = 0.11\n[measure]\npion-correlator = 1\n';
    expect(readMeasurements(text, "a.toml", catalogue).parts[0]).toMatchObject({
      parameters: { fermion: { name: "wilson", kappa: 0.11, r: 1 } },
    });
  });
});
