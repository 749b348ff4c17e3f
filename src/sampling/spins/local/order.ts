import { z } from "zod";
import type { Rng } from "../../../lattice/rng.ts";

/** Orders in which single-spin updates visit the sites, as in the run file. */
export const siteOrders = ["random", "palindrome", "permuted", "sequential"] as const;
export type SiteOrder = (typeof siteOrders)[number];

/** How many single-spin updates a move makes, and where. */
export interface Visits {
  readonly order: SiteOrder;
  /** Sweeps a move, default 1: as many updates as there are sites, of a palindrome twice as many, there and back. */
  readonly sweeps?: number;
  /** Single-spin updates a move in place of sweeps; random order only. */
  readonly updates?: number;
}

const keys = z.strictObject({
  order: z
    .enum(siteOrders)
    .default("random")
    .describe(
      "sites of the single-spin updates: random (each drawn anew), permuted (every sweep in an order drawn anew), palindrome (all sites, then backwards), sequential (one after another; leaves the weight invariant without detailed balance)",
    ),
  sweeps: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("sweeps a step, 1 where neither this nor updates is given; a palindrome is one sweep there and back"),
  updates: z
    .int()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe("single-spin updates a step in place of sweeps; random order only"),
});

/** The keys of every local update in the run file. */
export const visitKeys = keys.shape;

/** Says what is wrong where the keys contradict each other. */
export function refuseVisits({ value, issues }: { value: z.output<typeof keys>; issues: z.core.$ZodRawIssue[] }): void {
  const say = (message: string) => issues.push({ code: "custom", input: value, path: ["updates"], message });
  if (value.updates === undefined) return;
  if (value.sweeps !== undefined) say("stands in place of sweeps; leave one of them out");
  if (value.order !== "random") say(`needs order = "random"; with order = "${value.order}" give sweeps`);
}

/** What a parsed run file says. */
export const visitsOf = ({ order, sweeps, updates }: z.output<typeof keys>): Visits => ({
  order,
  ...(sweeps === undefined ? {} : { sweeps }),
  ...(updates === undefined ? {} : { updates }),
});

/** Whether such visits, each of which keeps detailed balance, do so together. */
export const isReversible = ({ order }: Visits): boolean => order !== "sequential";

/** Single-spin updates a move. Throws a RangeError where `updates` stands with another order than random. */
export function countOf({ order, sweeps = 1, updates }: Visits, volume: number): number {
  if (updates !== undefined && order !== "random")
    throw new RangeError(`${updates} updates need order "random"; with order "${order}" give sweeps`);
  const count = updates ?? sweeps * volume * (order === "palindrome" ? 2 : 1);
  if (!(Number.isInteger(count) && count >= 1 && count < 2 ** 31))
    throw new RangeError(`${count} single-spin updates a move: expected a whole number from 1 to 2^31`);
  return count;
}

/**
 * The site of update `u` for every order but random, which the kernels draw for themselves. Permutations are drawn by
 * Fisher and Yates, addressed (purpose, step, sweep).
 */
export function siteList(
  order: SiteOrder,
  volume: number,
): (purpose: string, rng: Rng, step: number) => (u: number) => number {
  if (order === "sequential") return () => (u) => u % volume;
  if (order === "palindrome")
    return () => (u) => {
      const v = u % (2 * volume);
      return v < volume ? v : 2 * volume - 1 - v;
    };
  const sites = new Int32Array(volume);
  let sweep = -1;
  return (purpose, rng, step) => {
    sweep = -1;
    return (u) => {
      const now = Math.floor(u / volume);
      if (now !== sweep) shuffle(sites, rng.at(`${purpose} order`, step, now));
      sweep = now;
      return sites[u % volume]!;
    };
  };
}

function shuffle(sites: Int32Array, stream: { below(n: number): number }): void {
  for (let i = 0; i < sites.length; i++) sites[i] = i;
  for (let i = sites.length - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    [sites[i], sites[j]] = [sites[j]!, sites[i]!];
  }
}
