import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { fieldStrengthSums, type Leaves, leafCount } from "../../field-strength/field-strength.ts";
import type { Observable } from "../../observable.ts";

/**
 * Q = -1/(32 pi^2) sum_n epsilon_{mu nu rho sigma} tr(F_{mu nu} F_{rho sigma}), F = TA(sum of k leaves)/k. With the
 * eight rectangles this estimates half of the charge (their area is 2, so the square is 4, and half of Q is from k = 8).
 */
function charge(space: LinkSpace, address: number, leaves: Leaves): number {
  const { dual } = fieldStrengthSums(space, address, leaves);
  // each of the three products of planes appears eight times in the sum over mu, nu, rho, sigma
  return (-8 * dual) / (32 * Math.PI ** 2 * leafCount[leaves] ** 2);
}

/**
 * Charges by plaquettes, by clovers, and improved: (5/3) Q_clover - (1/12) Q_rectangle with Q_rectangle twice the sum
 * above over rectangles (P. de Forcrand, M. García Pérez, I.-O. Stamatescu, Nucl. Phys. B 499 (1997) 409; normalised
 * as in LatticeQCD.jl).
 */
export function topologicalCharges(space: LinkSpace, address: number) {
  const clover = charge(space, address, "clover");
  return {
    plaquette: charge(space, address, "plaquette"),
    clover,
    improved: (5 / 3) * clover - (1 / 12) * 2 * charge(space, address, "rectangle"),
  };
}

const parameters = z.object({});

export const topologicalCharge: Definition<typeof parameters, Observable, Bench> = {
  name: "topological-charge",
  title: "topological charge by plaquettes, by clovers and improved (four dimensions)",
  cite: [
    "P. Di Vecchia, K. Fabricius, G. C. Rossi, G. Veneziano, Nucl. Phys. B 192 (1981) 392",
    "P. de Forcrand, M. García Pérez, I.-O. Stamatescu, Nucl. Phys. B 499 (1997) 409",
  ],
  parameters,
  build(_, bench) {
    const space = linksOf(bench, "topological-charge");
    const { dimension } = space.lattice;
    if (dimension !== 4)
      throw new RangeError(
        `topological-charge is defined in four dimensions, this lattice has ${dimension}; leave it out`,
      );
    const labels = ["plaquette", "clover", "improved"];
    return {
      name: "topological-charge",
      measure(c) {
        const { plaquette, clover, improved } = topologicalCharges(space, c.field.address);
        return [{ name: "topological-charge", labels, values: Float64Array.of(plaquette, clover, improved) }];
      },
    };
  },
};
