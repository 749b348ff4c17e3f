import { describe, expect, test } from "vitest";
import type { Device } from "../../kernels/device.ts";
import { describeKernel } from "../../kernels/kernel.contract.ts";
import { openDevice } from "../../kernels/node.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import type { Field } from "../field.ts";
import { Lattice } from "../lattice.ts";
import { goldenOf } from "./configurations.contract.ts";
import { parseSpins, type SpinKind } from "./spin-data.ts";
import { SpinSpace } from "./spins.ts";

interface Shape {
  readonly spins: SpinKind;
  readonly extents: readonly number[];
}
const turning: readonly Shape[] = [
  { spins: "XY", extents: [5, 7] },
  { spins: "XY", extents: [40] },
  { spins: "O(3)", extents: [3, 5] },
  { spins: "O(3)", extents: [6, 6, 4] },
];
const shapes: readonly Shape[] = [...turning, { spins: "Ising", extents: [3, 3] }];
const rng = addressedRng("spins", 1);
const spaceOn = (device: Device, { spins, extents }: Shape) => new SpinSpace(new Lattice(device, extents), spins);
const device = openDevice({ workers: 1 });

const loaded = (space: SpinSpace): Field => {
  const s = space.field();
  space.load(s, goldenOf(space.spins, space.lattice.extents));
  return s;
};
const drawn = (space: SpinSpace, step: number): Field => {
  const p = space.momenta();
  space.drawMomenta(p, rng, step);
  return p;
};
const volumeOf = ({ extents }: Shape) => extents.reduce((a, b) => a * b, 1);

/** The normals of every site one after the other. */
const normals = (shape: Shape, step: number): Float64Array =>
  Float64Array.from(
    Array.from({ length: volumeOf(shape) }, (_, site) => {
      const stream = rng.at("momenta", step, site);
      return Array.from({ length: shape.spins === "XY" ? 1 : 3 }, () => stream.normal());
    }).flat(),
  );

describeKernel<Shape>("momenta and their energy", {
  shapes: turning,
  run(on, shape) {
    const space = spaceOn(on, shape);
    const p = drawn(space, 4);
    return Float64Array.of(...p.view(), space.kinetic(p));
  },
  reference(shape) {
    const p = normals(shape, 4);
    return Float64Array.of(...p, p.reduce((sum, x) => sum + x * x, 0) / 2);
  },
  tolerance: (expected) => 1e-14 * Math.max(1, Math.abs(expected)),
});

describeKernel<Shape>("drift", {
  shapes: turning,
  run(on, shape) {
    const space = spaceOn(on, shape);
    const [s, p] = [loaded(space), drawn(space, 5)];
    p.view().fill(0, 0, space.generators); // one that stands still
    space.drift(s, p, 0.7);
    return space.store(s).values;
  },
  reference(shape) {
    const s = goldenOf(shape.spins, shape.extents).values;
    const p = normals(shape, 5).fill(0, 0, shape.spins === "XY" ? 1 : 3);
    return shape.spins === "XY" ? turnedInPlane(s, p, 0.7) : turnedInSpace(s, p, 0.7);
  },
  tolerance: () => 4e-15,
});

function turnedInPlane(s: Float64Array, p: Float64Array, dt: number): Float64Array {
  return s.map((_, i) => {
    const angle = Math.atan2(s[i | 1]!, s[i & ~1]!) + dt * p[i >> 1]!;
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}

/** The exponential series of dt P x, term by term. */
function turnedInSpace(s: Float64Array, p: Float64Array, dt: number): Float64Array {
  const sum = s.slice();
  let term = s.slice();
  for (let order = 1; order < 60; order++) {
    const last = term;
    term = last.map((_, i) => {
      const first = i - (i % 3);
      const [b, c] = [first + ((i + 1) % 3), first + ((i + 2) % 3)];
      return ((p[b]! * last[c]! - p[c]! * last[b]!) * dt) / order;
    });
    term.forEach((x, i) => (sum[i]! += x));
  }
  return sum;
}

describeKernel<Shape>("force of a gradient", {
  shapes: turning,
  run(on, shape) {
    const space = spaceOn(on, shape);
    const g = space.field();
    g.view().forEach((_, i, all) => (all[i] = Math.sin(i)));
    const p = drawn(space, 6);
    space.addForceOf(loaded(space), g, 0.4, p);
    return p.view().slice();
  },
  reference(shape) {
    const s = goldenOf(shape.spins, shape.extents).values;
    const g = s.map((_, i) => Math.sin(i));
    return normals(shape, 6).map((x, i) => {
      const [b, c] =
        shape.spins === "XY" ? [2 * i, 2 * i + 1] : [i - (i % 3) + ((i + 1) % 3), i - (i % 3) + ((i + 2) % 3)];
      return x - 0.4 * (s[b]! * g[c]! - s[c]! * g[b]!);
    });
  },
  tolerance: () => 1e-14,
});

describeKernel<Shape>("defect and projection", {
  shapes,
  run(on, shape) {
    const space = spaceOn(on, shape);
    const s = loaded(space);
    const cold = space.defect(space.field());
    s.view().forEach((x, i, all) => (all[i] = x * (1 + 0.01 * Math.cos(i))));
    const far = space.defect(s);
    space.project(s);
    const near = space.defect(s);
    const values = space.store(s).values;
    s.view()[s.length - 1] = Number.NaN;
    return [cold, far, near < 1e-15 ? 0 : near, space.defect(s), ...values];
  },
  reference({ spins, extents }) {
    const n = { Ising: 1, XY: 2, "O(3)": 3 }[spins];
    const s = goldenOf(spins, extents).values.map((x, i) => x * (1 + 0.01 * Math.cos(i)));
    const norms = Array.from({ length: s.length / n }, (_, i) => Math.hypot(...s.subarray(n * i, n * (i + 1))));
    const far = Math.max(...norms.map((x) => Math.abs(x * x - 1)));
    return [0, far, 0, Number.NaN, ...s.map((x, i) => x / norms[Math.floor(i / n)]!)];
  },
  tolerance: () => 2e-15,
});

describe.each(turning)("$spins on $extents", (shape) => {
  const space = spaceOn(device, shape);

  test("norms stay at one through long trajectories, and the way back returns", () => {
    const s = loaded(space);
    const p = drawn(space, 1);
    for (let i = 0; i < 50; i++) space.drift(s, p, 0.3);
    expect(space.defect(s)).toBeLessThan(1e-13);
    space.drift(s, p, -15);
    const start = goldenOf(shape.spins, shape.extents).values;
    expect(Math.max(...s.view().map((x, i) => Math.abs(x - start[i]!)))).toBeLessThan(2e-13);
    const once = loaded(space);
    space.drift(once, p, 0.3);
    expect(space.defect(once)).toBeLessThan(2e-15);
    space.drift(once, p, -0.3);
    expect(Math.max(...once.view().map((x, i) => Math.abs(x - start[i]!)))).toBeLessThan(2e-15);
  });

  test("momenta have mean 0, variance 1 and no fourth cumulant (5 sigma, false alarms below 1e-5), another draw each step", () => {
    const all = Array.from({ length: 200 }, (_, step) => drawn(space, step).view().slice());
    const x = all.flatMap((p) => Array.from(p));
    const moment = (k: number) => x.reduce((sum, v) => sum + v ** k, 0) / x.length;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(x.length));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / x.length));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / x.length));
    expect(all[0]).not.toEqual(all[1]);
  });
});

test("S . exp(dt P) S of O(3): the spin turns by |P| dt, and P along S turns nothing", () => {
  const space = spaceOn(device, { spins: "O(3)", extents: [2] });
  const s = space.field();
  const p = space.momenta();
  p.view().set([0.3, 0, 0, 0, 0, 2]);
  space.drift(s, p, 2);
  const [x, y, z, ...other] = s.view();
  expect(Math.abs(x!) + Math.abs(y! + Math.sin(0.6)) + Math.abs(z! - Math.cos(0.6))).toBeLessThan(1e-15);
  expect(other).toEqual([0, 0, 1]);
});

test("Ising spins have no momenta, and say so", () => {
  const space = spaceOn(device, { spins: "Ising", extents: [4] });
  expect(() => space.momenta()).toThrow(/Ising spins have no molecular dynamics; take a local or a cluster update/);
  const s = space.field();
  expect(() => space.addForceOf(s, s, 1, s)).toThrow(TypeError);
});

test("configurations load and store, and foreign ones are refused", () => {
  const space = spaceOn(device, { spins: "XY", extents: [4, 3] });
  const data = goldenOf("XY", [4, 3]);
  const s = space.field();
  expect(Array.from(s.view().subarray(0, 4))).toEqual([0, 1, 0, 1]);
  space.load(s, data);
  expect(space.store(s)).toEqual(data);
  expect(() => space.load(s, goldenOf("O(3)", [4, 3]))).toThrow(/the configuration is of O\(3\) spins on \[4, 3\]/);
  expect(() => space.load(s, goldenOf("XY", [3, 4]))).toThrow(/on \[3, 4\], the run of XY spins on \[4, 3\]/);
});

test("kinds of spins by name", () => {
  expect(["Ising", "z(2)", " XY", "o(2)", "Heisenberg", "O(3)"].map(parseSpins)).toEqual([
    ...["Ising", "Ising", "XY", "XY", "O(3)", "O(3)"],
  ]);
  expect(() => parseSpins("O(4)")).toThrow(/spins "O\(4\)": expected "Ising", "XY" or "O\(3\)"/);
});
