import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../sampling/events.ts";
import { readModel } from "../../storage/models/directory.ts";
import { numbersOf } from "../../storage/models/index.ts";
import { newestCheckpoint, readRun, runPaths } from "../../storage/run-directory/index.ts";
import { catalogue } from "../parts.ts";
import { checkRunFile } from "../run-file/index.ts";
import { describeResume } from "./resume.contract.ts";
import { type RunContext, resume, startRun } from "./run.ts";

const gauge = { name: "wilson-gauge", beta: 2.3 };
const quark = { name: "staggered", mass: 0.4 };
const net = { name: "covariant-net", layers: 1, loops: ["plaquette"] };
const heavy = { name: "staggered", mass: 0.6, through: net };
const common = {
  lattice: [4, 2, 2, 2],
  group: "SU(2)",
  start: "hot",
  seed: "learning",
  workers: 1,
  action: [gauge, quark],
  measure: { plaquette: 1 },
};
const update = { name: "self-learning-hmc", steps: 3, length: 0.5, guide: [gauge, { ...heavy, "learn-scale": true }] };

describeResume("self-learning HMC that trains in the middle of its thermalisation", {
  ...common,
  thermalise: 2,
  trajectories: 9,
  checkpoint: { every: 4 },
  save: { configurations: 5 },
  update,
  training: { trajectories: 5, rate: 0.01, draws: 2, objective: "centred", schedule: "cosine", average: 0.4 },
});

describeResume("one of two updates, with early stopping and the force", {
  ...common,
  thermalise: 1,
  trajectories: 8,
  checkpoint: { every: 3 },
  update: [update, { name: "hmc", steps: 3, length: 0.3 }],
  training: { trajectories: 6, optimiser: "sgd", objective: "force", momentum: 0.5, patience: 2, window: 2 },
});

const scratch = mkdtempSync(join(tmpdir(), "plaquette-learning-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string) => join(scratch, name);
const events: RunEvent[] = [];
const context: RunContext = { version: "test", catalogue, listen: (event) => void events.push(event), self: [] };
const file = (change: object) =>
  checkRunFile({ ...common, thermalise: 2, trajectories: 4, update, ...change }, "a.toml", catalogue);
const go = async (name: string, change: object) => {
  events.length = 0;
  const { members } = await startRun(file(change), "a.toml", at(name), context);
  if (members[0]!.kind === "failed") throw members[0]!.error;
  expect(members).toMatchObject([{ kind: "done" }]);
  return events.slice();
};
const weights = (path: string) => readModel(path).weights.map((tensor) => [tensor.name, ...numbersOf(tensor)]);
const stepped = (list: readonly RunEvent[]) =>
  list.filter(({ type }) => type === "stepped").map((event) => ({ ...event, time: 0, seconds: 0 }));
const rate = 0.02;

describe("a trained model", () => {
  let trained: readonly RunEvent[];
  beforeAll(async () => {
    trained = await go("trained", { training: { trajectories: 6, rate } });
  });

  test("has the weights, and what was told of them, and how they came about", () => {
    const model = readModel(at("trained"));
    const frozen = trained.find((event) => event.type === "tuned" && event.frozen);
    const told = (frozen as { parameters: Record<string, number> }).parameters;
    expect(weights(at("trained"))).toEqual([
      ["guide-2.staggered.layer-1.plaquette", told["guide-2.staggered.layer-1.plaquette[0]"]],
      ["guide-2.staggered.scale", told["guide-2.staggered.scale"]],
    ]);
    expect(told["guide-2.staggered.scale"]).not.toBe(1);
    expect(model.training!.map(({ trajectory }) => trajectory)).toEqual([3, 4, 5, 6, 7, 8]);
    const losses = trained.flatMap((event) => (event.type === "tuned" ? (event.parameters.loss ?? []) : []));
    expect(model.training!.map(({ loss }) => loss)).toEqual(losses);
    expect(model.description).toMatchObject({
      steps: 6,
      group: "SU(2)",
      guide: [{ name: "wilson-gauge" }, { name: "staggered", through: { name: "covariant-net" } }],
      training: { rate, optimiser: "adam" },
    });
    expect(trained.filter((event) => event.type === "saved" && event.kind === "model")).toMatchObject([
      { trajectory: 8, file: "models" },
    ]);
  });

  test("is used by another run as it is, which keeps it and goes on without the original", async () => {
    const untrained = await go("untrained", {});
    const used = await go("used", { update: { ...update, model: at("trained") } });
    expect(stepped(used)).not.toEqual(stepped(untrained));
    expect(used.some(({ type }) => type === "tuned")).toBe(false);
    expect(weights(at("used"))).toEqual(weights(at("trained")));
    const controller = new AbortController();
    const listen = (event: RunEvent) => event.type === "stepped" && event.trajectory === 3 && controller.abort();
    const run = file({ update: { ...update, model: at("trained/models/weights.safetensors") } });
    const interrupted = { ...context, listen, interruption: controller.signal };
    expect((await startRun(run, "a.toml", at("broken-off"), interrupted)).members).toMatchObject([
      { kind: "interrupted" },
    ]);
    renameSync(at("trained"), at("moved"));
    expect((await resume(at("broken-off"), context)).members).toMatchObject([{ kind: "done" }]);
    renameSync(at("moved"), at("trained"));
    expect(stepped(readRun(at("broken-off")).members[0]!.events)).toEqual(stepped(used));
  });

  test("is trained on from its weights and the memory of its optimiser", async () => {
    const again = { update: { ...update, model: at("trained") }, training: { trajectories: 1, rate: 1e-12 } };
    await go("again", again);
    const [before, after] = [weights(at("trained")), weights(at("again"))];
    before.forEach(([, x], i) => expect(Math.abs(Number(x) - Number(after[i]![1]))).toBeLessThan(1e-11));
    const steps = (path: string) =>
      numbersOf(readModel(path).optimiser!.find(({ name }) => name === "optimiser.steps")!)[0];
    expect([steps(at("trained")), steps(at("again"))]).toEqual([6, 7]);
    await go("other-rule", { ...again, training: { trajectories: 1, optimiser: "sgd", rate: 1e-12 } });
    expect(steps(at("other-rule"))).toBe(1);
  });

  test("fits a larger lattice, where its weights mean the same", async () => {
    await go("larger", { lattice: [4, 4, 2, 4], trajectories: 1, update: { ...update, model: at("trained") } });
    expect(weights(at("larger"))).toEqual(weights(at("trained")));
  });

  test("is judged by the action: a guide without any force leaves all of deltaH to accept or reject", async () => {
    const wild = { ...update, guide: [{ ...gauge, scale: 0 }] };
    const run = await go("wild", { update: wild, trajectories: 6 });
    const changes = run.flatMap((event) => (event.type === "stepped" ? [event.deltaH!] : []));
    expect(Math.max(...changes.map(Math.abs))).toBeGreaterThan(1);
  });

  const refused: readonly [string, object, RegExp][] = [
    [
      "weights of another network",
      { guide: [gauge, { ...heavy, through: { ...net, layers: 2 } }] },
      /^a\.toml: update\.model: .*weights\.safetensors: these weights are those of another network: .*layer-2.* missing/,
    ],
    ["nothing", { model: "nowhere" }, /^a\.toml: update\.model: nowhere: no such model; give a model directory/],
    ["a run that trained none", { model: "used-none" }, /update\.model: .*no model directory/],
    ["a file that is none", { model: "words.safetensors" }, /update\.model: .*words\.safetensors/],
  ];
  test.each(refused)("is refused: %s", async (_, change, sentence) => {
    writeFileSync(at("words.safetensors"), "a letter to a friend");
    rmSync(at("used-none"), { recursive: true, force: true });
    const { model = "trained", ...rest } = change as { model?: string };
    if (model === "used-none") (await import("node:fs")).mkdirSync(at(model));
    const path = model === "nowhere" ? model : at(model);
    const run = file({ update: { ...update, model: path, ...rest } });
    await expect(startRun(run, "a.toml", at("refused"), context)).rejects.toThrow(sentence);
    expect(existsSync(at("refused"))).toBe(false);
  });

  test("cannot come from a guide without a number to be trained", async () => {
    const fixed = file({ update: { ...update, guide: [gauge] }, training: { trajectories: 2 } });
    await expect(startRun(fixed, "a.toml", at("refused"), context)).rejects.toThrow(
      /^a\.toml: update\.guide: has no number that could be trained; take a term through/,
    );
  });
});

test("a training that leaves the numbers says so, keeps the last good weights, and the run goes on", async () => {
  const wild = { optimiser: "sgd", rate: 1e300, trajectories: 4 };
  const list = await go("wild-training", { training: wild });
  const warnings = list.flatMap((event) => (event.type === "warned" ? [event.message] : []));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /^training: the (weights|loss|gradient) became infinite or not a number in step \d: .*smaller rate/,
  );
  for (const [, x] of weights(at("wild-training"))) expect(Number.isFinite(x)).toBe(true);
  expect(newestCheckpoint(runPaths(at("wild-training")).checkpoints).checkpoint!.trajectory).toBe(10);
  expect(readFileSync(join(at("wild-training"), "models/model.toml"), "utf8")).toContain("became infinite");
});
