import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { Observable } from "../../../observable.ts";
import { requireSpins } from "../../actions/require-spins.ts";
import { forwardNeighbours } from "../../links-ahead.ts";

/**
 * Vortices and antivortices of XY spins, per site: the sum over the elementary squares n, n + mu, n + mu + nu, n + nu of |w|,
 * w = (sum of the four differences of angle, each taken in (-pi, pi])/(2 pi), divided by N. In three dimensions it is the length
 * of vortex lines per site. Round a periodic lattice the w of every plane add up to zero.
 */
export function vorticesObservable(space: SpinSpace): Observable {
  const { extents, volume } = space.lattice;
  const ahead = forwardNeighbours(extents);
  const planes = ahead.flatMap((_, nu) => ahead.slice(0, nu).map((__, mu) => [mu, nu] as const));
  const differences = ahead.map((next) => ({ next, values: new Float64Array(next.length) }));
  return {
    name: "vortices",
    measure(c) {
      const s = c.field.view();
      for (const { next, values } of differences) for (let i = 0; i < volume; i++) values[i] = turn(s, i, next[i]!);
      let count = 0;
      for (const [mu, nu] of planes) {
        const [a, b] = [differences[mu]!, differences[nu]!];
        for (let i = 0; i < volume; i++) {
          const round = a.values[i]! + b.values[a.next[i]!]! - a.values[b.next[i]!]! - b.values[i]!;
          count += Math.abs(Math.round(round / (2 * Math.PI)));
        }
      }
      return [{ name: "vortices", labels: ["vortices"], values: Float64Array.of(count / volume) }];
    },
  };
}

/** The angle from spin i to spin j, in (-pi, pi]. */
const turn = (s: Float64Array, i: number, j: number): number => {
  const [x, y, u, v] = [s[2 * i]!, s[2 * i + 1]!, s[2 * j]!, s[2 * j + 1]!];
  return Math.atan2(x * v - y * u, x * u + y * v);
};

const parameters = z.object({});

export const vortices: Definition<typeof parameters, Observable, Bench> = {
  name: "vortices",
  title: "vortices and antivortices of XY spins, per site",
  cite: ["J. M. Kosterlitz, D. J. Thouless, J. Phys. C 6 (1973) 1181"],
  parameters,
  build(_, bench) {
    const space = requireSpins(spinsOf(bench, "vortices"), "XY", "vortices");
    if (space.lattice.dimension < 2)
      throw new RangeError("vortices: there are no squares in 1 dimension; take two or more");
    return vorticesObservable(space);
  },
};
