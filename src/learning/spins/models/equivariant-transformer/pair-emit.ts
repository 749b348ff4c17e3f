import { type Body, type Int, Vec } from "../../../../kernels/builder.ts";
import { type PairLayout, VEC } from "./pair-memory.ts";

/** What the kernels on pairs of configurations have in common. */

/** Every site: its number, and where its spin is in a list of spins. */
export function forSites(k: Body, { volume, components }: PairLayout, emit: (site: Int, at: Int) => void): void {
  k.for(0, volume, (site) => emit(site, k.let(site.mul(VEC * components))));
}

/** The neighbours of a site, for reading sums over shells. */
export interface Around {
  /** sum_{j in shell n} of the vec `offset` bytes behind list + offset of j. */
  sum(list: Int, n: number, offset: number): Vec[];
}

export function around(k: Body, { neighbours, coordinations, components }: PairLayout, site: Int): Around {
  const total = coordinations.reduce((a, b) => a + b, 0);
  const table = k.let(site.mul(4 * total).add(neighbours));
  return {
    sum(list, n, offset) {
      const first = coordinations.slice(0, n).reduce((a, b) => a + b, 0);
      const places = Array.from({ length: coordinations[n]! }, (_, i) =>
        k.let(k.loadInt(table, 4 * (first + i)).add(list)),
      );
      return Array.from({ length: components }, (_, c) => {
        const [one, ...others] = places.map((at) => k.load(at, offset + VEC * c));
        return k.let(others.reduce((sum, next) => sum.add(next), one!));
      });
    },
  };
}

/** A vec for every component, read once. */
export const loadVector = (k: Body, components: number, at: Int, offset: number): Vec[] =>
  Array.from({ length: components }, (_, c) => k.let(k.load(at, offset + VEC * c)));

export const storeVector = (k: Body, at: Int, offset: number, values: readonly Vec[]): void => {
  for (const [c, x] of values.entries()) k.store(at, offset + VEC * c, x);
};

export const dot = (a: readonly Vec[], b: readonly Vec[]): Vec =>
  a.slice(1).reduce((sum, x, c) => sum.plus(x, b[c + 1]!), a[0]!.mul(b[0]!));

/** Locals at zero. */
export const zeros = (k: Body, count: number): Vec[] => Array.from({ length: count }, () => k.let(Vec.of(0)));
