import { describe, expect, it } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile, hashRunFile, members, RunFileError, readRunFile, resolveRunFile } from "./index.ts";

/** One observable measured several times, under names of its own. */
const run = (measure: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  lattice: [4, 4],
  group: "U(1)",
  action: { name: "wilson-gauge", beta: 2 },
  update: { name: "hmc", steps: 3 },
  measure,
  ...more,
});
const check = (measure: Record<string, unknown>, more?: Record<string, unknown>) =>
  checkRunFile(run(measure, more), "a.toml", catalogue);
const heavy = { observable: "wilson-loop", every: 5, maxR: 2, maxT: 2 };

describe("an observable under a name of its own", () => {
  it("is told apart from others of its kind", () => {
    expect(check({ "wilson-loop": 10, small: heavy }).measure).toEqual([
      { name: "wilson-loop", every: 10, parameters: { maxR: 4, maxT: 4 } },
      { name: "wilson-loop", as: "small", every: 5, parameters: { maxR: 2, maxT: 2 } },
    ]);
    expect(check({ small: { observable: "plaquette" } }).measure).toMatchObject([{ as: "small", every: 1 }]);
    // its own name is no other one
    expect(check({ plaquette: { observable: "plaquette" } }).measure).toEqual(check({ plaquette: 1 }).measure);
  });

  it("enters the hash, and the resolved run file is a fixed point", () => {
    const one = check({ "wilson-loop": 10, small: heavy });
    const hashes = [
      one,
      check({ "wilson-loop": 10, little: heavy }),
      check({ "wilson-loop": 10 }),
      check({ "wilson-loop": 10, small: { ...heavy, maxR: 3 } }),
    ].map(hashRunFile);
    expect(new Set(hashes).size).toBe(4);
    const text = resolveRunFile(one, "1.2.3");
    const again = readRunFile(text, "a.toml", catalogue).runFile;
    expect(again).toEqual(one);
    expect(resolveRunFile(again, "1.2.3")).toBe(text);
  });

  it("is scanned by that name", () => {
    const scanned = check({ "wilson-loop": 10, small: heavy }, { scan: { "measure.small.maxR": [1, 3] } });
    const all = members(scanned, "a.toml", catalogue).map(({ runFile }) =>
      runFile.measure.map((m) => m.parameters.maxR),
    );
    expect(all).toEqual([
      [4, 1],
      [4, 3],
    ]);
    expect(() => check({ small: heavy }, { scan: { "measure.wilson-loop.maxR": [1] } })).toThrow(/matches nothing/);
  });

  it("is measured on the quark of the action where it names none", () => {
    const action = [
      { name: "wilson-gauge", beta: 2 },
      { name: "staggered", mass: 0.4 },
    ];
    const second = { observable: "chiral-condensate", sources: 1 };
    const { measure } = check({ "chiral-condensate": 1, second }, { action });
    expect(measure.map(({ parameters }) => parameters.fermion)).toMatchObject([{ mass: 0.4 }, { mass: 0.4 }]);
    expect(measure[1]!.follows).toEqual(["fermion"]);
  });

  it.each([
    [
      "an unknown observable",
      { a: { observable: "wilson-lop" } },
      /measure\.a\.observable: "wilson-lop" is no .*did you mean "wilson-loop"/,
    ],
    ["no observable", { a: 3 }, /measure\.a: unknown observable/],
    [
      "the name of another observable",
      { plaquette: heavy },
      /measure\.plaquette: is itself an observable; .*"wilson-loop-2"/,
    ],
    ["the table of the updates", { updates: heavy }, /measure\.updates: is the table of the updates/],
    ["what is no name of a file", { "a/b": heavy }, /measure\."a\/b": a name is letters, digits and hyphens/],
    ["an unknown key", { a: { ...heavy, maxr: 1 } }, /measure\.a\.maxr: unknown; did you mean "maxR"/],
  ] as const)("is refused with %s", (_, measure, sentence) => {
    const act = () => check(measure);
    expect(act).toThrow(RunFileError);
    expect(act).toThrow(sentence);
  });
});

it("a resolved run file with levels has neither steps nor integrator beside them, and is a fixed point", () => {
  const levels = [{ actions: ["wilson-gauge"], steps: 4 }];
  const one = check({ plaquette: 1 }, { update: { name: "hmc", levels } });
  const text = resolveRunFile(one, "1.2.3");
  expect(text).not.toMatch(/\[update\][^[]*(steps|integrator)/);
  expect(readRunFile(text, "a.toml", catalogue).runFile).toEqual(one);
  expect(() => check({ plaquette: 1 }, { update: { name: "hmc", steps: 4, levels } })).toThrow(
    /update\.steps: has no effect beside levels: leave it out, levels\[0\]\.steps is that of the trajectory$/,
  );
});
