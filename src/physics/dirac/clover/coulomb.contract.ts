import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { coordinates, parity, siteAt } from "../../../lattice/geometry.ts";

/**
 * Coulomb gauge: the maximum of F = sum of Re tr U_i over the spatial links, by SU(2) rotations of one site after the
 * other, overrelaxed (J. E. Mandula, M. Ogilvie, Phys. Lett. B 248 (1990) 156). Sums per site and link are divided by N.
 */
export function coulombFixed(data: GaugeData, omega = 1.8, tolerance = 1e-14): { data: GaugeData; functional: number } {
  const fixed = { ...data, links: data.links.slice() };
  const volume = data.extents.reduce((a, b) => a * b, 1);
  const sites = Array.from({ length: volume }, (_, site) => site);
  const order = [0, 1].flatMap((colour) => sites.filter((site) => parity(site, data.extents) === colour));
  let functional = spatialTrace(fixed);
  for (let sweep = 0; sweep < 2000; sweep++) {
    const before = functional;
    for (const site of order) relaxSite(fixed, site, omega);
    functional = spatialTrace(fixed);
    if (Math.abs(functional - before) < tolerance) return { data: fixed, functional };
  }
  throw new Error(`Coulomb gauge not reached: F = ${functional}`);
}

/** Mean of Re tr U_i / N over the links of all directions but the last. */
function spatialTrace({ links, extents, group: { n } }: GaugeData): number {
  const d = extents.length;
  let [sum, count] = [0, 0];
  for (let link = 0; link * 2 * n * n < links.length; link++) {
    if (link % d === d - 1) continue;
    for (let i = 0; i < n; i++) sum += links[2 * (link * n * n + i * n + i)]!;
    count += n;
  }
  return sum / count;
}

/** Every SU(2) subgroup of a site turned towards the maximum, omega times as far. */
function relaxSite(data: GaugeData, site: number, omega: number): void {
  const { n } = data.group;
  const { links, extents } = data;
  const x = coordinates(site, extents);
  const start = (s: number, mu: number) => 2 * (s * extents.length + mu) * n * n;
  const ahead = extents.map((_, mu) => start(site, mu));
  const behind = extents.map((_, mu) =>
    start(
      siteAt(
        x.map((c, nu) => c - (nu === mu ? 1 : 0)),
        extents,
      ),
      mu,
    ),
  );
  for (let p = 0; p < n; p++)
    for (let q = p + 1; q < n; q++) {
      // the sum of U_i(n) and U_i(n - i)^dagger is b0 + i b sigma in this subgroup, up to what no rotation changes
      const b = [0, 0, 0, 0];
      const addPart = (at: number, sign: 1 | -1) => {
        const [pp, pq, qp, qq] = [p * n + p, p * n + q, q * n + p, q * n + q].map((e) => at + 2 * e) as Quad;
        b[0]! += links[pp]! + links[qq]!;
        b[1]! += sign * (links[pq + 1]! + links[qp + 1]!);
        b[2]! += sign * (links[pq]! - links[qp]!);
        b[3]! += sign * (links[pp + 1]! - links[qq + 1]!);
      };
      for (let mu = 0; mu < extents.length - 1; mu++) {
        addPart(ahead[mu]!, 1);
        addPart(behind[mu]!, -1);
      }
      const g = rotation(b as Quad, omega);
      for (let mu = 0; mu < extents.length; mu++) {
        for (let j = 0; j < n; j++) turn(links, ahead[mu]! + 2 * (p * n + j), ahead[mu]! + 2 * (q * n + j), g, 1);
        for (let i = 0; i < n; i++) turn(links, behind[mu]! + 2 * (i * n + p), behind[mu]! + 2 * (i * n + q), g, -1);
      }
    }
}

type Quad = [number, number, number, number];

/** g0 + i g sigma, omega times the rotation that takes b0 + i b sigma to a multiple of 1. */
function rotation([b0, ...b]: Quad, omega: number): Quad {
  const length = Math.hypot(...b);
  if (length === 0) return [1, 0, 0, 0];
  const angle = omega * Math.atan2(length, b0);
  const [g1, g2, g3] = b.map((c) => (-c / length) * Math.sin(angle)) as [number, number, number];
  return [Math.cos(angle), g1, g2, g3];
}

/** (u, v) -> g (u, v), a column of a link that begins here; with sign -1 the row (u, v) -> (u, v) g^dagger of one that ends here. */
function turn(links: Float64Array, u: number, v: number, [g0, g1, g2, g3]: Quad, sign: 1 | -1): void {
  const [a, b, c, d] = [links[u]!, links[u + 1]!, links[v]!, links[v + 1]!];
  // (u, v) g^dagger is conj(g) on the transposed pair
  const [s1, s3] = [sign * g1, sign * g3];
  links[u] = g0 * a - s3 * b + g2 * c - s1 * d;
  links[u + 1] = g0 * b + s3 * a + g2 * d + s1 * c;
  links[v] = -g2 * a - s1 * b + g0 * c + s3 * d;
  links[v + 1] = -g2 * b + s1 * a + g0 * d - s3 * c;
}
