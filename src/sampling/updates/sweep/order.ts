import { z } from "zod";
import { coordinates, type Geometry, parity, siteAt } from "../../../lattice/geometry.ts";
import type { StapleSource } from "../../../physics/loops/staple.ts";

/** Orders in which a sweep visits the links of one direction, as in the run file. */
export const orders = ["coloured", "even-odd", "sequential"] as const;
export type Order = (typeof orders)[number];

/** The parameter `order` of every local update. */
export const orderParameter = z
  .enum(orders)
  .default("coloured")
  .describe(
    "how a sweep goes over the links: coloured (in colours that share no loop; fits every action), even-odd (two colours; plaquette action on even extents), sequential (one site after another, in one thread)",
  );

type Shape = Pick<Geometry, "extents" | "shift">;

/** Displacements between links of direction mu that share a loop, modulo the extents, each once. */
function conflictsOf(sources: readonly StapleSource[], mu: number, extents: readonly number[]): number[][] {
  const found = new Map<number, number[]>();
  for (const source of sources)
    for (const y of source.conflicts(mu, extents)) {
      const site = siteAt(y, extents);
      found.set(site, coordinates(site, extents));
    }
  return [...found.values()];
}

const isZero = (y: readonly number[]) => y.every((c) => c === 0);

/** Whether a loop passes a link twice (it can: across a short extent), so that no local update knows its weight. */
export function passesTwice(source: StapleSource, extents: readonly number[]): boolean {
  return extents.some((_, mu) => conflictsOf([source], mu, extents).some(isZero));
}

/** Whether a loop joins the two sites that a lattice of this shape (two lanes) would update at once. */
export function joinsPartners(source: StapleSource, { extents, shift }: Shape): boolean {
  if (isZero(shift)) return false;
  const partner = siteAt(shift, extents);
  return extents.some((_, mu) => conflictsOf([source], mu, extents).some((y) => siteAt(y, extents) === partner));
}

/**
 * The blocks of a lattice in groups for direction mu: no two links of one group share a loop. For "sequential" there
 * is one group, to be done one block after another.
 *
 * Throws a RangeError where "even-odd" does not separate the links.
 */
export function groupsOf(
  order: Order,
  sources: readonly StapleSource[],
  mu: number,
  geometry: Geometry,
): readonly (readonly number[])[] {
  const blocks = Array.from({ length: geometry.blocks }, (_, b) => b);
  if (order === "sequential") return [blocks];
  const conflicts = conflictsOf(sources, mu, geometry.extents);
  if (order === "coloured") return colours(conflicts, geometry);
  checkParity(conflicts, geometry.extents);
  const colour = (b: number) => parity(geometry.sites[b * geometry.lanes]!, geometry.extents);
  return [0, 1].map((c) => blocks.filter((b) => colour(b) === c)).filter((group) => group.length > 0);
}

function checkParity(conflicts: readonly (readonly number[])[], extents: readonly number[]): void {
  const odd = extents.find((n) => n % 2 === 1 && n > 1);
  if (odd !== undefined)
    throw new RangeError(
      `order = "even-odd" needs even extents, but the lattice is [${extents.join(", ")}] (${odd} is odd); use order = "coloured"`,
    );
  const same = conflicts.find((y) => y.reduce((sum, c) => sum + c, 0) % 2 === 0);
  if (same)
    throw new RangeError(
      `order = "even-odd" fits the plaquette action only: a loop of this action joins links at distance [${same.join(", ")}], which have the same parity; use order = "coloured"`,
    );
}

/** Greedy colouring of the blocks in their own order: the first colour that no earlier neighbour has. */
function colours(conflicts: readonly (readonly number[])[], geometry: Geometry): number[][] {
  const { extents, lanes, sites, blocks, volume } = geometry;
  const blockOf = new Int32Array(volume);
  sites.forEach((site, i) => (blockOf[site] = Math.floor(i / lanes)));
  const colour = new Int32Array(blocks).fill(-1);
  const groups: number[][] = [];
  // marks[c] = b: colour c stands next to block b
  const marks: number[] = [];
  for (let b = 0; b < blocks; b++) {
    for (let lane = 0; lane < lanes; lane++) {
      const x = coordinates(sites[b * lanes + lane]!, extents);
      for (const y of conflicts)
        for (const sign of [1, -1]) {
          const site = siteAt(
            x.map((c, d) => c + sign * y[d]!),
            extents,
          );
          const taken = colour[blockOf[site]!]!;
          if (taken >= 0) marks[taken] = b;
        }
    }
    let c = 0;
    while (marks[c] === b) c++;
    colour[b] = c;
    (groups[c] ??= []).push(b);
  }
  return groups;
}
