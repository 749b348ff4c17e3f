import type { GaugeData } from "../../../lattice/gauge-data.ts";
import { FormatError } from "../configuration-format.ts";
import { volumeOf } from "../shape.ts";

/*
 * ILDG knows four dimensions only. A lattice of fewer is stored as the four-dimensional one that it is a slice of:
 * missing spatial directions have extent 1 and unit links, time stays last. Any ILDG reader can read such a file;
 * that it is of lower dimension is said by a record of our own after the last one.
 */

/** Direction of the four-dimensional lattice that direction mu of d stands for. */
const direction = (mu: number, d: number): number => (mu === d - 1 ? 3 : mu);

export function extentsIn4D(extents: readonly number[]): number[] {
  const full = [1, 1, 1, 1];
  for (const [mu, n] of extents.entries()) full[direction(mu, extents.length)] = n;
  return full;
}

/** The same configuration with four directions. */
export function embedIn4D(data: GaugeData): GaugeData {
  const d = data.extents.length;
  if (d === 4) return data;
  const { n } = data.group;
  const size = 2 * n * n;
  const volume = volumeOf(data.extents);
  const links = new Float64Array(volume * 4 * size);
  for (let link = 0; link < volume * 4; link++) for (let a = 0; a < n; a++) links[link * size + 2 * a * (n + 1)] = 1;
  for (let site = 0; site < volume; site++)
    for (let mu = 0; mu < d; mu++) {
      const from = (site * d + mu) * size;
      links.set(data.links.subarray(from, from + size), (site * 4 + direction(mu, d)) * size);
    }
  return { group: data.group, extents: extentsIn4D(data.extents), links };
}

/** Inverse of `embedIn4D`. Throws a FormatError if the extents are not those of the four-dimensional data. */
export function extractFrom4D(data: GaugeData, extents: readonly number[]): GaugeData {
  const d = extents.length;
  if (extentsIn4D(extents).join() !== data.extents.join())
    throw new FormatError(
      `its records contradict each other: lattice ${data.extents.join(",")} as ILDG, ${extents.join(",")} by its dimension record; the file is damaged, copy it again`,
    );
  if (d === 4) return data;
  const size = 2 * data.group.n ** 2;
  const volume = volumeOf(extents);
  const links = new Float64Array(volume * d * size);
  for (let site = 0; site < volume; site++)
    for (let mu = 0; mu < d; mu++) {
      const from = (site * 4 + direction(mu, d)) * size;
      links.set(data.links.subarray(from, from + size), (site * d + mu) * size);
    }
  return { group: data.group, extents, links };
}
