import { shellsOf } from "../../../../lattice/shells.ts";
import { coefficientAt, couplingAt, type TransformerShape, weightAt } from "./shape.ts";

/**
 * H_eff and the spins behind the last layer in plain loops over all pairs of sites, by the formulas of
 * equivariant-transformer.ts: the truth that the kernels are held against.
 */
export function referenceTransformer(
  extents: readonly number[],
  components: number,
  shape: TransformerShape,
  parameters: Float64Array,
  spins: Float64Array,
): { energy: number; spins: Float64Array } {
  const shells = shellsOf(extents);
  const volume = spins.length / components;
  const dot = (a: Float64Array, i: number, b: Float64Array, j: number) => {
    let sum = 0;
    for (let c = 0; c < components; c++) sum += a[components * i + c]! * b[components * j + c]!;
    return sum;
  };
  const shellSum = (x: Float64Array, n: number) => {
    const { coordination, sites } = shells[n]!;
    return x.map((_, at) => {
      const [i, c] = [Math.floor(at / components), at % components];
      let sum = 0;
      for (const j of sites.subarray(i * coordination, (i + 1) * coordination)) sum += x[components * j + c]!;
      return sum;
    });
  };
  let x = spins;
  for (let l = 0; l < shape.layers; l++) {
    const around = Array.from({ length: shape.neighbours + 1 }, (_, n) => shellSum(x, n));
    const y = x.slice();
    for (let h = 0; h < shape.heads; h++) {
      const [q, k, v] = [0, 1, 2].map((role) =>
        x.map((_, at) =>
          around.reduce((sum, shell, n) => sum + parameters[weightAt(shape, l, h, role, n)]! * shell[at]!, 0),
        ),
      ) as [Float64Array, Float64Array, Float64Array];
      const [a, b] = [0, 1].map((power) => parameters[coefficientAt(shape, l, h, power)]!) as [number, number];
      for (let i = 0; i < volume; i++)
        for (let j = 0; j < volume; j++) {
          const g = dot(q, i, k, j) / Math.sqrt(components);
          const p = shape.attention === "relu" ? Math.max(g, 0) : a * g + b * g * g;
          for (let c = 0; c < components; c++) y[components * i + c]! += p * v[components * j + c]!;
        }
    }
    x = y.map((value, at) => value / Math.sqrt(dot(y, Math.floor(at / components), y, Math.floor(at / components))));
  }
  let energy = parameters[couplingAt(shape, shape.head)]!;
  for (let n = 1; n <= shape.head; n++) {
    const field = shellSum(x, n);
    for (let i = 0; i < volume; i++) energy -= (parameters[couplingAt(shape, n - 1)]! * dot(x, i, field, i)) / 2;
  }
  return { energy, spins: x };
}
