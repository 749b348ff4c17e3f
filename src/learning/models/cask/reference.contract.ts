import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates, siteAt } from "../../../lattice/geometry.ts";
import { tracelessAntiHermitian } from "../../../numerics/algebra.ts";
import {
  add,
  dagger,
  exponential,
  type Matrix,
  multiply,
  multiplyDagger,
  scale,
  trace,
  zero,
} from "../../../numerics/complex-matrix.ts";
import { loopsOf } from "../../../physics/loops/families.ts";
import { type Path, reversed, rotated } from "../../../physics/loops/path.ts";
import { linkOf, pathProduct } from "../../../physics/loops/reference.ts";
import { mapLinks } from "../../../physics/testing.contract.ts";
import { type NetLoop, tiedLoops } from "../covariant-net/loops.ts";

/** The layer as it is written down, plain and slow: the truth that the kernels are compared with. */

export interface LayerShape {
  readonly heads: number;
  readonly range: number;
  readonly loops: readonly NetLoop[];
  readonly final: readonly NetLoop[];
}

/** U_out of one layer; the weights in their order: final, then query, key and value of every head. */
export function referenceLayer(u: GaugeData, shape: LayerShape, weights: readonly number[]): GaugeData {
  const { heads, range, loops, final } = shape;
  const rest = [...weights];
  const [last, ...roles] = [final, ...Array.from({ length: 3 * heads }, () => loops)].map((list) =>
    rest.splice(0, list.length),
  );
  const exponent = new Map<string, Matrix>();
  for (let head = 0; head < heads; head++) {
    const [query, key, value] = roles.slice(3 * head, 3 * head + 3).map((rho) => smeared(u, u, loops, rho));
    mapLinks(u, (x, mu) => {
      const site = siteAt(x, u.extents);
      const c = dagger(weightedStaples(value!, x, mu, range, (nu, s) => attention(u, query!, key!, x, mu, nu, s)));
      const q = tracelessAntiHermitian(multiplyDagger(c, linkOf(value!, site, mu)));
      const place = `${site},${mu}`;
      exponent.set(place, add(exponent.get(place) ?? zero(u.group.n), q));
      return q;
    });
  }
  const attended = mapLinks(u, (x, mu) => {
    const site = siteAt(x, u.extents);
    return multiply(exponential(exponent.get(`${site},${mu}`)!), linkOf(u, site, mu));
  });
  return final.length > 0 ? smeared(attended, u, final, last!) : attended;
}

/** a = tan(pi a~ / (4 (N + 0.01))), a~ = Re tr[U^Q_mu V[U^K]] - Re tr[U_mu V[U]], V the extended staple. */
export function attention(
  u: GaugeData,
  query: GaugeData,
  key: GaugeData,
  x: readonly number[],
  mu: number,
  nu: number,
  s: number,
): number {
  const site = siteAt(x, u.extents);
  const closed = (link: GaugeData, staple: GaugeData) =>
    trace(multiply(linkOf(link, site, mu), upper(staple, x, mu, nu, s)))[0];
  return Math.tan((Math.PI * (closed(query, key) - closed(u, u))) / (4 * (u.group.n + 0.01)));
}

/** sum over nu and s of a (upper + lower extended staple), paths from n + mu to n. */
function weightedStaples(
  u: GaugeData,
  x: readonly number[],
  mu: number,
  range: number,
  weight: (nu: number, s: number) => number,
): Matrix {
  let sum = zero(u.group.n);
  for (let nu = 0; nu < u.extents.length; nu++)
    for (let s = 1; s <= range && nu !== mu; s++) {
      const both = add(upper(u, x, mu, nu, s), lower(u, x, mu, nu, s));
      sum = add(sum, scale(both, weight(nu, s)));
    }
  return sum;
}

const steps = (step: number, count: number): number[] => Array<number>(count).fill(step);
const ahead = (x: readonly number[], mu: number, extents: readonly number[]) =>
  siteAt(
    x.map((c, nu) => (nu === mu ? c + 1 : c)),
    extents,
  );
const upper = (u: GaugeData, x: readonly number[], mu: number, nu: number, s: number) =>
  pathProduct(u, ahead(x, mu, u.extents), [...steps(nu + 1, s), -mu - 1, ...steps(-nu - 1, s)]);
const lower = (u: GaugeData, x: readonly number[], mu: number, nu: number, s: number) =>
  pathProduct(u, ahead(x, mu, u.extents), [...steps(-nu - 1, s), -mu - 1, ...steps(nu + 1, s)]);

/** exp(TA(C[u] u^dagger)) base: stout smearing that may multiply other links than those that it is made of. */
export function smeared(
  u: GaugeData,
  base: GaugeData,
  loops: readonly NetLoop[],
  weights: readonly number[],
): GaugeData {
  const { families, owner } = tiedLoops(loops, u.extents.length);
  const paths = families.map((family) => u.extents.map((_, mu) => openPaths(loopsOf(family, u.extents), mu)));
  return mapLinks(u, (x, mu) => {
    const site = siteAt(x, u.extents);
    let c = zero(u.group.n);
    paths.forEach((list, i) => {
      for (const path of list[mu]!) c = add(c, scale(pathProduct(u, site, path), weights[owner[i]!]!));
    });
    const q = tracelessAntiHermitian(multiplyDagger(c, linkOf(u, site, mu)));
    return multiply(exponential(q), linkOf(base, site, mu));
  });
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

/** Largest difference of any number of two configurations. */
export const farthest = (a: GaugeData, b: GaugeData): number =>
  a.links.reduce((most, value, i) => Math.max(most, Math.abs(value - b.links[i]!)), 0);

/** Coordinates of all sites. */
export const everySite = (extents: readonly number[]): number[][] =>
  Array.from({ length: extents.reduce((a, b) => a * b, 1) }, (_, site) => coordinates(site, extents));
