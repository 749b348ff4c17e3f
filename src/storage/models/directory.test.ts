import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromArrays, sgd, Trainer, toArrays } from "../../learning/training/index.ts";
import { readModel, writeModel } from "./directory.ts";
import { applyWeights, float64Tensor, tensorsOf } from "./index.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "plaquette-models-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const weights = {
  parameters: Float64Array.of(0.1, -0.2, 1 / 3),
  layout: [
    { name: "layer-1.rho", shape: [2] },
    { name: "scale", shape: [] },
  ],
};
const description = {
  group: "SU(2)",
  lattice: [4, 4, 4, 4],
  guide: [
    { name: "wilson-gauge", beta: 2.7 },
    { name: "staggered", mass: 0.4, through: { name: "covariant-net", layers: 2, loops: ["plaquette"] } },
  ],
};
const training = [
  { trajectory: 0, loss: 80, rate: 1e-3 },
  { trajectory: 1, loss: 12.3, rate: 1e-3 },
];
const model = { description, weights: tensorsOf(weights), training };
const at = (...parts: string[]) => join(folder, ...parts);

describe("a model directory", () => {
  it("comes back as it was written", () => {
    writeModel(at("m"), model);
    expect(readdirSync(at("m")).sort()).toEqual(["model.toml", "training.csv", "weights.safetensors"]);
    expect(readFileSync(at("m", "model.toml"), "utf8")).toMatch(/\[\[guide\]\]\nname = "wilson-gauge"\nbeta = 2.7/);
    expect(readModel(at("m"))).toEqual({ ...model, file: at("m", "weights.safetensors") });
    const target = { ...weights, parameters: new Float64Array(3) };
    applyWeights(target, readModel(at("m")).weights);
    expect(target.parameters).toEqual(weights.parameters);
  });
  it("keeps the comments of a description in TOML", () => {
    writeModel(at("m"), { ...model, description: "# published set-up\nbeta = 2.7\n" });
    expect(readFileSync(at("m", "model.toml"), "utf8")).toBe("# published set-up\nbeta = 2.7\n");
    expect(readModel(at("m")).description).toEqual({ beta: 2.7 });
  });
  it("replaces an older one, and leaves nothing of it", () => {
    writeModel(at("m"), { ...model, optimiser: [float64Tensor("mean", [1], Float64Array.of(1))] });
    writeModel(at("m"), { description: { beta: 1 }, weights: model.weights });
    expect(readdirSync(at("m")).sort()).toEqual(["model.toml", "weights.safetensors"]);
    expect(readModel(at("m"))).toMatchObject({ description: { beta: 1 } });
  });
  it("holds what the optimiser remembers, bit for bit", () => {
    const trainer = new Trainer(weights.parameters.slice(), { steps: 9, optimiser: sgd(0.9), rate: 0.1 });
    for (let i = 0; i < 5; i++) trainer.step(1, Float64Array.of(0.1, i, -1 / 3));
    const saved = trainer.save();
    const optimiser = toArrays(saved).map(({ name, shape, data }) => float64Tensor(name, shape, data));
    writeModel(at("m"), { ...model, optimiser });
    const read = readModel(at("m")).optimiser!.map((t) => ({ ...t, data: t.data as Float64Array }));
    expect(fromArrays(read)).toEqual(saved);
  });
  it("is found in a run, in the only one of its chains, and by its files", () => {
    writeModel(at("run", "models"), model);
    writeModel(at("chains", "members", "chain-0", "models"), model);
    writeModel(at("named", "models", "second"), model);
    for (const path of [
      at("run"),
      at("run", "models"),
      at("run", "models", "model.toml"),
      at("run", "models", "weights.safetensors"),
      at("chains"),
      at("named"),
    ])
      expect(readModel(path)).toMatchObject(model);
  });
  it("may be weights alone", () => {
    writeModel(at("m"), model);
    const file = at("elsewhere.safetensors");
    writeFileSync(file, readFileSync(at("m", "weights.safetensors")));
    expect(readModel(file)).toEqual({ description: {}, weights: model.weights, file });
  });
});

describe("what is no model", () => {
  const refusal = (path: string) => {
    try {
      readModel(path);
    } catch (error) {
      return (error as Error).message;
    }
    return "none";
  };
  it("says what it is instead", () => {
    mkdirSync(at("empty"));
    expect(refusal(at("empty"))).toMatch(/empty is no model directory \(it has no model.toml\)/);
    expect(refusal(at("none"))).toMatch(/none: no such model; give a model directory, a run directory, or/);
    writeFileSync(at("empty", "run.toml"), "");
    expect(refusal(at("empty"))).toMatch(/this run has trained no model .*a run file with \[training\] makes one/);
    for (const chain of ["chain-0", "chain-1"]) writeModel(at("empty", "members", chain, "models"), model);
    expect(refusal(at("empty"))).toMatch(/has several models, name one of them: .*chain-0.models, .*chain-1.models/);
  });
  it("tells an interrupted writing", () => {
    writeModel(at("m"), model);
    rmSync(at("m", "model.toml"));
    expect(refusal(at("m"))).toMatch(/has weights.safetensors but no model.toml: its writing was interrupted/);
    expect(refusal(at("m", "weights.safetensors"))).toBe("none");
  });
  it.each([
    ["weights.safetensors", /weights.safetensors: tensor "scale" ends at byte 24 .*truncated/, 1],
    ["training.csv", /training.csv: line 3 is cut off; delete it/, 3],
    ["model.toml", /model.toml: Invalid TOML/, 3],
  ])("tells a damaged %s", (name, sentence, missing) => {
    writeModel(at("m"), model);
    truncateSync(at("m", name), readFileSync(at("m", name)).length - missing);
    expect(refusal(at("m"))).toMatch(sentence);
  });
  it("tells missing weights", () => {
    writeModel(at("m"), model);
    rmSync(at("m", "weights.safetensors"));
    expect(refusal(at("m"))).toMatch(/cannot read .*weights.safetensors: no such file/);
  });
  it("is not written, and what was there stays", () => {
    writeModel(at("m"), model);
    const twice = [...model.weights, ...model.weights];
    expect(() => writeModel(at("m"), { ...model, weights: twice })).toThrow(
      /weights.safetensors: tensor "layer-1.rho" is there twice/,
    );
    expect(() => writeModel(at("m"), { ...model, description: { loops: [null] } })).toThrow(
      /model.toml: the description cannot be written as TOML/,
    );
    expect(() => writeModel(at("m"), { ...model, description: "beta = = 1" })).toThrow(/cannot be written as TOML/);
    expect(readModel(at("m"))).toMatchObject(model);
  });
});
