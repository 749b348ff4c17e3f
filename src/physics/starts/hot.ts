import type { GaugeData } from "../../lattice/gauge-data.ts";
import type { Group } from "../../lattice/group.ts";
import type { Rng } from "../../lattice/rng.ts";
import { haarRandom } from "../../numerics/complex-matrix.ts";

/**
 * Independent Haar-random links: the equilibrium at infinite temperature (beta = 0). The links of a site are drawn one
 * after the other from the stream ("start", 0, site).
 */
export function hotLinks(group: Group, extents: readonly number[], rng: Rng): GaugeData {
  const volume = extents.reduce((a, b) => a * b, 1);
  const size = 2 * group.n ** 2;
  const links = new Float64Array(volume * extents.length * size);
  for (let site = 0; site < volume; site++) {
    const stream = rng.at("start", 0, site);
    for (let mu = 0; mu < extents.length; mu++)
      links.set(haarRandom(group.n, group.special, stream), (site * extents.length + mu) * size);
  }
  return { group, extents: [...extents], links };
}
