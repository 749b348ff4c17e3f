import { expect, test } from "vitest";
import { addressedRng } from "../../numerics/addressed-random.ts";
import * as plain from "../../numerics/complex-matrix.ts";
import { type Int, ModuleBuilder } from "../builder.ts";
import { countFlops } from "../flops.ts";
import type { Width } from "../ir.ts";
import { callKernel, describeKernel, disagreement } from "../kernel.contract.ts";
import { openDevice } from "../node.ts";
import { at, loadRow, matrixBytes, multiply, multiplyFunction, realTraceWithDagger } from "./matrix.ts";

interface Shape {
  readonly n: number;
  readonly width: Width;
  readonly daggerA: boolean;
  readonly daggerB: boolean;
  readonly accumulate: boolean;
  readonly items: number;
}

const widths: readonly Width[] = [
  { lanes: 1, bytes: 8 },
  { lanes: 2, bytes: 8 },
  { lanes: 1, bytes: 4 },
  { lanes: 4, bytes: 4 },
];
const sides = [false, true];
const shapes: readonly Shape[] = [1, 2, 3, 4, 5, 6].flatMap((n) =>
  widths.flatMap((width) =>
    sides.flatMap((daggerA) =>
      sides.map((daggerB) => ({ n, width, daggerA, daggerB, accumulate: daggerA === (n % 2 === 0), items: 41 })),
    ),
  ),
);

function productModule(shape: Shape) {
  const m = new ModuleBuilder(shape.width);
  m.kernel("product", ["i32", "i32", "i32"] as const, (k, { begin, end }, out, a, b) => {
    k.for(begin, end, (item) => {
      const of = (p: Int) => at(k.let(p.add(item.mul(matrixBytes(k, shape.n)))));
      multiply(k, shape.n, of(out), of(a), of(b), shape);
    });
  });
  return m.finish();
}

/** Fixed numbers of order one, for each of out, a and b. */
function operands({ n, width, items }: Shape): [out: Float64Array, a: Float64Array, b: Float64Array] {
  const length = 2 * n * n * width.lanes * items;
  const numbers = (name: string) => {
    const stream = addressedRng("matrix-test").at(name, n);
    return Float64Array.from({ length }, () => Math.fround(2 * stream.uniform() - 1));
  };
  return [numbers("out"), numbers("a"), numbers("b")];
}

function inputs(shape: Shape) {
  const Numbers = shape.width.bytes === 8 ? Float64Array : Float32Array;
  return operands(shape).map((x) => Numbers.from(x)) as [Float64Array, Float64Array, Float64Array];
}

/** Matrix `lane` of block `item`. */
function take(x: Float64Array, { n, width }: Shape, item: number, lane: number): plain.Matrix {
  const size = 2 * n * n;
  return Float64Array.from({ length: size }, (_, i) => x[(item * size + i) * width.lanes + lane]!);
}

describeKernel("matrix product", {
  shapes,
  run(device, shape) {
    const args = inputs(shape);
    callKernel(device, `product/${JSON.stringify(shape)}`, () => productModule(shape), "product", shape.items, args);
    return args[0];
  },
  reference(shape) {
    const [out, a, b] = operands(shape);
    const { n, width, items, daggerA, daggerB, accumulate } = shape;
    for (let item = 0; item < items; item++)
      for (let lane = 0; lane < width.lanes; lane++) {
        const [x, y] = [take(a, shape, item, lane), take(b, shape, item, lane)];
        const z = plain.multiply(daggerA ? plain.dagger(x) : x, daggerB ? plain.dagger(y) : y);
        z.forEach((value, i) => {
          const index = (item * 2 * n * n + i) * width.lanes + lane;
          out[index] = accumulate ? out[index]! + value : value;
        });
      }
    return out;
  },
  // 2 n products of numbers below one and their partial sums, each rounded
  tolerance: (_, { n, width }) => 4 * n * n * 2 ** (width.bytes === 8 ? -53 : -24),
});

test("a kernel with a wrong sign disagrees with the reference", () => {
  const device = openDevice({ workers: 1 });
  const right: Shape = { ...shapes[0]!, n: 3, daggerB: false, items: 5 };
  const wrong = { ...right, daggerB: true };
  const outputs = [right, wrong].map((shape) => {
    const args = inputs(right);
    callKernel(device, `planted/${shape.daggerB}`, () => productModule(shape), "product", right.items, args);
    return args[0];
  });
  expect(disagreement(outputs[1]!, outputs[0]!, () => 1e-12)).toMatch(/is not/);
  device.close();
});

test.each([2, 3, 4, 5, 6])("a product of N = %d as a function counts 8 N^3 - 2 N^2 operations", (n) => {
  const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
  const product = multiplyFunction(m, n, { daggerA: true });
  m.kernel("product", ["i32", "i32", "i32"] as const, (k, { begin, end }, out, a, b) =>
    k.for(begin, end, () => k.call(product, out, a, b)),
  );
  expect(countFlops(m.finish(), "product")).toBe(8 * n ** 3 - 2 * n ** 2);
});

test("Re tr(a b^dagger)", () => {
  const device = openDevice({ workers: 1 });
  const shape: Shape = { ...shapes[0]!, n: 5, width: { lanes: 2, bytes: 8 }, items: 3 };
  const [out, a, b] = inputs(shape);
  callKernel(
    device,
    "trace",
    () => {
      const m = new ModuleBuilder(shape.width);
      m.kernel("trace", ["i32", "i32", "i32"] as const, (k, { begin, end }, result, x, y) =>
        k.for(begin, end, (item) => {
          const rows = (p: Int) => {
            const matrix = at(k.let(p.add(item.mul(matrixBytes(k, shape.n)))));
            return (i: number | Int) => loadRow(k, shape.n, matrix, i);
          };
          k.store(result.add(item.mul(k.vecBytes)), 0, realTraceWithDagger(k, shape.n, rows(x), rows(y)));
        }),
      );
      return m.finish();
    },
    "trace",
    shape.items,
    [out, a, b],
  );
  for (let item = 0; item < shape.items; item++)
    for (let lane = 0; lane < 2; lane++) {
      const product = plain.multiplyDagger(take(a, shape, item, lane), take(b, shape, item, lane));
      expect(out[item * 2 + lane]).toBeCloseTo(plain.trace(product)[0], 12);
    }
  device.close();
});
