import type { SpinKind } from "../../../lattice/spins/spin-data.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";

/** The space itself; throws a TypeError that names the part where its spins are of another kind. */
export function requireSpins(space: SpinSpace, spins: SpinKind, part: string): SpinSpace {
  if (space.spins === spins) return space;
  throw new TypeError(`${part} is for spins = "${spins}"; this run has ${space.spins} spins`);
}
