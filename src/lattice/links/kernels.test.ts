import type { Device } from "../../kernels/device.ts";
import { describeKernel } from "../../kernels/kernel.contract.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { fromCoordinates } from "../../numerics/algebra.ts";
import {
  daggerMultiply,
  distance,
  exponential,
  haarRandom,
  identity,
  multiply,
} from "../../numerics/complex-matrix.ts";
import type { Field } from "../field.ts";
import type { GaugeData } from "../gauge-data.ts";
import { parseGroup } from "../group.ts";
import { Lattice } from "../lattice.ts";
import { LinkSpace } from "./links.ts";

interface Shape {
  readonly group: string;
  readonly extents: readonly number[];
  readonly lanes?: 1;
}

const shapes: readonly Shape[] = [
  { group: "SU(2)", extents: [4, 4, 2, 4] },
  { group: "SU(3)", extents: [2, 2, 2, 2] },
  { group: "SU(3)", extents: [4, 6], lanes: 1 },
  { group: "SU(3)", extents: [3, 5, 3] },
  { group: "SU(3)", extents: [1, 7] },
  { group: "SU(4)", extents: [3, 2, 4] },
  { group: "SU(5)", extents: [5] },
  { group: "SU(6)", extents: [1, 1, 2, 2] },
  { group: "U(1)", extents: [8, 9] },
  { group: "U(1)", extents: [1] },
];
const rng = addressedRng("link-kernels", 2);

function spaceOn(device: Device, { extents, group, lanes }: Shape): LinkSpace {
  return new LinkSpace(new Lattice(device, extents, lanes), parseGroup(group));
}
const volumeOf = ({ extents }: Shape) => extents.reduce((a, b) => a * b, 1);

/** Haar-random links in ILDG order. */
function haarData(shape: Shape): GaugeData {
  const group = parseGroup(shape.group);
  const links = Array.from({ length: volumeOf(shape) * shape.extents.length }, (_, i) => [
    ...haarRandom(group.n, group.special, rng.at("links", 0, i)),
  ]);
  return { group, extents: shape.extents, links: Float64Array.from(links.flat()) };
}

/** Momenta in site order: [site][mu][a]. */
function momentaOf({ lattice, group }: LinkSpace, p: Field): Float64Array {
  const { lanes, sites, blocks } = lattice.geometry;
  const count = lattice.dimension * group.generators;
  const out = new Float64Array(p.length);
  const values = p.view();
  for (let block = 0; block < blocks; block++)
    for (let lane = 0; lane < lanes; lane++)
      for (let i = 0; i < count; i++)
        out[sites[block * lanes + lane]! * count + i] = values[(block * count + i) * lanes + lane]!;
  return out;
}

function normals(shape: Shape, step: number): Float64Array {
  const count = shape.extents.length * parseGroup(shape.group).generators;
  return Float64Array.from(
    Array.from({ length: volumeOf(shape) }, (_, site) => {
      const stream = rng.at("momenta", step, site);
      return Array.from({ length: count }, () => stream.normal());
    }).flat(),
  );
}

/** Momenta of the field, drawn at `step`. */
function draw(space: LinkSpace, step: number): Field {
  const p = space.momenta();
  space.drawMomenta(p, rng, step);
  return p;
}

describeKernel<Shape>("momenta", {
  shapes,
  run(device, shape) {
    const space = spaceOn(device, shape);
    const p = draw(space, 5);
    const out = momentaOf(space, p);
    p.release();
    return out;
  },
  reference: (shape) => normals(shape, 5),
  // the radius is below 9; its relative error and that of the angle are a few roundings
  tolerance: () => 1e-14,
});

describeKernel<Shape>("linear combinations and kinetic energy", {
  shapes,
  run(device, shape) {
    const space = spaceOn(device, shape);
    const [x, y] = [draw(space, 1), draw(space, 2)];
    space.addScaled(y, x, 0.3);
    space.scaleAdd(y, -1.7, x);
    const out = Float64Array.of(...momentaOf(space, y), space.kinetic(y));
    x.release();
    y.release();
    return out;
  },
  reference(shape) {
    const [x, y] = [normals(shape, 1), normals(shape, 2)];
    const combined = y.map((value, i) => x[i]! - 1.7 * (value + 0.3 * x[i]!));
    return Float64Array.of(
      ...combined,
      combined.reduce((sum, p) => sum + (p * p) / 2, 0),
    );
  },
  tolerance: (expected) => 1e-13 * Math.max(1, Math.abs(expected)),
});

describeKernel<Shape>("drift", {
  shapes,
  run(device, shape) {
    const space = spaceOn(device, shape);
    const [u, p] = [space.field(), draw(space, 3)];
    space.load(u, haarData(shape));
    space.drift(u, p, 0.2);
    const { links } = space.store(u);
    u.release();
    p.release();
    return links;
  },
  reference(shape) {
    const { group, links } = haarData(shape);
    const p = normals(shape, 3).map((x) => 0.2 * x);
    const size = 2 * group.n ** 2;
    const out = new Float64Array(links.length);
    for (let link = 0; link < links.length / size; link++) {
      const c = p.subarray(link * group.generators, (link + 1) * group.generators);
      const moved = multiply(exponential(fromCoordinates(group.n, c)), links.slice(link * size, (link + 1) * size));
      out.set(moved, link * size);
    }
    return out;
  },
  tolerance: () => 1e-14,
});

describeKernel<Shape>("defect", {
  shapes,
  run(device, shape) {
    const space = spaceOn(device, shape);
    const u = space.field();
    const cold = space.defect(u);
    const data = haarData(shape);
    const bent = data.links.map((x, i) => x + 0.01 * Math.sin(i));
    space.load(u, { ...data, links: bent });
    const far = space.defect(u);
    space.project(u);
    const near = space.defect(u);
    bent[bent.length - 1] = Number.NaN;
    space.load(u, { ...data, links: bent });
    const broken = space.defect(u);
    u.release();
    return [cold, far, near < 1e-14 ? 0 : near, broken];
  },
  reference(shape) {
    const { group, links } = haarData(shape);
    const size = 2 * group.n ** 2;
    let worst = 0;
    for (let start = 0; start < links.length; start += size) {
      const u = links.slice(start, start + size).map((x, i) => x + 0.01 * Math.sin(start + i));
      // U U^+ and U^+ U have other entries: that of the kernel is U U^+
      const row = Float64Array.from(u.keys(), (i) => transposed(u, group.n, i));
      worst = Math.max(worst, distance(daggerMultiply(row, row), identity(group.n)));
    }
    return [0, worst, 0, Number.NaN];
  },
  tolerance: () => 1e-14,
});

/** Number i of the transposed matrix, so that (U^T)^+ U^T = (U U^+)^T. */
function transposed(u: Float64Array, n: number, i: number): number {
  const [entry, part] = [Math.floor(i / 2), i % 2];
  return u[2 * ((entry % n) * n + Math.floor(entry / n)) + part]!;
}
