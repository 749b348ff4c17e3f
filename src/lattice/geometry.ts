/**
 * Sites of a periodic lattice in 1 to 4 dimensions, and how they are fused into blocks of W lanes.
 *
 * Sites are numbered with x fastest. A block of two lanes holds a site n and its partner n + s, where the shift s
 * moves half-way round (2 s = 0): the neighbour of a block is then again one block, with the lanes swapped where
 * the step leaves the first half. The shift is chosen with even parity where possible, so that a block has one
 * colour of the checkerboard, and half-way round as many directions as possible, so that no short loop joins
 * partners. Where there is a checkerboard the even blocks come first, so that one colour is one range of memory.
 *
 * A block of four lanes (a quad, for float32) holds n + (l & 1) s + (l >> 1) s' in lane l, with a second shift s' of the
 * same kinds. The four shifts 0, s, s', s + s' are a group in which every element is its own inverse. So if n + mu
 * stands in lane m of its quad, n + mu plus the shift of lane l stands in lane l xor m: one mask a step serves all
 * lanes. Lanes 0, 1 and lanes 2, 3 of a quad are each a block of the two-lane geometry, in the order of its lanes,
 * because s' does not move the direction that tells n from n + s.
 */
export interface Geometry {
  readonly extents: readonly number[];
  readonly dimension: number;
  readonly volume: number;
  /** Sites fused into one block: 2 (4 where quads were asked for), or 1 where no such shifts exist. */
  readonly lanes: 1 | 2 | 4;
  /** volume / lanes */
  readonly blocks: number;
  /** Every extent is even: blocks 0 to blocks/2 - 1 are the even sites, the others the odd ones. */
  readonly checkerboard: boolean;
  /** The shift s to the partner site, that of lane 1 (zeros for one lane). */
  readonly shift: readonly number[];
  /** The shift s' of lane 2 (zeros but for four lanes). */
  readonly secondShift: readonly number[];
  /** Site number of lane l of block b at [b * lanes + l]. */
  readonly sites: Int32Array;
  /**
   * Step tables, [b * 2 d + 2 mu] forwards and [… + 1] backwards: (block << placeBits(lanes)) | mask, where lane l of
   * the block finds its neighbour in lane l xor mask of the other. With one or two lanes the mask is one bit.
   */
  readonly neighbours: Int32Array;
}

/**
 * Throws a RangeError for extents that are not 1 to 4 positive integers.
 * @param lanes 2 by default; 1 asks for one lane where two would do (tests, and local updates whose loops join
 *   partners); 4 asks for quads. Where the lattice does not allow 2 (or 4), it is one lane.
 */
export function makeGeometry(extents: readonly number[], lanes: 1 | 2 | 4 = 2): Geometry {
  if (extents.length < 1 || extents.length > 4 || extents.some((n) => !Number.isInteger(n) || n < 1))
    throw new RangeError(`lattice [${extents.join(", ")}]: expected 1 to 4 positive integers`);
  const dimension = extents.length;
  const volume = extents.reduce((a, b) => a * b, 1);
  if (volume > 2 ** 30) throw new RangeError(`lattice [${extents.join(", ")}]: more than 2^30 sites`);
  const shifts = laneShifts(extents, lanes);
  const W = (1 << shifts.length) as 1 | 2 | 4;
  const checkerboard = extents.every((n) => n % 2 === 0);
  const { sites, blockOf, laneOf } = fuse(extents, volume, checkerboard, shifts);
  const blocks = volume / W;
  const bits = placeBits(W);
  const neighbours = new Int32Array(blocks * 2 * dimension);
  for (let b = 0; b < blocks; b++) {
    const x = coordinates(sites[b * W]!, extents);
    for (let mu = 0; mu < dimension; mu++)
      for (const [slot, step] of [
        [2 * mu, 1],
        [2 * mu + 1, -1],
      ] as const) {
        const n = siteAt(
          x.map((c, nu) => (nu === mu ? c + step : c)),
          extents,
        );
        neighbours[b * 2 * dimension + slot] = (blockOf[n]! << bits) | laneOf[n]!;
      }
  }
  const [shift = extents.map(() => 0), secondShift = extents.map(() => 0)] = shifts;
  return {
    extents: [...extents],
    dimension,
    volume,
    lanes: W,
    blocks,
    checkerboard,
    shift,
    secondShift,
    sites,
    neighbours,
  };
}

/** A place on the lattice is (block << bits) | mask: two bits for quads, one for the others. */
export const placeBits = (lanes: 1 | 2 | 4): 1 | 2 => (lanes === 4 ? 2 : 1);

/** Blocks in the order of their first sites, which are those in the first half of the direction each shift is cut in. */
function fuse(
  extents: readonly number[],
  volume: number,
  evenFirst: boolean,
  shifts: readonly (readonly number[])[],
): { sites: Int32Array; blockOf: Int32Array; laneOf: Uint8Array } {
  const sites = new Int32Array(volume);
  const blockOf = new Int32Array(volume);
  const laneOf = new Uint8Array(volume);
  const cuts = shifts.map((shift) => lastNonzero(shift));
  const moves = shifts.reduce(
    (all, shift) => all.concat(all.map((move) => move.map((c, mu) => c + shift[mu]!))),
    [extents.map(() => 0)],
  );
  let next = 0;
  for (const first of numbered(volume, extents, evenFirst)) {
    const x = coordinates(first, extents);
    if (cuts.some((mu) => x[mu]! >= extents[mu]! / 2)) continue;
    moves.forEach((move, lane) => {
      const site = siteAt(
        x.map((c, mu) => c + move[mu]!),
        extents,
      );
      blockOf[site] = next / moves.length;
      laneOf[site] = lane;
      sites[next + lane] = site;
    });
    next += moves.length;
  }
  return { sites, blockOf, laneOf };
}

/** The shifts of as many lanes as were asked for; none (one lane) where they do not exist. */
function laneShifts(extents: readonly number[], lanes: 1 | 2 | 4): readonly (readonly number[])[] {
  const first = lanes === 1 ? undefined : halfWay(extents);
  if (!first || lanes !== 4) return first ? [first] : [];
  // Of s' and s + s' one leaves the cut of s alone; it is the one meant here.
  const second = halfWay(extents, lastNonzero(first));
  return second ? [first, second] : [];
}

/** All site numbers, with `evenFirst` those of even parity before the others. */
function numbered(volume: number, extents: readonly number[], evenFirst: boolean): Int32Array {
  const all = Int32Array.from({ length: volume }, (_, site) => site);
  if (!evenFirst) return all;
  const odd = all.map((site) => parity(site, extents));
  const even = all.filter((site) => odd[site] === 0);
  const sorted = new Int32Array(volume);
  sorted.set(even);
  sorted.set(
    all.filter((site) => odd[site] === 1),
    even.length,
  );
  return sorted;
}

/** Coordinates of a site number, x first. */
export function coordinates(site: number, extents: readonly number[]): number[] {
  let rest = site;
  return extents.map((n) => {
    const c = rest % n;
    rest = (rest - c) / n;
    return c;
  });
}

/** Site number of coordinates, taken modulo the extents. */
export function siteAt(x: readonly number[], extents: readonly number[]): number {
  let site = 0;
  for (let mu = extents.length - 1; mu >= 0; mu--) {
    const n = extents[mu]!;
    site = site * n + ((((x[mu] ?? 0) % n) + n) % n);
  }
  return site;
}

/** 0 for even, 1 for odd sites. */
export function parity(site: number, extents: readonly number[]): 0 | 1 {
  return (coordinates(site, extents).reduce((a, b) => a + b, 0) % 2) as 0 | 1;
}

/**
 * Half-way round in as many even directions, `except` left alone, as keeps the parity even; undefined if there is no
 * such shift.
 */
function halfWay(extents: readonly number[], except?: number): number[] | undefined {
  const shift = extents.map((n, mu) => (n % 2 === 0 && mu !== except ? n / 2 : 0));
  const odd = shift.flatMap((h, mu) => (h % 2 === 1 ? [mu] : []));
  const allEven = extents.every((n) => n % 2 === 0 || n === 1);
  // On a lattice with an odd extent there is no checkerboard to respect.
  if (allEven && odd.length % 2 === 1) shift[odd[0]!] = 0;
  return shift.some((h) => h > 0) ? shift : undefined;
}

function lastNonzero(shift: readonly number[]): number {
  for (let mu = shift.length - 1; mu >= 0; mu--) if (shift[mu]! > 0) return mu;
  return -1;
}
