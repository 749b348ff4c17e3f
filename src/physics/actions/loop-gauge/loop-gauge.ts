import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addLoopDerivative } from "../../loops/derivative.ts";
import { checkedLoops, loopFamilies, loopsOf } from "../../loops/families.ts";
import { addLoopForce } from "../../loops/force.ts";
import { loopStaple } from "../../loops/loop-staple.ts";
import { loopSums } from "../../loops/loop-sum.ts";
import type { Path } from "../../loops/path.ts";
import type { GaugeAction } from "../../loops/staple.ts";

/**
 * S = -(beta/N) sum_n sum_w Re tr w(n) over closed loops w, each counted once whatever its orientation and starting
 * point. Throws a RangeError for a path that is no closed loop on the lattice of `space`.
 */
export function loopGauge(space: LinkSpace, beta: number, paths: readonly Path[]): GaugeAction {
  const loops = checkedLoops(paths, space.lattice.extents);
  const source = loopStaple(loops, space.lattice.dimension);
  const coupling = beta / space.group.n;
  return {
    staples: [{ source, coupling }],
    value: (c) => -coupling * loopSums(space, c.field.address, loops).reduce((sum, { re }) => sum + re, 0),
    addForce: (c, weight, p) => addLoopForce(space, source, weight * coupling, c.field, p),
    addDerivative: (c, weight, delta) => addLoopDerivative(space, source, weight * coupling, c.field, delta),
  };
}

const parameters = z
  .object({
    beta: z.number().describe("coupling of the loops; any sign"),
    loops: z.enum(loopFamilies).optional().describe("a family of loops by name"),
    paths: z
      .array(z.array(z.int()))
      .min(1)
      .optional()
      .describe(
        "closed loops as lists of direction steps: 1 is x forwards, -1 backwards; [1, 2, -1, -2] is a plaquette",
      ),
  })
  .refine(({ loops, paths }) => (loops === undefined) !== (paths === undefined), {
    message: `loop-gauge takes either loops (${loopFamilies.join(", ")}) or paths, and needs one of them`,
  });

export const loopGaugeAction: Definition<typeof parameters, GaugeAction, Bench> = {
  name: "loop-gauge",
  title: "any closed loops, S = -(beta/N) sum Re tr w",
  cite: ["K. G. Wilson, Phys. Rev. D 10 (1974) 2445", "A. M. Polyakov, Phys. Lett. B 72 (1978) 477"],
  parameters,
  build({ beta, loops, paths }, bench) {
    const space = linksOf(bench, "loop-gauge");
    return loopGauge(space, beta, loops ? loopsOf(loops, space.lattice.extents) : (paths ?? []));
  },
};
