import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { addLoopDerivative } from "../../loops/derivative.ts";
import { loopsOf } from "../../loops/families.ts";
import { plaquetteStaple, plaquetteSums } from "../../loops/plaquette.ts";
import { addPlaquetteForce } from "../../loops/plaquette-force.ts";
import type { GaugeAction } from "../../loops/staple.ts";
import { betaSchema } from "../beta.ts";

export { plaquetteSums };

/**
 * The Wilson plaquette action S = -(beta/N) sum_n sum_{mu<nu} Re tr P_{mu nu}(n), without the constant
 * (K. G. Wilson, Phys. Rev. D 10 (1974) 2445). For U(1), N = 1.
 */
export function wilsonGauge(space: LinkSpace, beta: number): GaugeAction {
  const coupling = beta / space.group.n;
  return {
    staples: [{ source: plaquetteStaple, coupling }],
    value: (c) => -coupling * plaquetteSums(space, c.field.address).reduce((a, b) => a + b, 0),
    addForce: (c, weight, p) => addPlaquetteForce(space, weight * coupling, c.field, p),
    addDerivative: (c, weight, delta) => addLoopDerivative(space, plaquetteStaple, weight * coupling, c.field, delta),
  };
}

const parameters = z.object({ beta: betaSchema });

export const wilsonGaugeAction: Definition<typeof parameters, GaugeAction, Bench> = {
  name: "wilson-gauge",
  title: "Wilson plaquette action, S = -(beta/N) sum Re tr P",
  cite: ["K. G. Wilson, Phys. Rev. D 10 (1974) 2445"],
  parameters,
  build({ beta }, bench) {
    const space = linksOf(bench, "wilson-gauge");
    loopsOf("plaquette", space.lattice.extents); // says so where there are none
    return wilsonGauge(space, beta);
  },
};
