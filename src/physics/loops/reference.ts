import type { GaugeData } from "../../lattice/gauge-data.ts";
import { coordinates, siteAt } from "../../lattice/geometry.ts";
import { dagger, identity, type Matrix, multiply } from "../../numerics/complex-matrix.ts";
import type { Path } from "./path.ts";

/** U_mu of a site (mu from 0) as a matrix. Plain and slow: the truth that the kernels are compared with. */
export function linkOf(data: GaugeData, site: number, mu: number): Matrix {
  const size = 2 * data.group.n ** 2;
  const start = (site * data.extents.length + mu) * size;
  return data.links.slice(start, start + size);
}

/** The ordered product of links along a path from `site`; a step backwards gives the daggered link. */
export function pathProduct(data: GaugeData, site: number, path: Path): Matrix {
  let product = identity(data.group.n);
  let x = coordinates(site, data.extents);
  for (const step of path) {
    const mu = Math.abs(step) - 1;
    const next = x.map((c, d) => (d === mu ? c + Math.sign(step) : c));
    const link =
      step > 0 ? linkOf(data, siteAt(x, data.extents), mu) : dagger(linkOf(data, siteAt(next, data.extents), mu));
    product = multiply(product, link);
    x = next;
  }
  return product;
}

/** sum_n tr w(n), (re, im), of a closed loop. */
export function loopSumReference(data: GaugeData, path: Path): { re: number; im: number } {
  const volume = data.extents.reduce((a, b) => a * b, 1);
  const { n } = data.group;
  let re = 0;
  let im = 0;
  for (let site = 0; site < volume; site++) {
    const w = pathProduct(data, site, path);
    for (let i = 0; i < n; i++) {
      re += w[2 * (i * n + i)]!;
      im += w[2 * (i * n + i) + 1]!;
    }
  }
  return { re, im };
}
