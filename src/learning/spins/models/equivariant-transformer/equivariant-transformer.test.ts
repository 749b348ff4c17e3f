import { describeSpinModel } from "../../model.contract.ts";
import { equivariantTransformer } from "./equivariant-transformer.ts";
import type { TransformerShape } from "./shape.ts";

const shapeOf = (given: Partial<TransformerShape>): TransformerShape => ({
  layers: 2,
  neighbours: 2,
  head: 1,
  heads: 1,
  attention: "relu",
  ...given,
});

for (const [name, spins, extents, given] of [
  ["the published layout", "O(3)", [6, 6], { neighbours: 6 }],
  ["polynomial, two heads", "O(3)", [4, 4], { heads: 2, attention: "polynomial", head: 3 }],
  ["two heads, one lane", "O(3)", [3, 4], { heads: 2, head: 2, neighbours: 3 }],
  ["in the plane", "XY", [4, 2, 2], { neighbours: 1, head: 2 }],
  ["in the plane, polynomial, one dimension", "XY", [5], { attention: "polynomial", head: 2 }],
  ["no layer", "O(3)", [2, 2], { layers: 0, head: 2 }],
] as const)
  describeSpinModel(`equivariant-transformer, ${name}`, {
    spins,
    extents,
    kinks: !("attention" in given),
    make: (space, temperature) => {
      const shape = shapeOf(given);
      const model = equivariantTransformer(space, {
        ...shape,
        temperature,
        start: { start: "random", seed: "contract", spread: 0.2 },
      });
      for (let n = 0; n <= shape.head; n++) model.parameters[model.parameters.length - 1 - n] = 0.3 * Math.cos(n + 1);
      model.assign();
      return model;
    },
  });
