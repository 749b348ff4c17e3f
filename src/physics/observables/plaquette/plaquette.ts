import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import { loopsOf, planes } from "../../loops/families.ts";
import { plaquetteSums } from "../../loops/plaquette.ts";
import type { Observable } from "../../observable.ts";

/** Mean of Re tr P / N over all planes; in three and more dimensions also over those without and with time. */
export function plaquetteObservable(space: LinkSpace): Observable {
  const { lattice, group } = space;
  const list = planes(lattice.dimension);
  const time = lattice.dimension - 1;
  const labels = lattice.dimension > 2 ? ["plaquette", "spatial", "temporal"] : ["plaquette"];
  return {
    name: "plaquette",
    measure(c) {
      const sums = plaquetteSums(space, c.field.address);
      const mean = (chosen: (nu: number) => boolean) => {
        const values = list.flatMap(([, nu], i) => (chosen(nu) ? [sums[i]!] : []));
        return values.reduce((a, b) => a + b, 0) / (values.length * group.n * lattice.volume);
      };
      const all = [mean(() => true), mean((nu) => nu !== time), mean((nu) => nu === time)];
      return [{ name: "plaquette", labels, values: Float64Array.from(all.slice(0, labels.length)) }];
    },
  };
}

const parameters = z.object({});

export const plaquette: Definition<typeof parameters, Observable, Bench> = {
  name: "plaquette",
  title: "mean plaquette Re tr P / N, with its spatial and temporal parts",
  cite: ["K. G. Wilson, Phys. Rev. D 10 (1974) 2445"],
  parameters,
  build(_, bench) {
    const space = linksOf(bench, "plaquette");
    loopsOf("plaquette", space.lattice.extents); // says so where there are none
    return plaquetteObservable(space);
  },
};
