import { describe, expect, it } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import { buildChain } from "../build.ts";
import { catalogue, plainRun } from "../catalogue-fixture.contract.ts";
import { catalogue as everything } from "../parts.ts";
import { checkRunFile, hashRunFile, members, RunFileError, readRunFile, resolveRunFile } from "./index.ts";

/** `through`: an action of smeared links. */
const stout = { name: "stout", rho: 0.1 };
const smeared = (through: unknown) => ({ action: [{ name: "wilson-gauge", beta: 6, through }] });
const check = (change: Record<string, unknown>) => checkRunFile(plainRun(change), "a.toml", catalogue);

const problems = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.problems;
    throw error;
  }
  return [];
};

describe("an action through a map", () => {
  it("keeps the map with its defaults, beside its own parameters", () => {
    expect(check(smeared(stout)).action).toEqual([
      {
        name: "wilson-gauge",
        parameters: { beta: 6 },
        through: { name: "stout", parameters: { layers: 1, rho: 0.1, loops: ["plaquette"] } },
      },
    ]);
  });

  it("is read from TOML, inline or as a table, and the resolved run file is a fixed point", () => {
    const head =
      'lattice = [4, 4]\ngroup = "SU(2)"\nupdate = { name = "hmc" }\n[[action]]\nname = "wilson-gauge"\nbeta = 2\n';
    const inline = `${head}through = { name = "stout", layers = 2, rho = [0.1, 0.2] }\n`;
    const table = `${head}[action.through]\nname = "stout"\nlayers = 2\nrho = [0.1, 0.2]\n`;
    const { runFile } = readRunFile(inline, "a.toml", catalogue);
    expect(readRunFile(table, "a.toml", catalogue).runFile).toEqual(runFile);
    const text = resolveRunFile(runFile, "1.2.3");
    expect(text).toContain('through = { name = "stout", layers = 2, rho = [0.1, 0.2], loops = ["plaquette"] }');
    expect(readRunFile(text, "a.toml", catalogue).runFile).toEqual(runFile);
    expect(resolveRunFile(readRunFile(text, "a.toml", catalogue).runFile, "1.2.3")).toBe(text);
  });

  it("has a hash of its own", () => {
    const hashes = [{}, smeared(stout), smeared({ ...stout, rho: 0.2 })].map((change) => hashRunFile(check(change)));
    expect(new Set(hashes).size).toBe(3);
    expect(hashRunFile(check(smeared({ ...stout, layers: 1 })))).toBe(hashes[1]);
  });

  it("is scanned by its path", () => {
    const scan = { "action.wilson-gauge.through.rho": [0.1, 0.15] };
    const list = members(check({ ...smeared(stout), scan }), "a.toml", catalogue);
    expect(list.map(({ runFile }) => runFile.action[0]!.through!.parameters.rho)).toEqual([0.1, 0.15]);
    const two = { action: [{ name: "wilson-gauge", beta: 6 }, ...smeared(stout).action] };
    const second = { ...two, scan: { "action[1].through.layers": [1, 3] } };
    const layers = members(check(second), "a.toml", catalogue).map(({ runFile }) => runFile.action[1]!.through);
    expect(layers.map((map) => map!.parameters.layers)).toEqual([1, 3]);
  });

  const refused: readonly [string, Record<string, unknown>, string][] = [
    [
      "an unknown map",
      smeared({ name: "stuot" }),
      'action[0].through.name: "stuot" is no map; did you mean "stout"? (one of stout)',
    ],
    ["a map without a name", smeared({ rho: 0.1 }), "action[0].through.name: missing; one of stout"],
    ["a word", smeared("stout"), 'action[0].through: expected a table with a name, got "stout"'],
    ["a misspelt key", smeared({ ...stout, layer: 2 }), 'action[0].through.layer: unknown; did you mean "layers"?'],
    ["a missing key", smeared({ name: "stout" }), "action[0].through.rho: missing"],
    ["a value out of range", smeared({ ...stout, layers: 0 }), "action[0].through.layers: must be at least 1, got 0"],
    [
      "a misspelt path of a scan",
      { ...smeared(stout), scan: { "action.wilson-gauge.through.roh": [1] } },
      'did you mean "action.wilson-gauge.through.rho"?',
    ],
    [
      "a scan of a map that is not there",
      { scan: { "action.wilson-gauge.through.rho": [0.1] } },
      'scan."action.wilson-gauge.through.rho": matches nothing in this run file',
    ],
    [
      "a scan of a bad value",
      { ...smeared(stout), scan: { "action.wilson-gauge.through.layers": [1, 0] } },
      "action[0].through.layers: must be at least 1, got 0",
    ],
  ];
  it.each(refused)("is refused for %s", (_, change, sentence) => {
    const found = problems(() => check(change));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });
});

describe("a chain with smeared links", () => {
  const device = openDevice({ workers: 1 });
  const chainOf = (through: unknown, change: Record<string, unknown> = {}) => {
    const plain = plainRun({
      lattice: [4, 4],
      group: "SU(2)",
      thermalise: 0,
      trajectories: 4,
      measure: { plaquette: 1 },
      update: { name: "hmc", steps: 4 },
      ...smeared(through),
      ...change,
    });
    return buildChain(checkRunFile(plain, "a.toml", everything), 0, device, everything);
  };
  const plaquettes = (through: unknown) => {
    const { chain } = chainOf(through);
    return Array.from({ length: 4 }, () => chain.advance(() => 0))
      .flat()
      .flatMap((event) => (event.type === "measured" ? [...event.values] : []));
  };

  it("follows the action of the smeared ones", () => {
    const [rough, smooth, none] = [plaquettes(undefined), plaquettes(stout), plaquettes({ ...stout, rho: 0 })];
    expect(smooth).not.toEqual(rough);
    none.forEach((value, i) => expect(Math.abs(value - rough[i]!)).toBeLessThan(1e-10));
  });

  it("takes the parts of a split determinant apart on nested time scales, smeared as the whole", () => {
    const quarks = { name: "wilson", kappa: 0.13, hasenbusch: [0.11], through: stout };
    const run = (levels: unknown) => {
      const action = [{ name: "wilson-gauge", beta: 2.3 }, quarks];
      const { chain } = chainOf(undefined, { action, update: { name: "hmc", levels }, measure: {} });
      const [stepped] = chain.advance(() => 0);
      return (stepped as { deltaH: number }).deltaH;
    };
    const split = run([
      { actions: ["wilson.hasenbusch-1"], steps: 10 },
      { actions: ["wilson.heaviest", "wilson-gauge"], steps: 2 },
    ]);
    // the force of each part is that of its smeared action: only then is H conserved
    expect(Math.abs(split)).toBeLessThan(0.02);
    expect(Math.abs(run(undefined))).toBeLessThan(0.02);
    expect(() => run([{ actions: ["wilson.hasenbusch-1", "wilson-gauge"], steps: 2 }])).toThrow(
      /update\.levels: wilson\.heaviest stands in no level/,
    );
  });

  it("is refused for a local update, and on a lattice that lacks the loops, by the key", () => {
    expect(() => chainOf(stout, { update: { name: "heatbath" } })).toThrow(
      /heatbath: the action "wilson-gauge" is not linear in each link/,
    );
    expect(() => chainOf({ ...stout, loops: ["chair"] })).toThrow(/^action\[0\]\.through: .*no chair in 2 dimensions/);
  });
});
