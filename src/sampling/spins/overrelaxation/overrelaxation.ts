import { Vec } from "../../../kernels/builder.ts";
import type { SpinKind } from "../../../lattice/spins/spin-data.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { SpinCouplings } from "../../../physics/spins/spin-action.ts";
import { dot, normalised } from "../local/frame.ts";
import { type LocalOptions, makeLocal, type SpinRule } from "../local/local.ts";
import type { SpinMove, SpinSource } from "../spin-move.ts";

/** Below this (squared) a field is no field: nothing is to be reflected about it, and the spin stays. */
const NO_FIELD = 1e-280;

/** S -> 2 (S.h) h/|h|^2 - S: in space half a turn about h, in the plane the reflection about it. */
const overrelaxationRule = (spins: SpinKind): SpinRule => ({
  key: `overrelaxation/${spins}`,
  draw: { key: `overrelaxation/${spins}`, numbers: 0, direction: false, emit: () => [] },
  visit:
    () =>
    (k, { spin, field }) => {
      const square = k.let(dot(field, field));
      const known = k.let(square.ge(NO_FIELD));
      const twice = k.let(dot(spin, field).mul(2).div(known.select(square, 1)));
      const fresh = normalised(
        k,
        spin.map((x, a) => k.let(x.neg().plus(twice, field[a]!))),
      );
      return { spin: fresh.map((x, a) => k.let(known.select(x, spin[a]!))), accepted: Vec.of(1) };
    },
});

/**
 * Overrelaxation: reflects single spins about the field of all others, which leaves S alone (M. Creutz, Phys. Rev. D 36 (1987)
 * 515; F. R. Brown, T. J. Woch, Phys. Rev. Lett. 58 (1987) 2394). No rejections, and not ergodic by itself.
 *
 * Throws a TypeError for Ising spins and where the source does not tell its couplings, a RangeError for a palindrome, which
 * would undo itself.
 */
export function makeOverrelaxation(space: SpinSpace, source: SpinSource, options: LocalOptions): SpinMove {
  if (space.spins === "Ising")
    throw new TypeError("overrelaxation: an Ising spin has nothing to turn about; use heatbath or a cluster update");
  if (options.order === "palindrome")
    throw new RangeError(
      'overrelaxation: there and back every reflection undoes itself; use order = "random" or "permuted"',
    );
  if (!source.couplings)
    throw new TypeError("overrelaxation: the action is not linear in each spin (it has no couplings); use metropolis");
  return makeLocal(
    space,
    "overrelaxation",
    () => source.couplings as SpinCouplings,
    overrelaxationRule(space.spins),
    options,
  );
}
