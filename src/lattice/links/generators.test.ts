import { describe, expect, test } from "vitest";
import { matrixBytes } from "../../kernels/algebra/matrix.ts";
import { ModuleBuilder } from "../../kernels/builder.ts";
import { callKernel, describeKernel } from "../../kernels/kernel.contract.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import * as numerics from "../../numerics/algebra.ts";
import { distance, fromEntries, haarRandom, type Matrix } from "../../numerics/complex-matrix.ts";
import { parseGroup } from "../group.ts";
import { forCoordinates, matrixOfCoordinates } from "./algebra.ts";
import { diagonalEntry, type Generator, generators } from "./generators.ts";

function matrixOf(n: number, g: Generator): Matrix {
  return fromEntries(n, (i, j) => {
    if (g.kind === "phase") return [2, 0];
    if (g.kind === "z") return [i === j ? diagonalEntry(g.k, i) : 0, 0];
    const sign = i === g.i && j === g.j ? 1 : i === g.j && j === g.i ? -1 : 0;
    return g.kind === "x" ? [Math.abs(sign), 0] : [0, sign === 0 ? 0 : -sign];
  });
}

const groups = ["U(1)", "SU(2)", "SU(3)", "SU(4)", "SU(5)", "SU(6)"];

test.each(groups)("the generators of %s are those of numerics", (name) => {
  const group = parseGroup(name);
  const list = generators(group);
  expect(list.length).toBe(group.generators);
  numerics.generators(group.n).forEach((lambda, a) => {
    expect(distance(matrixOf(group.n, list[a]!), lambda)).toBeLessThan(1e-15);
  });
});

describe.each([
  ["SU(2)", 3],
  ["SU(3)", 8],
  ["SU(7)", 48],
] as const)("%s", (name, count) => {
  test("has N^2 - 1 of them", () => expect(generators(parseGroup(name)).length).toBe(count));
});

interface Shape {
  readonly group: string;
  readonly lanes: 1 | 2;
}
const ITEMS = 20;
const shapes = groups.flatMap((group) => ([1, 2] as const).map((lanes) => ({ group, lanes })));

/** One matrix a lane; not in any group, so that every entry counts. */
function matrices({ group, lanes }: Shape): Matrix[] {
  const { n } = parseGroup(group);
  const rng = addressedRng("generators");
  return Array.from({ length: ITEMS * lanes }, (_, i) =>
    haarRandom(n, false, rng.at("matrix", n, i)).map((x) => 3 * x),
  );
}

/** [item][number][lane] of one list of numbers a lane. */
function interleave(lists: readonly ArrayLike<number>[], lanes: number): Float64Array {
  const length = lists[0]!.length;
  const out = new Float64Array(lists.length * length);
  lists.forEach((list, index) => {
    for (let i = 0; i < length; i++) out[(Math.floor(index / lanes) * length + i) * lanes + (index % lanes)] = list[i]!;
  });
  return out;
}

describeKernel<Shape>("coordinates Im tr(lambda_a X)", {
  shapes,
  run(device, shape) {
    const group = parseGroup(shape.group);
    const generate = () => {
      const m = new ModuleBuilder({ lanes: shape.lanes, bytes: 8 });
      m.kernel("apply", ["i32", "i32"] as const, (k, { begin, end }, out, x) =>
        k.for(begin, end, (item) => {
          const pointer = k.let(x.add(item.mul(matrixBytes(k, group.n))));
          const to = k.let(out.add(item.mul(group.generators * k.vecBytes)));
          forCoordinates(k, group, { pointer, offset: 0 }, (a, c) => k.store(to, a * k.vecBytes, c));
        }),
      );
      return m.finish();
    };
    const out = new Float64Array(ITEMS * shape.lanes * group.generators);
    const x = interleave(matrices(shape), shape.lanes);
    callKernel(device, `coordinates/${JSON.stringify(shape)}`, generate, "apply", ITEMS, [out, x]);
    return out;
  },
  reference: (shape) => interleave(matrices(shape).map(numerics.coordinates), shape.lanes),
  tolerance: () => 1e-14,
});

describeKernel<Shape>("matrix of coordinates, and its squared norm", {
  shapes,
  run(device, shape) {
    const group = parseGroup(shape.group);
    const generate = () => {
      const m = new ModuleBuilder({ lanes: shape.lanes, bytes: 8 });
      m.kernel("apply", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end }, out, norm, p, scale) =>
        k.for(begin, end, (item) => {
          const pointer = k.let(out.add(item.mul(matrixBytes(k, group.n))));
          const from = k.let(p.add(item.mul(group.generators * k.vecBytes)));
          const norm2 = matrixOfCoordinates(k, group, { pointer, offset: 0 }, from, scale);
          k.store(norm.add(item.mul(k.vecBytes)), 0, norm2);
        }),
      );
      return m.finish();
    };
    const q = new Float64Array(ITEMS * shape.lanes * 2 * group.n ** 2).fill(99);
    const norm2 = new Float64Array(ITEMS * shape.lanes);
    const p = interleave(matrices(shape).map(numerics.coordinates), shape.lanes);
    callKernel(device, `matrix/${JSON.stringify(shape)}`, generate, "apply", ITEMS, [q, norm2, p, -0.7]);
    return Float64Array.of(...q, ...norm2);
  },
  reference(shape) {
    const made = matrices(shape).map((x) =>
      numerics.fromCoordinates(
        parseGroup(shape.group).n,
        numerics.coordinates(x).map((c) => -0.7 * c),
      ),
    );
    const norms = made.map((q) => [q.reduce((sum, x) => sum + x * x, 0)]);
    return Float64Array.of(...interleave(made, shape.lanes), ...interleave(norms, shape.lanes));
  },
  tolerance: (expected) => 1e-14 * Math.max(1, Math.abs(expected)),
});
