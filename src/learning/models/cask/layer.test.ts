import type { Device } from "../../../kernels/device.ts";
import { describeKernel } from "../../../kernels/kernel.contract.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { roughLinks } from "../../../physics/testing.contract.ts";
import { cask } from "./cask.ts";
import { type LayerShape, referenceLayer } from "./reference.contract.ts";

interface Shape extends LayerShape {
  readonly group: string;
  readonly extents: readonly number[];
  /** One array a layer. */
  readonly rho: readonly (readonly number[])[];
}

const plain = { heads: 1, range: 3, loops: ["plaquette"], final: ["plaquette"] } as const;

const shapes: readonly Shape[] = [
  { ...plain, group: "SU(2)", extents: [4, 2, 2, 4], rho: [[0.2, 0.3, -0.2, 0.1]] },
  { ...plain, group: "SU(3)", extents: [2, 3, 4], rho: [[0.1, 0.3, -0.4, 0.2]] },
  { ...plain, group: "SU(3)", extents: [5, 3], final: [], rho: [[0.3, -0.4, 0.2]] },
  {
    ...plain,
    group: "SU(2)",
    extents: [3, 4],
    range: 2,
    heads: 2,
    rho: [
      [0.15, 0.3, 0.2, -0.1, -0.2, 0.1, 0.3],
      [-0.1, 0.2, 0.2, -0.3, 0.2, 0.1, -0.1],
    ],
  },
  {
    group: "SU(3)",
    extents: [2, 2, 4],
    heads: 1,
    range: 1,
    loops: ["plaquette", "polyakov-space", "polyakov-t"],
    final: ["rectangle", "chair"],
    rho: [[0.1, -0.07, 0.1, 0.3, -0.2, -0.15, 0.2, 0.1, 0.2, 0.1, 0.2]],
  },
  { ...plain, group: "SU(4)", extents: [2, 4], rho: [[0.1, 0.3, -0.2, 0.2]] },
  { ...plain, group: "SU(5)", extents: [3, 2], range: 2, rho: [[0.1, 0.3, -0.2, 0.2]] },
  { ...plain, group: "U(1)", extents: [3, 5], rho: [[0.2, 0.05, -0.05, 0.2]] },
];

describeKernel<Shape>("cask, against the layer as it is written down", {
  shapes,
  run(device: Device, shape) {
    const space = new LinkSpace(new Lattice(device, shape.extents), parseGroup(shape.group));
    const u = space.field();
    space.load(u, roughLinks(shape.group, shape.extents));
    const map = cask(space, { ...shape, layers: shape.rho.length, rho: shape.rho.flat() });
    const image = map.apply(u);
    const { links } = space.store(image.field);
    image.release();
    map.release();
    u.release();
    return links;
  },
  reference: (shape) =>
    shape.rho.reduce((u, rho) => referenceLayer(u, shape, rho), roughLinks(shape.group, shape.extents)).links,
  // sums of tens of products of numbers of order one, and a tangent of up to ten
  tolerance: () => 2e-12,
});
