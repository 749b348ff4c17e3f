import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { fieldStrengthSums, leafCount } from "../../field-strength/field-strength.ts";
import { loopsOf, planes } from "../../loops/families.ts";
import { plaquetteSums } from "../../loops/plaquette.ts";
import type { Observable } from "../../observable.ts";

/**
 * Mean of E = (1/4) F^a F^a over the sites, in lattice units:
 * - clover: -sum_{mu<nu} tr F^2 with F = TA(four leaves)/4;
 * - plaquette: 2 sum_{mu<nu} Re tr(1 - P) (M. Lüscher, JHEP 08 (2010) 071, eq. 3.1);
 * - latticeqcdJl: what LatticeQCD.jl prints as energy density, sum_{mu != nu} Re tr C^2 / (4 * planes * N * 8) with the
 *   bare sum C of the leaves. It is 1 on unit links and no energy density; never take a scale from it.
 *
 * For U(1), where F is a number, E = (1/2) sum_{mu<nu} F^2: half of the first two expressions.
 */
export function energyDensities(space: LinkSpace, address: number) {
  const { volume, dimension } = space.lattice;
  const { n, special } = space.group;
  const count = planes(dimension).length;
  const { square, raw } = fieldStrengthSums(space, address, "clover");
  const plaquettes = plaquetteSums(space, address).reduce((a, b) => a + b, 0);
  const norm = (special ? 1 : 1 / 2) / volume;
  return {
    clover: (-norm * square) / leafCount.clover ** 2,
    plaquette: 2 * norm * (n * volume * count - plaquettes),
    latticeqcdJl: (2 * raw) / (4 * count * n * 8 * volume),
  };
}

const parameters = z.object({});

export const energyDensity: Definition<typeof parameters, Observable, Bench> = {
  name: "energy-density",
  title: "energy density (1/4) F F by clovers and by plaquettes; and the number LatticeQCD.jl prints by that name",
  cite: ["M. Lüscher, JHEP 08 (2010) 071"],
  parameters,
  build(_, bench) {
    const space = linksOf(bench, "energy-density");
    loopsOf("plaquette", space.lattice.extents); // says so where there are none
    const labels = ["clover", "plaquette", "latticeqcd-jl"];
    return {
      name: "energy-density",
      measure(c) {
        const { clover, plaquette, latticeqcdJl } = energyDensities(space, c.field.address);
        return [{ name: "energy-density", labels, values: Float64Array.of(clover, plaquette, latticeqcdJl) }];
      },
    };
  },
};
