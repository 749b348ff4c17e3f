import { cosSinTurns, log } from "../../../kernels/algebra/elementary.ts";
import { type Body, Vec as V, type Vec } from "../../../kernels/builder.ts";
import type { SpinKind } from "../../../lattice/spins/spin-data.ts";
import type { DrawRule } from "../local/draws.ts";
import { aboutAxis, dot, normalised, turned } from "../local/frame.ts";
import type { SpinRule } from "../local/local.ts";

/** Where proposals fall: anywhere on the sphere, or on a cap about the old spin. For Ising spins both are the flip. */
export type Reach = "sphere" | "cap";

/**
 * The numbers of a proposal: of a sphere its components, of a cap those about the old spin, (cos, sin cos phi, sin sin phi) or
 * (cos, sin); and last ln d, the decision. The parameter is the width of the cap, see `capParameter`.
 */
export function proposalDraws(spins: SpinKind, reach: Reach): DrawRule {
  const emit: DrawRule["emit"] = (k, { a, b, d }, parameter) => [...direction(k, a, b, parameter), log(k, d.max(TINY))];
  const direction = (k: Body, a: Vec, b: Vec, parameter: Vec): Vec[] => {
    if (spins === "Ising") return [];
    if (spins === "XY") {
      const { cos, sin } = cosSinTurns(k, reach === "sphere" ? a : a.mul(2).sub(1).mul(parameter));
      return [cos, sin];
    }
    // 1 - cos, from 0 to 2 or to that of the cap; sin^2 = (1 - cos)(1 + cos)
    const below = k.let(reach === "sphere" ? a.mul(2) : a.mul(parameter));
    const sine = k.let(below.mul(V.of(2).sub(below)).sqrt());
    const { cos, sin } = cosSinTurns(k, b);
    const [x, y, z] = [sine.mul(cos), sine.mul(sin), V.of(1).sub(below)];
    return reach === "sphere" ? [x, y, z] : [z, x, y];
  };
  return {
    key: `metropolis/${spins}/${reach}`,
    numbers: { Ising: 1, XY: 3, "O(3)": 4 }[spins],
    direction: spins !== "Ising",
    emit,
  };
}

/** Where the uniform d is 0 its logarithm is that of this. */
const TINY = 1e-300;

/** What the drawing needs of the largest angle of a cap: in the plane turns, in space 1 - cos. */
export const capParameter = (spins: SpinKind, width: number): number => {
  const angle = Math.min(width, Math.PI);
  return spins === "XY" ? angle / (2 * Math.PI) : 2 * Math.sin(angle / 2) ** 2;
};

/** Metropolis for exp(h.S): accepted where ln d < h.(S' - S). */
export function metropolisRule(spins: SpinKind, reach: Reach): SpinRule {
  const draw = proposalDraws(spins, reach);
  const proposed = (k: Body, spin: readonly Vec[], drawn: readonly Vec[]): readonly Vec[] => {
    if (spins === "Ising") return [k.let(spin[0]!.neg())];
    if (reach === "sphere") return drawn.slice(0, -1);
    if (spins === "XY") return normalised(k, turned(k, spin, drawn[0]!, drawn[1]!));
    return normalised(k, aboutAxis(k, spin, drawn[0]!, drawn[1]!, drawn[2]!));
  };
  return {
    key: draw.key,
    draw,
    visit:
      () =>
      (k, { spin, field, drawn }) => {
        const fresh = proposed(k, spin, drawn);
        const moved = fresh.map((x, i) => x.sub(spin[i]!));
        const taken = k.let(drawn.at(-1)!.lt(dot(field, moved)));
        return { spin: fresh.map((x, i) => k.let(taken.select(x, spin[i]!))), accepted: taken.select(1, 0) };
      },
  };
}
