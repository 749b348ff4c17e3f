import { z } from "zod";
import { spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { Observable } from "../../../observable.ts";
import { forwardNeighbours } from "../../links-ahead.ts";
import type { SpinAction } from "../../spin-action.ts";
import type { SpinObservableBench } from "../../spin-observable.ts";

/**
 * The helicity modulus (spin stiffness) against a twist along each direction mu, in the unit of J:
 *
 * XY    Y = J <sum_i cos(theta_i - theta_j)>/N - J^2 <(sum_i sin(theta_i - theta_j))^2>/(N T), j = i + mu
 *       (S. Teitel, C. Jayaprakash, Phys. Rev. B 27 (1983) 598)
 * O(3)  the mean over the three axes of J <sum_i (S_i.S_j - S_i^a S_j^a)>/N - J^2 <(sum_i (S_i x S_j)^a)^2>/(N T)
 *       (M. Caffarel, P. Azaria, B. Delamotte, D. Mouhanna, Europhys. Lett. 26 (1994) 493)
 *
 * Every term is a mean over configurations, so one number a configuration is measured, whose mean is Y. Labels: the
 * directions x, y, z, t, and "mean", their mean.
 *
 * Throws a RangeError where the action is more than a coupling of nearest neighbours, or an extent is below 3 (two links
 * would join the same pair, and a twist has no sign).
 */
export function helicityModulusObservable(space: SpinSpace, action: SpinAction): Observable {
  const { extents, volume } = space.lattice;
  const coupling = nearestCoupling(space, action);
  const ahead = forwardNeighbours(extents);
  const labels = ["mean", ...["x", "y", "z", "t"].slice(0, extents.length)];
  const terms = space.spins === "XY" ? planarTerms : spatialTerms;
  return {
    name: "helicity-modulus",
    measure(c) {
      const s = c.field.view();
      const moduli = ahead.map((next) => {
        const { stiff, current } = terms(s, next);
        return (action.temperature * (coupling * stiff - coupling ** 2 * current)) / volume;
      });
      const mean = moduli.reduce((a, b) => a + b, 0) / moduli.length;
      return [{ name: "helicity-modulus", labels, values: Float64Array.of(mean, ...moduli) }];
    },
  };
}

/** K = J/T, where it is all that the action has. */
function nearestCoupling({ spins, lattice }: SpinSpace, { couplings }: SpinAction): number {
  if (spins === "Ising") throw new TypeError("helicity-modulus: Ising spins cannot be twisted; take XY or O(3) spins");
  const short = lattice.extents.findIndex((n) => n < 3);
  if (short >= 0)
    throw new RangeError(
      `helicity-modulus: lattice [${lattice.extents.join(", ")}] has extent ${lattice.extents[short]} in direction ${short}; a twist needs 3 sites or more`,
    );
  const [nearest, ...others] = couplings?.shells ?? [];
  if (nearest === undefined || others.some((k) => k !== 0) || couplings?.field.some((h) => h !== 0))
    throw new RangeError(
      "helicity-modulus: the formula is that of a coupling of nearest neighbours alone (action xy or heisenberg without a field), which this action is not",
    );
  return nearest;
}

/** The sums of cos, and of sin squared, over the links of a direction. */
function planarTerms(s: Float64Array, next: Int32Array): { stiff: number; current: number } {
  let [cos, sin] = [0, 0];
  for (let i = 0; i < next.length; i++) {
    const [x, y] = [s[2 * i]!, s[2 * i + 1]!];
    const [u, v] = [s[2 * next[i]!]!, s[2 * next[i]! + 1]!];
    cos += x * u + y * v;
    sin += x * v - y * u;
  }
  return { stiff: cos, current: sin * sin };
}

function spatialTerms(s: Float64Array, next: Int32Array): { stiff: number; current: number } {
  let [dot, cx, cy, cz] = [0, 0, 0, 0];
  for (let i = 0; i < next.length; i++) {
    const [x, y, z] = [s[3 * i]!, s[3 * i + 1]!, s[3 * i + 2]!];
    const [u, v, w] = [s[3 * next[i]!]!, s[3 * next[i]! + 1]!, s[3 * next[i]! + 2]!];
    dot += x * u + y * v + z * w;
    cx += y * w - z * v;
    cy += z * u - x * w;
    cz += x * v - y * u;
  }
  return { stiff: (2 / 3) * dot, current: (cx * cx + cy * cy + cz * cz) / 3 };
}

const parameters = z.object({});

export const helicityModulus: Definition<typeof parameters, Observable, SpinObservableBench> = {
  name: "helicity-modulus",
  title: "helicity modulus (spin stiffness) of nearest-neighbour XY and O(3) spins",
  cite: [
    "S. Teitel, C. Jayaprakash, Phys. Rev. B 27 (1983) 598",
    "M. Caffarel, P. Azaria, B. Delamotte, D. Mouhanna, Europhys. Lett. 26 (1994) 493",
  ],
  parameters,
  build: (_, bench) => helicityModulusObservable(spinsOf(bench, "helicity-modulus"), bench.action),
};
