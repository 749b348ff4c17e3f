import { describe, expect, test } from "vitest";
import { describeKernel } from "../../kernels/kernel.contract.ts";
import { openDevice } from "../../kernels/node.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { Lattice } from "../lattice.ts";
import { type Sites, SpinorSpace } from "./spinors.ts";

interface Shape {
  readonly extents: readonly number[];
  readonly components: number;
  readonly sites: Sites;
  readonly lanes?: 1;
}

const shapes: readonly Shape[] = [
  { extents: [4, 4], components: 6, sites: "all" },
  { extents: [4, 4, 4, 4], components: 3, sites: "even" },
  { extents: [8, 4, 4, 2], components: 12, sites: "odd" },
  { extents: [4, 4, 3], components: 2, sites: "all" },
  { extents: [4, 6, 2, 2], components: 5, sites: "all", lanes: 1 },
];

/** Numbers of a few vectors, far from being float32. */
const draws = (shape: Shape, count: number): Float64Array[] => {
  const numbers = 2 * shape.components * shape.extents.reduce((a, b) => a * b, 1);
  const rng = addressedRng("single");
  return Array.from({ length: count }, (_, v) =>
    Float64Array.from({ length: numbers }, (_, i) => rng.at("x", v, i).normal()),
  );
};

const parity = (site: number, extents: readonly number[]): number => {
  let [sum, rest] = [0, site];
  for (const n of extents) {
    sum += rest % n;
    rest = Math.floor(rest / n);
  }
  return sum % 2;
};

const covered = ({ sites, extents, components }: Shape, index: number): boolean =>
  sites === "all" || (parity(Math.floor(index / (2 * components)), extents) === 0) === (sites === "even");

describeKernel<Shape>("float64 vectors to float32 and added to float64", {
  shapes,
  run(device, shape) {
    const space = new SpinorSpace(new Lattice(device, shape.extents, shape.lanes), shape.components);
    const single = space.single()!;
    const [x, y] = draws(shape, 2).map((data) => {
      const field = space.field();
      space.load(field, data);
      return field;
    });
    const s = single.field();
    space.toSingle(shape.sites, s, x!);
    space.addSingle(shape.sites, y!, s);
    return [...single.store(s), ...space.store(y!)];
  },
  reference(shape) {
    const [x, y] = draws(shape, 2) as [Float64Array, Float64Array];
    const s = x.map((v, i) => (covered(shape, i) ? Math.fround(v) : 0));
    return [...s, ...y.map((v, i) => v + s[i]!)];
  },
  tolerance: () => 1e-15,
});

/** Every operation once, each on the results of the one before, and what it returned. */
function algebra(space: SpinorSpace, vectors: readonly Float64Array[], sites: Sites): number[] {
  const [x, r, p, q] = vectors.map((data) => {
    const field = space.field();
    space.load(field, data);
    return field;
  });
  const z = space.field();
  space.copy(sites, z, x!);
  space.axpy(sites, z, 0.3, r!);
  space.xpay(sites, z, p!, -0.7);
  space.complexAxpy(sites, z, 0.2, 0.9, q!);
  space.axpby(sites, z, 1.1, z, 0.4, r!);
  const returned = [space.norm2(sites, z), ...space.dot(sites, z, x!), space.cgStep(sites, x!, r!, p!, q!, 0.25)];
  space.shiftStep(sites, q!, z, 0.5, 0.1, p!, 0.6);
  return [...returned, ...[x!, r!, z, q!].flatMap((field) => [...space.store(field)])];
}

describeKernel<Shape>("linear algebra in float32", {
  shapes,
  run(device, shape) {
    const space = new SpinorSpace(new Lattice(device, shape.extents, shape.lanes), shape.components).single()!;
    return algebra(space, draws(shape, 4), shape.sites);
  },
  reference(shape) {
    const space = new SpinorSpace(
      new Lattice(openDevice({ workers: 1 }), shape.extents, shape.lanes),
      shape.components,
    );
    const rounded = draws(shape, 4).map((data) => data.map(Math.fround));
    return algebra(space, rounded, shape.sites);
  },
  // sums have sizes far above those of their terms' cancellations
  tolerance: (expected) => 2e-6 + 2e-6 * Math.abs(expected),
});

describe("where there is no float32", () => {
  const device = openDevice({ workers: 1 });
  test("a lattice without quads has no float32 vectors and converts nothing", () => {
    const space = new SpinorSpace(new Lattice(device, [6, 4]), 2);
    expect(space.single()).toBeUndefined();
    const x = space.field();
    expect(() => space.toSingle("all", x, x)).toThrow(/lattice with quads/);
  });
  test("noise is drawn in float64", () => {
    const single = new SpinorSpace(new Lattice(device, [4, 4]), 2).single()!;
    expect(() => single.draw("all", single.field(), "z2", addressedRng("single"), "x", 0)).toThrow(/float64/);
    expect(single.single()).toBe(single);
  });
  test("plain data of another length is refused", () => {
    const single = new SpinorSpace(new Lattice(device, [4, 4]), 2).single()!;
    expect(() => single.load(single.field(), new Float64Array(3))).toThrow("a vector of 3 numbers, not 64");
  });
});
