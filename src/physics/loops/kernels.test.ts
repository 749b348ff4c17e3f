import type { Device } from "../../kernels/device.ts";
import { describeKernel } from "../../kernels/kernel.contract.ts";
import type { GaugeData } from "../../lattice/gauge-data.ts";
import { parseGroup } from "../../lattice/group.ts";
import { Lattice } from "../../lattice/lattice.ts";
import { LinkSpace } from "../../lattice/links/links.ts";
import { addressedRng } from "../../numerics/addressed-random.ts";
import { coordinates } from "../../numerics/algebra.ts";
import { add, haarRandom, zero } from "../../numerics/complex-matrix.ts";
import { plaquetteSums, wilsonGauge } from "../actions/wilson-gauge/wilson-gauge.ts";
import { loopSumReference, pathProduct } from "./reference.ts";

interface Shape {
  readonly group: string;
  readonly extents: readonly number[];
}

const shapes: readonly Shape[] = [
  { group: "SU(2)", extents: [4, 2, 4, 2] },
  { group: "SU(3)", extents: [2, 4, 2, 2] },
  { group: "SU(3)", extents: [3, 5] },
  { group: "SU(3)", extents: [3, 2, 4] },
  { group: "SU(3)", extents: [1, 4, 3] },
  { group: "SU(4)", extents: [2, 3, 2] },
  { group: "SU(5)", extents: [4, 2] },
  { group: "U(1)", extents: [6, 6] },
  { group: "U(1)", extents: [3, 3, 3, 3] },
];

const volumeOf = ({ extents }: Shape) => extents.reduce((a, b) => a * b, 1);

function haarData(shape: Shape): GaugeData {
  const group = parseGroup(shape.group);
  const rng = addressedRng("loop-kernels");
  const links = Array.from({ length: volumeOf(shape) * shape.extents.length }, (_, i) => [
    ...haarRandom(group.n, group.special, rng.at("links", 0, i)),
  ]);
  return { group, extents: shape.extents, links: Float64Array.from(links.flat()) };
}

function loaded(device: Device, shape: Shape) {
  const space = new LinkSpace(new Lattice(device, shape.extents), parseGroup(shape.group));
  const u = space.field();
  space.load(u, haarData(shape));
  return { space, u };
}

describeKernel<Shape>("plaquette sums", {
  shapes,
  run(device, shape) {
    const { space, u } = loaded(device, shape);
    const sums = plaquetteSums(space, u.address);
    u.release();
    return sums;
  },
  reference(shape) {
    const data = haarData(shape);
    const sums: number[] = [];
    for (let mu = 1; mu <= shape.extents.length; mu++)
      for (let nu = mu + 1; nu <= shape.extents.length; nu++) sums.push(loopSumReference(data, [mu, nu, -mu, -nu]).re);
    return sums;
  },
  tolerance: (_, shape) => 1e-14 * volumeOf(shape),
});

/** p_a = w c_a(sum of the plaquettes that begin with this link), in site order. */
function forceReference(shape: Shape, w: number): Float64Array {
  const data = haarData(shape);
  const d = shape.extents.length;
  const { n, generators } = data.group;
  const out = new Float64Array(volumeOf(shape) * d * generators);
  for (let site = 0; site < volumeOf(shape); site++)
    for (let mu = 1; mu <= d; mu++) {
      let sum = zero(n);
      for (let nu = 1; nu <= d; nu++)
        if (nu !== mu) for (const side of [nu, -nu]) sum = add(sum, pathProduct(data, site, [mu, side, -mu, -side]));
      out.set(
        coordinates(sum).map((c) => w * c),
        (site * d + mu - 1) * generators,
      );
    }
  return out;
}

describeKernel<Shape>("force of the Wilson action", {
  shapes,
  run(device, shape) {
    const { space, u } = loaded(device, shape);
    const p = space.momenta();
    const action = wilsonGauge(space, 2.6);
    const configuration = { space, field: u, auxiliary: new Map() };
    action.addForce(configuration, 0.5, p);
    action.addForce(configuration, 0.25, p); // it adds
    const { lanes, sites } = space.lattice.geometry;
    const count = space.lattice.dimension * space.group.generators;
    const out = new Float64Array(p.length);
    p.view().forEach((x, at) => {
      const [block, rest] = [Math.floor(at / (count * lanes)), at % (count * lanes)];
      out[sites[block * lanes + (rest % lanes)]! * count + Math.floor(rest / lanes)] = x;
    });
    u.release();
    p.release();
    return out;
  },
  // F = -(beta / 2N) c_a(U A)
  reference: (shape) => forceReference(shape, (0.75 * -2.6) / (2 * parseGroup(shape.group).n)),
  tolerance: () => 1e-13,
});
