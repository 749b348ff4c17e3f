import { stapleTerms } from "../../loops/conflicts.ts";
import { type LoopFamily, loopsOf } from "../../loops/families.ts";
import { loopStaple } from "../../loops/loop-staple.ts";
import { loopTangent, type StapleTangent } from "../../loops/loop-tangent.ts";
import { plaquetteStaple } from "../../loops/plaquette.ts";
import { plaquetteTangent } from "../../loops/plaquette-tangent.ts";
import type { StapleSource } from "../../loops/staple.ts";

/** One family of loops that smears links, with its own rho. */
export interface SmearingTerm {
  readonly family: LoopFamily;
  /** Its staples A_mu(n), paths from n + mu to n. */
  readonly source: StapleSource;
  readonly tangent: StapleTangent;
  /** The directions of links that the loops pass; the others have no staples. */
  readonly directions: readonly number[];
  /**
   * How often A holds each path: once, but a line round the lattice of L links once for each of them. Smearing takes
   * every path once, hence A/multiplicity. (LatticeQCD.jl takes the line L times: our rho is L times its own.)
   */
  readonly multiplicity: number;
}

/** Throws a RangeError where the lattice has too few directions for the family. */
export function smearingTerm(family: LoopFamily, extents: readonly number[]): SmearingTerm {
  const loops = loopsOf(family, extents);
  const dimension = extents.length;
  const words = extents.map((_, mu) => stapleTerms(loops, mu));
  const weights = words.flatMap((terms) => terms.map(({ weight }) => weight));
  return {
    family,
    source: family === "plaquette" ? plaquetteStaple : loopStaple(loops, dimension),
    tangent: family === "plaquette" ? plaquetteTangent(extents) : loopTangent(loops, dimension),
    directions: words.flatMap((terms, mu) => (terms.length > 0 ? [mu] : [])),
    multiplicity: weights[0]!,
  };
}
