import { z } from "zod";
import { spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { Observable } from "../../../observable.ts";
import { pairSum } from "../../pair-sum.ts";
import type { SpinAction } from "../../spin-action.ts";
import type { SpinObservableBench } from "../../spin-observable.ts";

/**
 * E/N = T S/N of the target action, and the mean of S_i.S_j over nearest neighbours ("bond"). Where the action is not a sum
 * over spins alone but -ln of a weight, T S is no energy but the free energy of what was summed over, and is called so.
 */
export function spinEnergyObservable(space: SpinSpace, action: SpinAction): Observable {
  const { volume } = space.lattice;
  const nearest = pairSum(space, 1, "spin-energy");
  const labels = [action.couplings ? "energy" : "free-energy", "bond"];
  return {
    name: "spin-energy",
    measure(c) {
      const energy = (action.temperature * action.value(c)) / volume;
      return [{ name: "spin-energy", labels, values: Float64Array.of(energy, nearest.of(c.field) / nearest.pairs) }];
    },
  };
}

const parameters = z.object({});

export const spinEnergy: Definition<typeof parameters, Observable, SpinObservableBench> = {
  name: "spin-energy",
  title: "energy per site of the action, T S/N, and the correlation of nearest neighbours",
  cite: ["K. Binder, D. W. Heermann, Monte Carlo Simulation in Statistical Physics (Springer, 1988), section 2.1"],
  parameters,
  build: (_, bench) => spinEnergyObservable(spinsOf(bench, "spin-energy"), bench.action),
};
