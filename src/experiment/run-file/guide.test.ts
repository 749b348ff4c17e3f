import { describe, expect, it } from "vitest";
import { catalogue } from "../parts.ts";
import { checkRunFile, hashRunFile, members, RunFileError, readRunFile, resolveRunFile } from "./index.ts";

/** `[[update.guide]]`, `model` and `[training]`: what an update along a guide has. */
const gauge = { name: "wilson-gauge", beta: 2.7 };
const quark = { name: "staggered", mass: 0.3 };
const net = { name: "covariant-net", layers: 2 };
const heavy = { name: "staggered", mass: 0.4, through: net };
const plain = (update: Record<string, unknown> = {}, change: Record<string, unknown> = {}) => ({
  lattice: [4, 4, 4, 4],
  group: "SU(2)",
  action: [gauge, quark],
  update: { name: "self-learning-hmc", guide: [gauge, heavy], ...update },
  ...change,
});
const check = (update: Record<string, unknown> = {}, change: Record<string, unknown> = {}) =>
  checkRunFile(plain(update, change), "a.toml", catalogue);
const problems = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof RunFileError) return error.problems;
    throw error;
  }
  return [];
};

describe("a guide", () => {
  it("is a list of actions with factors of their own", () => {
    const [update] = check({ guide: [gauge, { ...heavy, scale: 1.1, "learn-scale": true, like: 1 }] }).update;
    expect(update!.guide).toMatchObject([
      { name: "wilson-gauge", parameters: { beta: 2.7 }, scale: 1, learnScale: false },
      {
        name: "staggered",
        parameters: { mass: 0.4, flavours: 4 },
        through: { name: "covariant-net", parameters: { layers: 2 } },
        scale: 1.1,
        learnScale: true,
        like: 1,
      },
    ]);
    expect(update!.parameters).not.toHaveProperty("guide");
  });

  it("is read from TOML, and the resolved run file is a fixed point", () => {
    const text = `lattice = [4, 4, 4, 4]
group = "SU(2)"
[[action]]
name = "wilson-gauge"
beta = 2.7
[[action]]
name = "staggered"
mass = 0.3
[update]
name = "self-learning-hmc"
steps = 20
model = "runs/other"
[[update.guide]]
name = "wilson-gauge"
beta = 2.7
[[update.guide]]
name = "staggered"
mass = 0.4
through = { name = "covariant-net", layers = 2 }
[training]
trajectories = 30
`;
    const { runFile } = readRunFile(text, "a.toml", catalogue);
    expect(runFile.update[0]).toMatchObject({
      model: "runs/other",
      guide: [{ scale: 1 }, { through: { name: "covariant-net" } }],
    });
    expect(runFile.training).toMatchObject({ trajectories: 30 });
    const resolved = resolveRunFile(runFile, "1.2.3");
    expect(resolved).toContain('\n[[update.guide]]\nname = "staggered"\n');
    const again = readRunFile(resolved, "a.toml", catalogue).runFile;
    expect(again).toEqual(runFile);
    expect(resolveRunFile(again, "1.2.3")).toBe(resolved);
  });

  it("stands in every update of a mixture that has one", () => {
    const { update } = plain();
    const text = resolveRunFile(check({}, { update: [{ ...update, repeat: 2 }, update] }), "1");
    const { runFile } = readRunFile(text, "a.toml", catalogue);
    expect(runFile.update.map(({ repeat, guide }) => [repeat, guide?.length])).toEqual([
      [2, 2],
      [1, 2],
    ]);
  });

  it("enters the hash, as does the training, and of the model its name", () => {
    const lighter = { guide: [gauge, { ...heavy, mass: 0.5 }] };
    const runs = [check(), check(lighter), check({ model: "runs/a" }), check({}, { training: { trajectories: 3 } })];
    expect(new Set(runs.map(hashRunFile)).size).toBe(4);
    expect(hashRunFile(check({ model: "/elsewhere/a/models" }))).toBe(hashRunFile(runs[2]!));
    expect(hashRunFile(check({ model: "runs/b" }))).not.toBe(hashRunFile(runs[2]!));
  });

  it("is scanned by the paths of its keys", () => {
    const scan = { "update.guide[1].mass": [0.4, 0.5], "training.trajectories": [10] };
    const list = members(check({}, { training: { trajectories: 5 }, scan }), "a.toml", catalogue);
    expect(list.map(({ runFile }) => runFile.update[0]!.guide![1]!.parameters.mass)).toEqual([0.4, 0.5]);
    expect(list.map(({ runFile }) => runFile.training!.trajectories)).toEqual([10, 10]);
    const rules = check({}, { training: { trajectories: 50 }, scan: { "training.optimiser": ["adam", "sgd"] } });
    const rates = members(rules, "a.toml", catalogue).map(({ runFile }) => runFile.training!.rate);
    expect(rates).toEqual([1e-3, 2e-5]);
    const layers = members(check({}, { scan: { "update.guide[1].through.layers": [1, 3] } }), "a.toml", catalogue);
    expect(layers.map(({ runFile }) => runFile.update[0]!.guide![1]!.through!.parameters.layers)).toEqual([1, 3]);
    const mixed = { update: [{ name: "hmc" }, plain().update], scan: { "update[1].guide[0].beta": [2.6] } };
    const [only] = members(check({}, mixed), "a.toml", catalogue);
    expect(only!.runFile.update[1]!.guide![0]!.parameters.beta).toBe(2.6);
  });

  it("does not change the quark that observables see", () => {
    const { measure } = check({}, { measure: { "chiral-condensate": 1 } });
    expect(measure[0]!.parameters).toMatchObject({ fermion: { mass: 0.3 } });
  });

  it("may leave quarks out, and may see the second of two equal ones", () => {
    expect(problems(() => check({ guide: [gauge] }))).toEqual([]);
    const two = { action: [gauge, { ...quark, flavours: 2 }, quark] };
    expect(problems(() => check({ guide: [{ ...heavy, like: 2 }] }, two))).toEqual([]);
    expect(problems(() => check({ guide: [heavy] }, two))).toEqual([
      "a.toml: update.guide[0].like: missing; action 1 and 2 are staggered, each with a pseudofermion of its own; say which one this term sees, like = 1 or like = 2",
    ]);
    expect(problems(() => check({ guide: [{ ...heavy, like: 1 }] }, two))).toEqual([
      "a.toml: update.guide[0].flavours: 4 here and 2 in action[1]; a guide sees the pseudofermion of the action, so both must agree",
    ]);
  });

  const wrong = (second: Record<string, unknown>) => ({ guide: [gauge, { ...heavy, ...second }] });
  const refused: readonly [string, Record<string, unknown>, Record<string, unknown>, string][] = [
    ["none", { guide: undefined }, {}, "update.guide: missing; add a [[update.guide]] table with a name (one of wils"],
    ["an empty one", { guide: [] }, {}, "update.guide: missing; add a [[update.guide]] table"],
    ["a word", { guide: ["staggered"] }, {}, 'update.guide[0]: expected a table with a name, got "staggered"'],
    [
      "a misspelt action",
      wrong({ name: "stagered" }),
      {},
      'update.guide[1].name: "stagered" is no action; did you mean',
    ],
    ["a misspelt key", wrong({ mas: 1 }), {}, 'update.guide[1].mas: unknown; did you mean "mass"?'],
    [
      "a misspelt key of its own",
      wrong({ learn_scales: true }),
      {},
      'update.guide[1].learn_scales: unknown; did you mean "learn-scale"? (a guide takes scale, learn-scale, like)',
    ],
    [
      "a misspelt key, and nothing of a training",
      wrong({ mas: 1 }),
      { training: { trajectories: 3 } },
      "guide[1].mas:",
    ],
    ["a misspelt key of an action, and nothing of its quark", {}, { action: [gauge, { ...quark, mas: 1 }] }, "].mas:"],
    [
      "a width without effect",
      wrong({ through: { name: "cask", rho: 0.1, spread: 0.1 } }),
      {},
      "update.guide[1].through.spread: has no effect beside rho",
    ],
    [
      "a key of another inner chain",
      { name: "self-learning", guide: undefined, inner: { name: "hmc", sweeps: 2 } },
      {},
      'update.inner.sweeps: unknown; did you mean "steps"? (inner takes name, trajectories, ',
    ],
    ["a misspelt map", wrong({ throug: net }), {}, 'update.guide[1].throug: unknown; did you mean "through"?'],
    ["a factor that is none", wrong({ scale: "1" }), {}, 'update.guide[1].scale: expected a number, got "1"'],
    [
      "a bad key of the network",
      wrong({ through: { ...net, layers: 0 } }),
      {},
      "update.guide[1].through.layers: layers must be 1 or more",
    ],
    ["a model that is no path", { model: 3 }, {}, "update.model: expected a string, got 3"],
    [
      "a quark that the action lacks",
      { guide: [gauge, { name: "wilson", kappa: 0.12 }] },
      {},
      'update.guide[1].name: wilson needs the pseudofermion of a wilson action, and this run has none; add [[action]] name = "wilson"',
    ],
    [
      "another place of the pseudofermion",
      wrong({ sites: "all" }),
      {},
      'update.guide[1].sites: "all" here and not given in action[1]',
    ],
    ["another splitting", wrong({ hasenbusch: [0.8] }), {}, "update.guide[1].hasenbusch: 1 heavier here and 0 heavier"],
    ["past solutions", wrong({ history: 3 }), {}, "update.guide[1].history: past solutions are forgotten when"],
    [
      "an action that is not there",
      wrong({ like: 7 }),
      {},
      "update.guide[1].like: there is no action 7; they are numbered",
    ],
    [
      "an action of another kind",
      wrong({ like: 0 }),
      {},
      "update.guide[1].like: action[0] is wilson-gauge, whose pseudof",
    ],
    [
      "like without need",
      { guide: [{ ...gauge, like: 0 }] },
      {},
      "update.guide[0].like: wilson-gauge has no pseudofermion",
    ],
    [
      "an update of another kind",
      { name: "hmc" },
      {},
      'update.guide: hmc follows no guide; leave it out, or write name = "self-',
    ],
    [
      "training without one",
      {},
      { update: { name: "hmc" }, training: { trajectories: 5 } },
      'training: there is no guide to be trained; it belongs to [update] with name = "self-learning-hmc"',
    ],
    [
      "training of two",
      {},
      { update: [plain().update, plain().update], training: { trajectories: 5 } },
      "training: the updates have several",
    ],
    ["no trajectories", {}, { training: { trajectories: 0 } }, "training.trajectories: must be at least 1, got 0"],
    ["a misspelt key of training", {}, { training: { trajectory: 10 } }, "training.trajectory: unknown; did you mean"],
    ["training that is no table", {}, { training: 5 }, "training: expected a table, got 5"],
    [
      "the prior in [training]",
      {},
      { training: { prior: { steps: 3 } } },
      "training.prior: stands in [update], as prior =",
    ],
    [
      "a misspelt path of a scan",
      {},
      { scan: { "update.guide[1].mas": [1] } },
      'matches nothing in this run file; did you mean "update.guide[1].mass"?',
    ],
    [
      "a scanned value",
      {},
      { scan: { "update.guide[1].mass": [0.4, "x"] } },
      'scan."update.guide[1].mass": update.guide[1].mass: expected a number, got "x"',
    ],
  ];
  it.each(refused)("is refused: %s", (_, update, change, sentence) => {
    const found = problems(() => check(update, change));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });
});
