import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { openDevice } from "../kernels/node.ts";
import type { Field } from "../lattice/field.ts";
import type { GaugeData } from "../lattice/gauge-data.ts";
import { coordinates, siteAt } from "../lattice/geometry.ts";
import { parseGroup } from "../lattice/group.ts";
import { Lattice } from "../lattice/lattice.ts";
import { LinkSpace } from "../lattice/links/links.ts";
import type { Configuration } from "../lattice/space.ts";
import { addressedRng } from "../numerics/addressed-random.ts";
import { dagger, haarRandom, type Matrix, multiply } from "../numerics/complex-matrix.ts";
import { readConfiguration } from "../storage/formats/index.ts";
import { linkOf } from "./loops/reference.ts";
import { hotLinks } from "./starts/hot.ts";

/** Small configurations, their symmetries, and the stored ones of other codes: what the tests of physics stand on. */

/** Group, lattice and, where it is forced, one lane. */
export interface Case {
  readonly group: string;
  readonly extents: readonly number[];
  readonly lanes?: 1 | undefined;
}

const on = (group: string, extents: readonly number[], lanes?: 1): Case => ({ group, extents, lanes });

/** Every group and dimension, even and odd extents, one and two lanes, extents 1 and 2. */
export const cases: readonly Case[] = [
  on("SU(3)", [4, 2, 2, 4]),
  on("SU(3)", [4, 3, 2, 2], 1),
  on("SU(2)", [3, 4, 2]),
  on("SU(2)", [3, 3, 3]),
  on("SU(4)", [4, 6]),
  on("SU(6)", [2, 2, 3]),
  on("U(1)", [4, 4, 2, 2]),
  on("U(1)", [5, 3]),
];

export const sharedData = fileURLToPath(new URL("../../../shared/configs/", import.meta.url));
/** Tests on stored configurations are skipped where ../shared/configs is not beside the repository. */
export const hasSharedData = existsSync(sharedData);

const one = openDevice({ workers: 1 });
const two = openDevice({ workers: 2 });

/** Links on one worker, or on two. */
export function linkSpace({ group, extents, lanes }: Case, workers: 1 | 2 = 1): LinkSpace {
  return new LinkSpace(new Lattice(workers === 1 ? one : two, extents, lanes), parseGroup(group));
}

export function configuration(space: LinkSpace, data?: GaugeData): Configuration & { field: Field } {
  const field = space.field();
  if (data) space.load(field, data);
  return { space, field, auxiliary: new Map() };
}

/** Rough but not random links: Haar-random, so every entry matters. */
export const roughLinks = (group: string, extents: readonly number[], seed = 0): GaugeData =>
  hotLinks(parseGroup(group), extents, addressedRng("rough", seed));

/** Links not far from 1: unit links moved by exp(width P) with normal P. */
export function smoothLinks(space: LinkSpace, width: number, seed = 0): GaugeData {
  const u = space.field();
  const p = space.momenta();
  space.drawMomenta(p, addressedRng("smooth", seed), 0);
  space.drift(u, p, width);
  const data = space.store(u);
  u.release();
  p.release();
  return data;
}

/** The links as functions of a site's coordinates: link(x, mu). */
export function mapLinks(data: GaugeData, link: (x: readonly number[], mu: number) => Matrix): GaugeData {
  const d = data.extents.length;
  const size = 2 * data.group.n ** 2;
  const links = new Float64Array(data.links.length);
  for (let site = 0; site * d * size < links.length; site++)
    for (let mu = 0; mu < d; mu++) links.set(link(coordinates(site, data.extents), mu), (site * d + mu) * size);
  return { ...data, links };
}

/** U_mu(n) -> G(n) U_mu(n) G(n + mu)^dagger with Haar-random G. */
export function gaugeTransformed(data: GaugeData): GaugeData {
  const { group, extents } = data;
  const rng = addressedRng("gauge", 0);
  const g = (x: readonly number[]) => haarRandom(group.n, group.special, rng.at("gauge", 0, siteAt(x, extents)));
  return mapLinks(data, (x, mu) => {
    const ahead = x.map((c, nu) => c + (nu === mu ? 1 : 0));
    return multiply(multiply(g(x), linkOf(data, siteAt(x, extents), mu)), dagger(g(ahead)));
  });
}

/** U_mu(n) -> U_mu(n + a) */
export const translated = (data: GaugeData, a: readonly number[]): GaugeData =>
  mapLinks(data, (x, mu) => {
    const source = siteAt(
      x.map((c, nu) => c + a[nu]!),
      data.extents,
    );
    return linkOf(data, source, mu);
  });

/**
 * The same configuration with its directions in another order: direction mu of the result is direction order[mu] of
 * `data`, so that U'_mu(x') = U_order[mu](x) with x'_mu = x_order[mu].
 */
export function permuted(data: GaugeData, order: readonly number[]): GaugeData {
  const extents = order.map((mu) => data.extents[mu]!);
  return mapLinks({ ...data, extents }, (x, mu) => {
    const source = data.extents.map((_, nu) => x[order.indexOf(nu)]!);
    return linkOf(data, siteAt(source, data.extents), order[mu]!);
  });
}

/** The same configuration twice, side by side in the first direction. */
export const doubled = (data: GaugeData): GaugeData => {
  const extents = data.extents.map((n, mu) => (mu === 0 ? 2 * n : n));
  const large = { ...data, extents, links: new Float64Array(2 * data.links.length) };
  return mapLinks(large, (x, mu) => linkOf(data, siteAt(x, data.extents), mu));
};

/** a and b agree to a fraction of their size (of `scale`, where they may be small by cancellation). */
export function expectClose(a: number, b: number, tolerance: number, scale = Math.max(Math.abs(a), Math.abs(b))): void {
  const difference = Math.abs(a - b);
  expect(difference, `${a} against ${b}`).toBeLessThanOrEqual(tolerance * scale);
}

/** A stored configuration of another code. */
export function storedLinks(file: string, group: string, extents: readonly number[]): GaugeData {
  const bytes = readFileSync(sharedData + file);
  return readConfiguration(bytes, file, { group: parseGroup(group), extents }).data;
}
