import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { Observable } from "../../../observable.ts";
import { orderObservable } from "../order.ts";

const parameters = z.object({});

/** |m|, m^2 and m^4 of m = sum_i (-1)^(x + y + …) S_i / N, the order of an antiferromagnet. */
export const staggeredMagnetisation: Definition<typeof parameters, Observable, Bench> = {
  name: "staggered-magnetisation",
  title: "staggered magnetisation |m|, m^2, m^4 with m = sum (-1)^(x+y+…) S / N",
  cite: ["L. Néel, Ann. Phys. (Paris) 10 (1932) 5", "K. Binder, Z. Phys. B 43 (1981) 119"],
  parameters,
  build(_, bench) {
    const space = spinsOf(bench, "staggered-magnetisation");
    const { extents } = space.lattice;
    const odd = extents.findIndex((n) => n % 2 === 1);
    if (odd >= 0)
      throw new RangeError(
        `staggered-magnetisation: lattice [${extents.join(", ")}] has the odd extent ${extents[odd]} in direction ${odd}, round which the sign (-1)^(x+y+…) does not close; take even extents, or measure structure-factor`,
      );
    const sign = (site: number) => (coordinatesOf(site, extents).reduce((a, b) => a + b, 0) % 2 === 0 ? 1 : -1);
    return orderObservable("staggered-magnetisation", space, sign);
  },
};
