import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { shellCount } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { Observable } from "../../../observable.ts";
import { pairSum } from "../../pair-sum.ts";

/** Mean of S_i.S_j over the pairs of the shells 1 to `count`; the label is the square of their distance. */
export function spinCorrelationObservable(space: SpinSpace, count: number): Observable {
  const shells = Array.from({ length: count }, (_, n) => pairSum(space, n + 1, "spin-correlation"));
  const labels = shells.map(({ r2 }) => `r²=${r2}`);
  return {
    name: "spin-correlation",
    measure: (c) => [
      {
        name: "spin-correlation",
        labels,
        values: Float64Array.from(shells, (shell) => shell.of(c.field) / shell.pairs),
      },
    ],
  };
}

const parameters = z.object({
  shells: z
    .int()
    .min(1, "shells must be 1 or more")
    .optional()
    .describe("shells of neighbours by distance; all of the lattice, at most 12, where left out"),
});

export const spinCorrelation: Definition<typeof parameters, Observable, Bench> = {
  name: "spin-correlation",
  title: "mean of S_i.S_j by distance, over the shells of neighbours",
  cite: ["M. E. Fisher, Am. J. Phys. 32 (1964) 343"],
  parameters,
  build({ shells }, bench) {
    const space = spinsOf(bench, "spin-correlation");
    return spinCorrelationObservable(space, shells ?? Math.min(12, shellCount(space.lattice.extents)));
  },
};
