import { exp } from "../../../kernels/algebra/elementary.ts";
import { type Body, Int, Vec } from "../../../kernels/builder.ts";
import { type FieldShape, forShell, SHELL } from "../local/couplings.ts";
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
 * Uniforms of one cluster (of one sweep), used as they are needed: number t is the t-th of the stream (key, step, site word 0) in
 * sub-stream `part`, from blocks that are drawn when the first of their two is asked for.
 */
export interface Uniforms {
  next(): Vec;
}

/** @param word address of an i32 that is 0. */
export function uniformsOf(k: Body, { key, step, part, work }: BondPlace, word: Int): Uniforms {
  const used = k.let(Int.of(0));
  const next = () => {
    k.if(used.and(1).eq(0), () => k.philox(key, used.shr(1), word, step, part, work));
    const uniform = k.let(k.load(work.add(used.and(1).shl(3))));
    k.set(used, used.add(1));
    return uniform;
  };
  return { next };
}

/**
 * Emits, for every neighbour j of site i that `consider` lets through, the decision on the bond: it is there with
 * probability 1 - exp(-2 K (S_i.r)(S_j.r)) where the exponent is negative, else never (U. Wolff, Phys. Rev. Lett. 62 (1989)
 * 361).
 */
export function forBonds(
  k: Body,
  place: BondPlace,
  uniforms: Uniforms,
  site: Int,
  consider: (other: Int) => Int,
  join: (other: Int) => void,
): void {
  const { shape, table } = place;
  const here = projection(k, place, site);
  for (let n = 0; n < shape.shells.length; n++) {
    const strength = k.let(
      k
        .load(table, SHELL.bytes * n)
        .mul(here)
        .mul(2),
    );
    forShell(k, shape, table, site, n, (other) => {
      k.if(consider(other), () => {
        const gain = k.let(strength.mul(projection(k, place, other)));
        k.if(gain.gt(0).any(), () => {
          const uniform = uniforms.next();
          const signs = shape.components === 1;
          const chance = signs ? k.load(table, SHELL.bytes * n + SHELL.probability) : Vec.of(1).sub(exp(k, gain.neg()));
          k.if(uniform.lt(chance).any(), () => join(other));
        });
      });
    });
  }
}
