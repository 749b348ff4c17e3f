import type { Field } from "../../../lattice/field.ts";
import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates } from "../../../lattice/geometry.ts";
import type { Sites, SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import { addressedRng } from "../../../numerics/addressed-random.ts";
import { type Case, linkSpace, roughLinks } from "../../testing.contract.ts";
import { type Boundary, usualBoundary } from "../boundary.ts";
import { Staggered } from "../staggered/staggered.ts";
import { Wilson } from "../wilson/wilson.ts";

/** Operators as dense matrices, column by column, and plain linear algebra to hold the solvers against. */

/** A complex matrix, [row][column][re, im]. */
export interface Dense {
  readonly n: number;
  readonly entries: Float64Array;
}

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
export function denseOf(space: SpinorSpace, sites: Sites, apply: (out: Field, x: Field) => unknown): Dense {
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
  return { n, entries };
}

/** a + sigma */
export function plusIdentity(a: Dense, sigma: number): Dense {
  const entries = a.entries.slice();
  for (let i = 0; i < a.n; i++) entries[2 * (i * a.n + i)]! += sigma;
  return { n: a.n, entries };
}

/** x with a x = b, by elimination with pivots. */
export function denseSolve(a: Dense, b: Float64Array): Float64Array {
  const { n } = a;
  const [m, x] = [a.entries.slice(), b.slice()];
  const at = (i: number, j: number) => 2 * (i * n + j);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++)
      if (Math.hypot(m[at(i, k)]!, m[at(i, k) + 1]!) > Math.hypot(m[at(pivot, k)]!, m[at(pivot, k) + 1]!)) pivot = i;
    for (let j = 0; j < 2 * n; j++)
      [m[2 * k * n + j], m[2 * pivot * n + j]] = [m[2 * pivot * n + j]!, m[2 * k * n + j]!];
    for (const part of [0, 1]) [x[2 * k + part], x[2 * pivot + part]] = [x[2 * pivot + part]!, x[2 * k + part]!];
    const [pr, pi] = [m[at(k, k)]!, m[at(k, k) + 1]!];
    const size = pr * pr + pi * pi;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const [ar, ai] = [m[at(i, k)]!, m[at(i, k) + 1]!];
      const [fr, fi] = [(ar * pr + ai * pi) / size, (ai * pr - ar * pi) / size];
      if (fr === 0 && fi === 0) continue;
      for (let j = k; j < n; j++) {
        const [ur, ui] = [m[at(k, j)]!, m[at(k, j) + 1]!];
        m[at(i, j)]! -= fr * ur - fi * ui;
        m[at(i, j) + 1]! -= fr * ui + fi * ur;
      }
      const [xr, xi] = [x[2 * k]!, x[2 * k + 1]!];
      x[2 * i]! -= fr * xr - fi * xi;
      x[2 * i + 1]! -= fr * xi + fi * xr;
    }
  }
  for (let k = 0; k < n; k++) {
    const [pr, pi] = [m[at(k, k)]!, m[at(k, k) + 1]!];
    const [xr, xi] = [x[2 * k]!, x[2 * k + 1]!];
    const size = pr * pr + pi * pi;
    x[2 * k] = (xr * pr + xi * pi) / size;
    x[2 * k + 1] = (xi * pr - xr * pi) / size;
  }
  return x;
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
