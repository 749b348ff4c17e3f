import type { Lattice } from "./lattice.ts";

/**
 * The sites round a site of a periodic lattice, sorted into shells by their distance over the shortest way round. Shell 0
 * is the site itself. Every site stands in exactly one shell, once, however many shortest ways lead to it.
 */
export interface Shell {
  /** Square of the distance. */
  readonly r2: number;
  /** Sites at that distance. */
  readonly coordination: number;
  /** They of site i at [i * coordination …], in ascending order. The relation is symmetric. */
  readonly sites: Int32Array;
}

const known = new Map<string, readonly Shell[]>();

/** All shells of a lattice, by ascending distance, shell 0 first. */
export function shellsOf(extents: readonly number[]): readonly Shell[] {
  const key = extents.join();
  const made = known.get(key) ?? makeShells(extents);
  known.set(key, made);
  return made;
}

/** Shells without the site itself: as many couplings as a translation-invariant pair action can have by distance. */
export const shellCount = (extents: readonly number[]): number => shellsOf(extents).length - 1;

/**
 * The shells 1 to n. Throws a RangeError where the lattice has fewer.
 * @param what who asks, for the sentence.
 */
export function firstShells(extents: readonly number[], n: number, what: string): readonly Shell[] {
  const count = shellCount(extents);
  if (!(Number.isInteger(n) && n >= 1 && n <= count))
    throw new RangeError(
      `${what}: ${n} shells; a lattice [${extents.join(", ")}] has ${count}, so give a whole number from 1 to ${count}`,
    );
  return shellsOf(extents).slice(1, n + 1);
}

/** The sites of a shell in the heap of the lattice: i32 at [site * coordination + k]. */
export const shellTable = (lattice: Lattice, n: number): number =>
  lattice.list(`shell ${n}`, () => Array.from(shellsOf(lattice.extents)[n]!.sites)).address;

function makeShells(extents: readonly number[]): readonly Shell[] {
  const volume = extents.reduce((a, b) => a * b, 1);
  const distances = new Map<number, number[]>();
  for (let site = 0; site < volume; site++) {
    const r2 = coordinatesOf(site, extents).reduce((sum, c, mu) => sum + Math.min(c, extents[mu]! - c) ** 2, 0);
    const found = distances.get(r2);
    if (found) found.push(site);
    else distances.set(r2, [site]);
  }
  return [...distances].sort(([a], [b]) => a - b).map(([r2, displacements]) => shellAt(r2, displacements, extents));
}

/** The table of sites is made when it is first asked for: those of all shells together are volume^2 numbers. */
function shellAt(r2: number, displacements: readonly number[], extents: readonly number[]): Shell {
  let sites: Int32Array | undefined;
  return {
    r2,
    coordination: displacements.length,
    get sites() {
      sites ??= displacedSites(displacements, extents);
      return sites;
    },
  };
}

function displacedSites(displacements: readonly number[], extents: readonly number[]): Int32Array {
  const volume = extents.reduce((a, b) => a * b, 1);
  const count = displacements.length;
  const steps = displacements.map((d) => coordinatesOf(d, extents));
  const sites = new Int32Array(volume * count);
  for (let site = 0; site < volume; site++) {
    const x = coordinatesOf(site, extents);
    const around = sites.subarray(site * count, (site + 1) * count);
    for (let k = 0; k < count; k++) around[k] = shifted(x, steps[k]!, extents);
    around.sort();
  }
  return sites;
}

/** Coordinates of a site, x fastest. */
export function coordinatesOf(site: number, extents: readonly number[]): number[] {
  let rest = site;
  return extents.map((n) => {
    const c = rest % n;
    rest = (rest - c) / n;
    return c;
  });
}

/** The site at x + by, round the lattice. */
const shifted = (x: readonly number[], by: readonly number[], extents: readonly number[]): number =>
  extents.reduceRight((site, n, mu) => site * n + ((x[mu]! + by[mu]!) % n), 0);
