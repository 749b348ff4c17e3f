import type { Field } from "../../../lattice/field.ts";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates } from "../../../lattice/geometry.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { type Matrix, size } from "../../../numerics/complex-matrix.ts";
import { type Case, linkSpace, roughLinks } from "../../testing.contract.ts";
import { type Boundary, usualBoundary } from "../boundary.ts";
import { Staggered } from "../staggered/staggered.ts";
import { Wilson } from "../wilson/wilson.ts";

/** Operators as dense matrices, column by column, and plain linear algebra to hold the solvers against. */

/** Which numbers of the plain data of a vector are on a set of sites: positions of the real parts. */
export function positions(space: SpinorSpace, sites: Sites): number[] {
  const { components, lattice } = space;
  const parity = (site: number) => coordinates(site, lattice.extents).reduce((a, b) => a + b, 0) % 2;
  const kept: number[] = [];
  for (let site = 0; site < lattice.volume; site++)
    if (sites === "all" || (parity(site) === 0) === (sites === "even"))
      for (let c = 0; c < components; c++) kept.push(2 * (site * components + c));
  return kept;
}

/** The numbers of a vector on a set of sites. */
export function numbers(space: SpinorSpace, sites: Sites, x: Field): Float64Array {
  const data = space.store(x);
  return Float64Array.from(positions(space, sites).flatMap((at) => [data[at]!, data[at + 1]!]));
}

/** The matrix of a linear map on a set of sites. */
export function denseOf(space: SpinorSpace, sites: Sites, apply: (out: Field, x: Field) => unknown): Matrix {
  const [x, y] = [space.field(), space.field()];
  const kept = positions(space, sites);
  const n = kept.length;
  const entries = new Float64Array(2 * n * n);
  kept.forEach((at, column) => {
    const unit = new Float64Array(x.length);
    unit[at] = 1;
    space.load(x, unit);
    apply(y, x);
    const image = numbers(space, sites, y);
    for (let row = 0; row < n; row++) entries.set(image.subarray(2 * row, 2 * row + 2), 2 * (row * n + column));
  });
  x.release();
  y.release();
  return entries;
}

/** a + sigma */
export function plusIdentity(a: Matrix, sigma: number): Matrix {
  const sum = a.slice();
  const n = size(a);
  for (let i = 0; i < n; i++) sum[2 * (i * n + i)]! += sigma;
  return sum;
}

/** |x - y| / |y| */
export function relativeDistance(x: Float64Array, y: Float64Array): number {
  return Math.hypot(...x.map((v, i) => v - y[i]!)) / Math.hypot(...y);
}

/** A vector of gaussian noise on a set of sites, zero elsewhere. */
export function noisy(space: SpinorSpace, sites: Sites, seed: number): Field {
  const x = space.field();
  x.zero();
  space.draw(sites, x, "gaussian", addressedRng("solvers"), "source", seed);
  return x;
}

/** Unit links. */
export function gaugeIdentity(group: string, extents: readonly number[]): GaugeData {
  const data = roughLinks(group, extents);
  const n = data.group.n;
  const links = data.links.map((_, i) => ((i % (2 * n * n)) % (2 * n + 2) === 0 ? 1 : 0));
  return { ...data, links };
}

export interface OperatorCase extends Case {
  readonly domain: "even" | "all";
  readonly workers?: 1 | 2;
  readonly boundary?: Boundary;
  readonly links?: GaugeData;
}

/** Staggered quarks on rough links. */
export function staggered(at: OperatorCase & { mass: number }): Staggered {
  const space = linkSpace(at, at.workers);
  const boundary = at.boundary ?? usualBoundary(at.extents.length);
  const op = new Staggered(space, { mass: at.mass, boundary, domain: at.domain });
  const u = space.field();
  space.load(u, at.links ?? roughLinks(at.group, at.extents));
  op.load(u);
  u.release();
  return op;
}

/** Wilson quarks on rough links. */
export function wilson(at: OperatorCase & { kappa: number }): Wilson {
  const space = linkSpace(at, at.workers);
  const boundary = at.boundary ?? usualBoundary(at.extents.length);
  const op = new Wilson(space, { kappa: at.kappa, boundary, domain: at.domain });
  const u = space.field();
  space.load(u, at.links ?? roughLinks(at.group, at.extents));
  op.load(u);
  u.release();
  return op;
}
