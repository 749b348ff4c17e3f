import { describe, expect, it } from "vitest";
import { numbersOf, readSafetensors, type Tensor, writeSafetensors } from "./safetensors/safetensors.ts";
import { readTraining, writeTraining } from "./training-table.ts";
import { applyWeights, tensorsOf, type Weights } from "./weights.ts";

/** A network like those of guides: layers of loops, and a factor. */
function network(layers: number, loops: readonly string[], heads = 2): Weights {
  const layout = [
    ...Array.from({ length: layers }, (_, l) =>
      loops.map((loop) => ({ name: `guide-2.staggered.layer-${l + 1}.${loop}`, shape: [heads] })),
    ).flat(),
    { name: "guide-1.wilson.scale", shape: [] },
  ];
  const parameters = new Float64Array(layers * loops.length * heads + 1);
  return { parameters: parameters.map((_, i) => Math.sqrt(i + 1)), layout };
}
const loops = ["plaquette", "rectangle"];
const blank = (weights: Weights): Weights => ({ ...weights, parameters: weights.parameters.map(() => 0) });
const refusal = (target: Weights, stored: readonly Tensor[]) => {
  const before = target.parameters.slice();
  try {
    applyWeights(target, stored);
  } catch (error) {
    expect(target.parameters).toEqual(before);
    return (error as Error).message;
  }
  return "none";
};

describe("weights", () => {
  it("go through a file and back, in any order, bit for bit", () => {
    const own = network(2, loops);
    const target = blank(own);
    applyWeights(target, readSafetensors(writeSafetensors(tensorsOf(own).reverse())).tensors);
    expect(target.parameters).toEqual(own.parameters);
    expect(tensorsOf(own)[1]).toMatchObject({ name: "guide-2.staggered.layer-1.rectangle", shape: [2] });
    expect([...numbersOf(tensorsOf(own)[1]!)]).toEqual([Math.sqrt(3), 2]);
  });
  it("may be single precision", () => {
    const own = network(1, ["plaquette"], 1);
    const singles = tensorsOf(own).map(({ name, shape, data }) => {
      const tensor: Tensor = { name, shape, dtype: "F32", data: Float32Array.from(data as Float64Array) };
      return tensor;
    });
    const target = blank(own);
    applyWeights(target, singles);
    expect([...target.parameters]).toEqual([1, Math.fround(Math.SQRT2)]);
  });
  it("of another depth are refused with the number of layers", () => {
    expect(refusal(network(2, loops), tensorsOf(network(3, loops)))).toMatch(
      /another network: guide-2.staggered.layer-3.plaquette, guide-2.staggered.layer-3.rectangle are not in the network. Give the network layers = 3 \(here 2\), as in the model.toml/,
    );
    expect(refusal(network(2, loops), tensorsOf(network(1, loops)))).toMatch(
      /layer-2.rectangle are missing.*layers = 1 \(here 2\)/,
    );
  });
  it("of other loops are refused with their names", () => {
    const sentence = refusal(network(1, loops), tensorsOf(network(1, ["plaquette", "chair"])));
    expect(sentence).toMatch(/layer-1.rectangle is missing; guide-2.staggered.layer-1.chair is not in the network/);
    expect(sentence).toMatch(/the same loops and parts in a layer \(stored: chair, plaquette, scale\)/);
    expect(sentence).not.toMatch(/layers = /);
  });
  it("of other shapes are refused with both shapes", () => {
    expect(refusal(network(1, loops, 4), tensorsOf(network(1, loops, 2)))).toMatch(
      /layer-1.plaquette is \[2\] and should be \[4\]; .*the layers, loops and widths that it has/,
    );
  });
  it("of other guides, and many differences, are refused in one sentence", () => {
    const { parameters } = network(9, loops);
    const renamed = network(9, loops).layout.map((block) => ({
      ...block,
      name: block.name.replace("guide-2", "guide-3"),
    }));
    expect(refusal(network(9, loops), tensorsOf({ parameters, layout: renamed }))).toMatch(
      /and 12 more are missing; .*and 12 more are not in the network. .*terms of the guide in the order of the stored one \(guide-1, guide-3, here guide-1, guide-2\)/,
    );
  });
  it("that are no real numbers are refused", () => {
    const own = network(1, ["plaquette"], 1);
    const [first, scale] = tensorsOf(own) as [Tensor, Tensor];
    expect(refusal(own, [first, { ...scale, dtype: "I32", data: Int32Array.of(1) }])).toMatch(
      /"guide-1.wilson.scale" holds I32/,
    );
    expect(refusal(own, [{ ...first, data: Float64Array.of(Number.NaN) }, scale])).toMatch(
      /layer-1.plaquette" holds NaN at 0/,
    );
  });
  it("need a layout of their own size", () => {
    const { parameters, layout } = network(2, loops);
    expect(() => tensorsOf({ parameters: new Float64Array(parameters.length + 1), layout })).toThrow(
      /a layout of 9 numbers for 10/,
    );
  });
});

describe("the course of a training", () => {
  const rows = [
    { trajectory: 0, loss: 79.6, gradient: 1 / 3, "rho[0],t": -0 },
    { trajectory: 1, loss: Number.NaN, gradient: Infinity, rate: 1e-7 },
  ];
  it("is a table that gives every number back", () => {
    const text = writeTraining(rows);
    expect(text).toBe(
      'trajectory,loss,gradient,"rho[0],t",rate\n0,79.6,0.3333333333333333,-0,\n1,NaN,Infinity,,1e-7\n',
    );
    expect(readTraining(text)).toEqual(rows);
    expect(readTraining(writeTraining([]))).toEqual([]);
  });
  it("says where it is damaged", () => {
    expect(() => readTraining("a,b\n1,2\n3\n")).toThrow(/line 3 has 1 numbers for 2 columns/);
    expect(() => readTraining("a,b\n1,x\n")).toThrow(/line 2: x is no number/);
  });
});
