import type { Lattice } from "../../../../lattice/lattice.ts";
import { coordinatesOf, firstShells, shellsOf } from "../../../../lattice/shells.ts";

/**
 * Periodic arrays laid out so that every shift is one constant offset.
 *
 * A number of site x lies at every place x + s L, s in {0, 1}^d, of an array twice as long in each direction, so that the
 * neighbour x + d, with 0 <= d < L, of a site 0 <= x < L is there without wrapping, and those of two sites beside each other
 * lie beside each other: neighbours are read W at a time. Offsets are in bytes.
 */
export interface Torus {
  /** Sites read and written at once. */
  readonly lanes: 1 | 2;
  readonly volume: number;
  /** Bytes from one component of an array to the next: all places, and one vec beyond them that a store may touch. */
  readonly stride: number;
  /** Address of i32 offsets of the sites, by site number. */
  readonly offsets: number;
  /** Where all images of a site are, from its offset. */
  readonly images: readonly number[];
  /** Offset of the place L in all directions: where a table over differences x - y of sites has its zero. */
  readonly origin: number;
  /** Offsets of the displacements of shell n, n = 0 to the last. */
  readonly shells: readonly (readonly number[])[];
  /** Of every pair d, -d of displacements of shell n one, and whether it stands for half a pair because d = -d. */
  readonly halves: readonly (readonly { readonly offset: number; readonly half: boolean }[])[];
}

/** The layout of a lattice, with shells 0 to `count`. Throws a RangeError where there are fewer. */
export function torusOf(lattice: Lattice, count: number, what: string): Torus {
  const { extents, volume } = lattice;
  const bytes = extents.map((_, mu) => 8 * extents.slice(0, mu).reduce((size, n) => 2 * size * n, 1));
  const offsetOf = (x: readonly number[]) => x.reduce((sum, c, mu) => sum + c * bytes[mu]!, 0);
  const shells = [shellsOf(extents)[0]!, ...(count > 0 ? firstShells(extents, count, what) : [])].map(
    ({ coordination, sites }) => [...sites.subarray(0, coordination)].map((site) => coordinatesOf(site, extents)),
  );
  const opposite = (x: readonly number[]) => x.map((c, mu) => (extents[mu]! - c) % extents[mu]!);
  const key = (x: readonly number[]) => offsetOf(x);
  const images = Array.from({ length: 2 ** extents.length }, (_, subset) =>
    offsetOf(extents.map((n, mu) => ((subset >> mu) & 1) * n)),
  );
  return {
    lanes: extents[0]! % 2 === 0 ? 2 : 1,
    volume,
    stride: 8 * volume * 2 ** extents.length + 16,
    offsets: lattice.list("torus offsets", () =>
      Array.from({ length: volume }, (_, site) => offsetOf(coordinatesOf(site, extents))),
    ).address,
    images,
    origin: offsetOf(extents),
    shells: shells.map((displacements) => displacements.map(offsetOf)),
    halves: shells.map((displacements) =>
      displacements
        .filter((d) => key(d) <= key(opposite(d)))
        .map((d) => ({ offset: offsetOf(d), half: key(d) === key(opposite(d)) })),
    ),
  };
}
