import { exp } from "../../../kernels/algebra/elementary.ts";
import { type Body, type Int, Vec } from "../../../kernels/builder.ts";
import { type FieldShape, SHELL } from "../local/couplings.ts";
import { dot } from "../local/frame.ts";

/** Where a kernel finds spins, couplings and random numbers of the bonds from one site. */
export interface BondPlace {
  readonly shape: FieldShape;
  /** Address of the couplings, see `couplingTable`. */
  readonly table: Int;
  readonly spins: Int;
  /** Unit vector r along which spins are reflected. */
  readonly axis: readonly Vec[];
  readonly key: readonly [Int, Int];
  readonly step: Int;
  /** The sub-stream. */
  readonly part: Int;
  /** Two vec of free memory. */
  readonly work: Int;
}

/** S_i.r */
export function projection(k: Body, { shape, spins, axis }: BondPlace, site: Int): Vec {
  const at = k.let(spins.add(site.mul(8 * shape.components)));
  return k.let(
    dot(
      axis,
      axis.map((_, a) => k.load(at, 8 * a)),
    ),
  );
}

/** S_i <- S_i - 2 (S_i.r) r */
export function reflect(k: Body, { shape, spins, axis }: BondPlace, site: Int): void {
  const at = k.let(spins.add(site.mul(8 * shape.components)));
  const spin = axis.map((_, a) => k.let(k.load(at, 8 * a)));
  const twice = k.let(dot(spin, axis).mul(2));
  const fresh = spin.map((x, a) => k.let(x.minus(twice, axis[a]!)));
  // back on the sphere, to first order
  const scale = k.let(Vec.of(1.5).sub(dot(fresh, fresh).mul(0.5)));
  fresh.forEach((x, a) => k.store(at, 8 * a, shape.components === 1 ? x : x.mul(scale)));
}

/**
 * Emits, for every neighbour j of site i that `consider` lets through, the decision on the bond: it is there with
 * probability 1 - exp(-2 K (S_i.r)(S_j.r)) where the exponent is negative, else never (U. Wolff, Phys. Rev. Lett. 62 (1989)
 * 361). Bond b of the site, counted over all shells, takes the first uniform of block b at the word `word` (a site number).
 */
export function forBonds(
  k: Body,
  place: BondPlace,
  site: Int,
  word: Int,
  consider: (other: Int) => Int,
  join: (other: Int) => void,
): void {
  const { shape, table, key, step, part, work } = place;
  const here = projection(k, place, site);
  let first = 0;
  for (const [n, coordination] of shape.shells.entries()) {
    const row = k.let(k.loadInt(table, SHELL * n + 8).add(site.mul(4 * coordination)));
    const strength = k.let(
      k
        .load(table, SHELL * n)
        .mul(here)
        .mul(2),
    );
    const bonds = first;
    k.for(0, coordination, (j) => {
      const other = k.let(k.loadInt(row.add(j.shl(2))));
      k.if(consider(other), () => {
        const gain = k.let(strength.mul(projection(k, place, other)));
        k.if(gain.gt(0).any(), () => {
          k.philox(key, j.add(bonds), word, step, part, work);
          const there = k.load(work).lt(Vec.of(1).sub(exp(k, gain.neg())));
          k.if(there.any(), () => join(other));
        });
      });
    });
    first += coordination;
  }
}
