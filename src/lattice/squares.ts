import { coordinatesOf } from "./shells.ts";

/**
 * The elementary squares of a periodic lattice, n, n + mu, n + nu, n + mu + nu of all planes mu < nu, every set of four
 * distinct sites once: where an extent is 2, the squares from n and from n + mu are one.
 */
export interface Squares {
  /** Squares that a site is a corner of. */
  readonly perSite: number;
  /** The three other corners of square k of site i at [3 (i perSite + k) …]. */
  readonly corners: Int32Array;
}

const known = new Map<string, Squares>();

/** The squares of a lattice; none in one dimension, and none in a plane with an extent of 1. */
export function squaresOf(extents: readonly number[]): Squares {
  const key = extents.join();
  const made = known.get(key) ?? makeSquares(extents);
  known.set(key, made);
  return made;
}

/** All squares of the lattice. */
export const squareCount = (extents: readonly number[]): number =>
  (extents.reduce((a, b) => a * b, 1) * squaresOf(extents).perSite) / 4;

function makeSquares(extents: readonly number[]): Squares {
  const volume = extents.reduce((a, b) => a * b, 1);
  const directions = extents.flatMap((n, mu) => (n > 1 ? [mu] : []));
  const corners: number[] = [];
  for (let site = 0; site < volume; site++) {
    const x = coordinatesOf(site, extents);
    for (const mu of directions)
      for (const nu of directions) {
        if (mu >= nu) continue;
        // backwards is forwards where the extent is 2
        for (const a of extents[mu] === 2 ? [1] : [1, -1])
          for (const b of extents[nu] === 2 ? [1] : [1, -1])
            corners.push(at(x, [mu, a]), at(x, [nu, b]), at(x, [mu, a], [nu, b]));
      }
  }
  return { perSite: corners.length / (3 * volume), corners: Int32Array.from(corners) };

  function at(x: readonly number[], ...steps: (readonly [number, number])[]): number {
    const y = [...x];
    for (const [mu, by] of steps) y[mu] = (y[mu]! + by + extents[mu]!) % extents[mu]!;
    return extents.reduceRight((sum, n, mu) => sum * n + y[mu]!, 0);
  }
}
