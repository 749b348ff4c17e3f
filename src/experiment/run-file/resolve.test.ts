import { createHash } from "node:crypto";
import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { catalogue, plainRun } from "../catalogue-fixture.contract.ts";
import { checkRunFile, hashRunFile, members, type RunFile, readRunFile, resolveRunFile } from "./index.ts";
import { sha256 } from "./sha256.ts";
import { closest } from "./suggest.ts";
import { writeToml } from "./toml.ts";

const check = (change: Record<string, unknown> = {}) => checkRunFile(plainRun(change), "a.toml", catalogue);

const runs: readonly [string, RunFile][] = [
  ["defaults", check()],
  ["a mixture", check({ update: [{ name: "heatbath" }, { name: "overrelaxation", repeat: 4 }], title: 'a "title"' })],
  ["nested levels", check({ update: { name: "hmc", tune: 0.8, levels: [{ actions: [0], steps: 3 }] } })],
  ["a start file", check({ start: { file: "c:\\a.txt", format: "bridge-text" }, output: "runs/x" })],
  ["loops", check({ action: [{ name: "loop-gauge", beta: 1e-7, paths: [[1, 2, -1, -2]] }], measure: {} })],
  [
    "a scan",
    check({
      chains: 2,
      scan: {
        "action.wilson-gauge.beta": [5.5, 6],
        lattice: [
          [4, 4],
          [6, 6],
        ],
      },
    }),
  ],
];

describe("the resolved run file", () => {
  it.each(runs)("is a fixed point: %s", (_, runFile) => {
    const text = resolveRunFile(runFile, "1.2.3");
    const again = readRunFile(text, "run.toml", catalogue).runFile;
    expect(again).toEqual(runFile);
    expect(resolveRunFile(again, "1.2.3")).toBe(text);
  });

  it("begins with version, seed and hash", () => {
    const runFile = check({ seed: "name-1" });
    const lines = resolveRunFile(runFile, "1.2.3").split("\n");
    expect(lines.slice(0, 3)).toEqual(["# plaquette 1.2.3", "# seed name-1", `# hash ${hashRunFile(runFile)}`]);
  });

  it("has a hash of the physics alone", () => {
    const hash = hashRunFile(check());
    const same = [
      { title: "x" },
      { output: "y" },
      { workers: 3 },
      { chains: 4 },
      { trajectories: 9 },
      { save: { configurations: 2 } },
    ];
    for (const change of same) expect(hashRunFile(check(change))).toBe(hash);
    const other = [
      { seed: "2" },
      { lattice: [4, 4, 4, 6] },
      { thermalise: 9 },
      { measure: { plaquette: 2 } },
      { start: "hot" },
    ];
    expect(new Set([hash, ...other.map((change) => hashRunFile(check(change)))]).size).toBe(other.length + 1);
    const started = (file: string) => hashRunFile(check({ start: file }));
    expect(started("a/conf.ildg")).toBe(started("/b/conf.ildg"));
    expect(started("a/conf.ildg")).not.toBe(started("a/other.ildg"));
    const turned = { update: { steps: 10, name: "hmc", length: 1 } };
    expect(hashRunFile(check(turned))).toBe(hash);
  });
});

describe("members of a run", () => {
  const labels = (runFile: RunFile) => members(runFile, "a.toml", catalogue).map((member) => member.label);

  it("are its chains, or the scanned values times the chains", () => {
    expect(labels(check())).toEqual(["chain-0"]);
    expect(labels(check({ chains: 2 }))).toEqual(["chain-0", "chain-1"]);
    const scan = { "action.wilson-gauge.beta": [5.5, 6], "update.steps": [5, 7, 9] };
    const list = members(check({ chains: 2, scan }), "a.toml", catalogue);
    expect(list).toHaveLength(12);
    expect(list.map((member) => member.chain)).toEqual([...Array(12).keys()]);
    expect(list[9]).toMatchObject({
      label: "value-4-chain-1",
      scan: { "action.wilson-gauge.beta": 6, "update.steps": 7 },
      runFile: { chains: 1, scan: {}, action: [{ parameters: { beta: 6 } }], update: [{ parameters: { steps: 7 } }] },
    });
  });

  const paths: readonly [string, unknown, (runFile: RunFile) => unknown][] = [
    ["lattice", [6, 6], (r) => r.lattice],
    ["group", "SU(2)", (r) => r.group],
    ["seed", "other", (r) => r.seed],
    ["update.hmc.length", 2, (r) => r.update[0]!.parameters.length],
    ["update.tune", 0.7, (r) => r.update[0]!.parameters.tune],
    ["update.levels[0].steps", 5, (r) => (r.update[0]!.parameters.levels as { steps: number }[])[0]!.steps],
    ["measure.wilson-loop.maxR", 3, (r) => r.measure[1]!.parameters.maxR],
    ["measure.plaquette.every", 3, (r) => r.measure[0]!.every],
  ];
  it.each(paths)("scan %s", (path, value, read) => {
    const update = { name: "hmc", levels: [{ actions: [0], steps: 3 }] };
    const runFile = check({ update, measure: { plaquette: 1, "wilson-loop": 5 }, scan: { [path]: [value] } });
    expect(read(runFile)).not.toEqual(value);
    expect(read(members(runFile, "a.toml", catalogue)[0]!.runFile)).toEqual(value);
  });

  it("tell two actions of one name apart by their place", () => {
    const action = [
      { name: "wilson-gauge", beta: 1 },
      { name: "wilson-gauge", beta: 2 },
    ];
    const [member] = members(check({ action, scan: { "action[1].beta": [3] } }), "a.toml", catalogue);
    expect(member!.runFile.action.map((part) => part.parameters.beta)).toEqual([1, 3]);
    expect(() => check({ action, scan: { "action.wilson-gauge.beta": [3] } })).toThrow(/did you mean|matches nothing/);
  });
});

describe("the small tools", () => {
  it("SHA-256 agrees with another implementation at every padding length", () => {
    for (const n of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const text = "aβ".repeat(n).slice(0, n);
      expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
    }
  });

  it("TOML written is the TOML read", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
    const table = fc.dictionary(
      key,
      fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf, { noNullPrototype: true })),
      {
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(table, (value) => {
        expect(parse(writeToml(value, () => "a comment"))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("suggests near words only", () => {
    expect(closest("betta", ["alpha", "beta"])).toBe("beta");
    expect(closest("poylakov_loop", ["polyakov-loop", "plaquette"])).toBe("polyakov-loop");
    expect(closest("mass", ["beta", "c1"])).toBeUndefined();
    expect(closest("wilson", ["wilson-gauge", "rectangle-gauge"])).toBe("wilson-gauge");
    expect(closest("poly", ["polyakov-loop", "polyakov-line"])).toBeUndefined();
  });
});
