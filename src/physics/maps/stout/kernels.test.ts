import type { Device } from "../../../kernels/device.ts";
import { describeKernel } from "../../../kernels/kernel.contract.ts";
import { Field } from "../../../lattice/field.ts";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates, siteAt } from "../../../lattice/geometry.ts";
import { parseGroup } from "../../../lattice/group.ts";
import { Lattice } from "../../../lattice/lattice.ts";
import { LinkSpace } from "../../../lattice/links/links.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { tracelessAntiHermitian } from "../../../numerics/algebra.ts";
import {
  add,
  dagger,
  entry,
  exponential,
  fromEntries,
  identity,
  type Matrix,
  multiply,
  multiplyDagger,
  scale,
  trace,
  zero,
} from "../../../numerics/complex-matrix.ts";
import { type LoopFamily, loopsOf } from "../../loops/families.ts";
import { type Path, reversed, rotated } from "../../loops/path.ts";
import { linkOf, pathProduct } from "../../loops/reference.ts";
import { roughLinks } from "../../testing.contract.ts";
import { stout } from "./stout.ts";

interface Shape {
  readonly group: string;
  readonly extents: readonly number[];
  readonly loops: readonly LoopFamily[];
  readonly rho: readonly number[];
  /** 0: plaquettes link by link. */
  readonly farBytes?: number;
}

const shapes: readonly Shape[] = [
  { group: "SU(3)", extents: [2, 2, 2, 2], loops: ["plaquette"], rho: [0.1] },
  { group: "SU(3)", extents: [2, 3, 2], loops: ["plaquette"], rho: [0.12], farBytes: 0 },
  { group: "SU(2)", extents: [4, 2, 3], loops: ["plaquette"], rho: [0.12] },
  { group: "SU(2)", extents: [4, 3], loops: ["plaquette", "polyakov"], rho: [0.12, 0.3], farBytes: 0 },
  { group: "SU(3)", extents: [3, 2, 2], loops: ["plaquette", "rectangle", "chair"], rho: [0.15, -0.05, 0.04] },
  { group: "SU(3)", extents: [4, 3], loops: ["polyakov", "plaquette"], rho: [0.4, 0.1] },
  // so strong that the exponential is scaled and squared
  { group: "SU(2)", extents: [4, 4], loops: ["plaquette", "polyakov-x"], rho: [1.3, 0.8] },
  { group: "SU(4)", extents: [2, 3], loops: ["rectangle"], rho: [0.2] },
  { group: "SU(5)", extents: [2, 2, 2], loops: ["plaquette"], rho: [0.3] },
  { group: "U(1)", extents: [3, 5], loops: ["plaquette", "polyakov"], rho: [0.6, 0.2] },
  { group: "SU(3)", extents: [1, 4], loops: ["plaquette", "polyakov-x"], rho: [0.1, 0.2] },
  { group: "SU(2)", extents: [5], loops: ["polyakov"], rho: [0.7] },
];

const cotangentOf = (shape: Shape): GaugeData => {
  const data = roughLinks(shape.group, shape.extents);
  const stream = addressedRng("stout kernels").at("cotangent", 0);
  return { ...data, links: data.links.map(() => stream.normal()) };
};

/** Image, pulled-back cotangent and gradient. */
function run(device: Device, shape: Shape): Float64Array {
  const space = new LinkSpace(new Lattice(device, shape.extents), parseGroup(shape.group));
  const [u, delta] = [space.field(), new Field(device, space.length)];
  space.load(u, roughLinks(shape.group, shape.extents));
  space.load(delta, cotangentOf(shape));
  const map = stout(space, { layers: 1, loops: shape.loops, rho: shape.rho, farBytes: shape.farBytes });
  const image = map.apply(u);
  const gradient = new Float64Array(shape.loops.length);
  const links = space.store(image.field).links;
  image.pull(delta, gradient);
  const out = Float64Array.of(...links, ...space.store(delta).links, ...gradient);
  image.release();
  map.release();
  for (const field of [u, delta]) field.release();
  return out;
}

/** The open paths from n to n + mu: what each loop through U_mu(n)^dagger leaves, every path once. */
function openPaths(loops: readonly Path[], mu: number): readonly Path[] {
  const found = new Map<string, Path>();
  for (const loop of loops)
    for (const oriented of [loop, reversed(loop)])
      oriented.forEach((step, i) => {
        const path = rotated(oriented, i).slice(1);
        if (step === -(mu + 1)) found.set(path.join(), path);
      });
  return [...found.values()];
}

/** Derivative of exp at q along w, from the block matrix (q w; 0 q). */
function exponentialDerivative(q: Matrix, w: Matrix): Matrix {
  const n = Math.round(Math.sqrt(q.length / 2));
  const block = fromEntries(2 * n, (i, j) => {
    if (i < n && j >= n) return entry(w, i, j - n);
    return i >= n === j >= n ? entry(q, i % n, j % n) : [0, 0];
  });
  const e = exponential(block);
  return fromEntries(n, (i, j) => entry(e, i, j + n));
}

/**
 * Forward and backward as they are written down: every path on its own, and every factor X_j = W_{j+1} … W_k G W_1 … W_{j-1}
 * of every path put where its link is.
 */
function reference(shape: Shape): Float64Array {
  const data = roughLinks(shape.group, shape.extents);
  const cotangent = cotangentOf(shape);
  const d = shape.extents.length;
  const { n } = data.group;
  const size = 2 * n * n;
  const volume = data.links.length / size / d;
  const image = new Float64Array(data.links.length);
  const delta = new Float64Array(data.links.length);
  const gradient = new Float64Array(shape.loops.length);
  const addTo = (site: number, mu: number, x: Matrix) =>
    x.forEach((value, i) => {
      delta[(site * d + mu) * size + i]! += value;
    });
  const families = shape.loops.map((family) =>
    shape.extents.map((_, mu) => openPaths(loopsOf(family, shape.extents), mu)),
  );
  for (let site = 0; site < volume; site++)
    for (let mu = 0; mu < d; mu++) {
      const u = linkOf(data, site, mu);
      const c = families.reduce(
        (sum, paths, i) =>
          paths[mu]!.reduce((inner, path) => add(inner, scale(pathProduct(data, site, path), shape.rho[i]!)), sum),
        zero(n),
      );
      const q = tracelessAntiHermitian(multiplyDagger(c, u));
      const e = exponential(q);
      image.set(multiply(e, u), (site * d + mu) * size);
      const prime = linkOf(cotangent, site, mu);
      const lambda = tracelessAntiHermitian(exponentialDerivative(q, multiply(u, prime)));
      addTo(site, mu, add(multiply(prime, e), scale(multiply(dagger(c), lambda), -1)));
      const g = multiply(dagger(u), lambda);
      families.forEach((paths, i) => {
        for (const path of paths[mu]!) {
          gradient[i]! += trace(multiply(g, pathProduct(data, site, path)))[0];
          let before = identity(n);
          let x = coordinates(site, shape.extents);
          path.forEach((step, j) => {
            const nu = Math.abs(step) - 1;
            const next = x.map((value, axis) => (axis === nu ? value + Math.sign(step) : value));
            const after = pathProduct(data, siteAt(next, shape.extents), path.slice(j + 1));
            const part = scale(multiply(multiply(after, g), before), shape.rho[i]!);
            if (step > 0) addTo(siteAt(x, shape.extents), nu, part);
            else addTo(siteAt(next, shape.extents), nu, dagger(part));
            before = multiply(before, pathProduct(data, siteAt(x, shape.extents), [step]));
            x = next;
          });
        }
      });
    }
  return Float64Array.of(...image, ...delta, ...gradient);
}

describeKernel<Shape>("stout layer, its pull-back and gradient", {
  shapes,
  run,
  reference,
  // sums of tens of products of numbers of order one
  tolerance: (expected) => 2e-13 * Math.max(1, Math.abs(expected)),
});
