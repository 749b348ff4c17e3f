import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { loopsOf } from "../../loops/families.ts";
import type { GaugeAction } from "../../loops/staple.ts";
import { betaSchema } from "../beta.ts";
import { loopGauge } from "../loop-gauge/loop-gauge.ts";
import { wilsonGauge } from "../wilson-gauge/wilson-gauge.ts";

/** c1 by name. */
export const improvements = {
  symanzik: -1 / 12, // tree level: P. Weisz, Nucl. Phys. B 212 (1983) 1; M. Lüscher and P. Weisz, CMP 97 (1985) 59
  iwasaki: -0.331, // Y. Iwasaki, Nucl. Phys. B 258 (1985) 141
  dbw2: -1.4088, // QCD-TARO, P. de Forcrand et al., Nucl. Phys. B 577 (2000) 263
} as const;

export type Improvement = keyof typeof improvements;

/**
 * S = -(beta/N) [c0 sum_n sum_{mu<nu} Re tr P + c1 sum_n sum_{mu != nu} Re tr R], c0 = 1 - 8 c1, with the 2x1 rectangles
 * R in both orientations of each plane.
 */
export function rectangleGauge(space: LinkSpace, beta: number, c1: number): GaugeAction {
  const plaquettes = wilsonGauge(space, beta * (1 - 8 * c1));
  const rectangles = loopGauge(space, beta * c1, loopsOf("rectangle", space.lattice.extents));
  return {
    staples: [...plaquettes.staples, ...rectangles.staples],
    value: (c) => plaquettes.value(c) + rectangles.value(c),
    addForce(c, weight, p) {
      plaquettes.addForce(c, weight, p);
      rectangles.addForce(c, weight, p);
    },
    addDerivative(c, weight, delta) {
      plaquettes.addDerivative(c, weight, delta);
      rectangles.addDerivative(c, weight, delta);
    },
  };
}

const parameters = z
  .object({
    beta: betaSchema,
    c1: z.number().optional().describe("coefficient of the rectangles (the plaquettes have 1 - 8 c1)"),
    improvement: z
      .enum(["symanzik", "iwasaki", "dbw2"])
      .optional()
      .describe("a named c1: symanzik -1/12 (tree level), iwasaki -0.331, dbw2 -1.4088"),
  })
  .refine(({ c1, improvement }) => (c1 === undefined) !== (improvement === undefined), {
    message: 'rectangle-gauge takes either c1 or improvement ("symanzik", "iwasaki", "dbw2"), and needs one of them',
  });

export const rectangleGaugeAction: Definition<typeof parameters, GaugeAction, Bench> = {
  name: "rectangle-gauge",
  title: "improved action of plaquettes and 2x1 rectangles (Symanzik, Iwasaki, DBW2)",
  cite: [
    "M. Lüscher and P. Weisz, Commun. Math. Phys. 97 (1985) 59",
    "Y. Iwasaki, Nucl. Phys. B 258 (1985) 141",
    "QCD-TARO, P. de Forcrand et al., Nucl. Phys. B 577 (2000) 263",
  ],
  parameters,
  build({ beta, c1, improvement }, bench) {
    return rectangleGauge(linksOf(bench, "rectangle-gauge"), beta, c1 ?? improvements[improvement ?? "symanzik"]);
  },
};
