/**
 * Sites of a periodic lattice in 1 to 4 dimensions, and how they are fused into blocks of W lanes.
 *
 * Sites are numbered with x fastest. A block of two lanes holds a site n and its partner n + s, where the shift s
 * moves half-way round (2 s = 0): the neighbour of a block is then again one block, with the lanes swapped where
 * the step leaves the first half. The shift is chosen with even parity where possible, so that a block has one
 * colour of the checkerboard, and half-way round as many directions as possible, so that no short loop joins
 * partners. Where there is a checkerboard the even blocks come first, so that one colour is one range of memory.
 */
export interface Geometry {
  readonly extents: readonly number[];
  readonly dimension: number;
  readonly volume: number;
  /** Sites fused into one block: 2, or 1 where no even-parity shift exists. */
  readonly lanes: 1 | 2;
  /** volume / lanes */
  readonly blocks: number;
  /** Every extent is even: blocks 0 to blocks/2 - 1 are the even sites, the others the odd ones. */
  readonly checkerboard: boolean;
  /** The shift s to the partner site (zeros for one lane). */
  readonly shift: readonly number[];
  /** Site number of lane l of block b at [b * lanes + l]. */
  readonly sites: Int32Array;
  /**
   * Step tables, [b * 2 d + 2 mu] forwards and [… + 1] backwards: (block << 1) | swap, where swap says that lane 0
   * of the block finds its neighbour in lane 1 of the other.
   */
  readonly neighbours: Int32Array;
}

/**
 * Throws a RangeError for extents that are not 1 to 4 positive integers.
 * @param lanes ask for one lane where two would do (tests, and local updates whose loops join partners).
 */
export function makeGeometry(extents: readonly number[], lanes?: 1 | 2): Geometry {
  if (extents.length < 1 || extents.length > 4 || extents.some((n) => !Number.isInteger(n) || n < 1))
    throw new RangeError(`lattice [${extents.join(", ")}]: expected 1 to 4 positive integers`);
  const dimension = extents.length;
  const volume = extents.reduce((a, b) => a * b, 1);
  if (volume > 2 ** 30) throw new RangeError(`lattice [${extents.join(", ")}]: more than 2^30 sites`);
  const shift = lanes === 1 ? undefined : partnerShift(extents);
  const W = shift ? 2 : 1;
  const blockOf = new Int32Array(volume);
  const laneOf = new Uint8Array(volume);
  const sites = new Int32Array(volume);
  const half = shift ? lastNonzero(shift) : -1;
  const checkerboard = extents.every((n) => n % 2 === 0);
  let block = 0;
  for (const site of numbered(volume, extents, checkerboard)) {
    const x = coordinates(site, extents);
    if (half >= 0 && x[half]! >= extents[half]! / 2) continue;
    const partner = shift
      ? siteAt(
          x.map((c, mu) => c + shift[mu]!),
          extents,
        )
      : site;
    sites[block * W] = site;
    if (shift) sites[block * W + 1] = partner;
    blockOf[partner] = block;
    laneOf[partner] = W - 1;
    blockOf[site] = block;
    laneOf[site] = 0;
    block++;
  }
  const blocks = volume / W;
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
        neighbours[b * 2 * dimension + slot] = (blockOf[n]! << 1) | laneOf[n]!;
      }
  }
  return {
    extents: [...extents],
    dimension,
    volume,
    lanes: W,
    blocks,
    checkerboard,
    shift: shift ?? extents.map(() => 0),
    sites,
    neighbours,
  };
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

/** Half-way round in as many even directions as keeps the parity even; undefined if there is no such shift. */
function partnerShift(extents: readonly number[]): number[] | undefined {
  const even = extents.map((n) => (n % 2 === 0 ? n / 2 : 0));
  const odd = even.flatMap((h, mu) => (h % 2 === 1 ? [mu] : []));
  const shift = [...even];
  const allEven = extents.every((n) => n % 2 === 0 || n === 1);
  // On a lattice with an odd extent there is no checkerboard to respect.
  if (allEven && odd.length % 2 === 1) shift[odd[0]!] = 0;
  return shift.some((h) => h > 0) ? shift : undefined;
}

function lastNonzero(shift: readonly number[]): number {
  for (let mu = shift.length - 1; mu >= 0; mu--) if (shift[mu]! > 0) return mu;
  return -1;
}
