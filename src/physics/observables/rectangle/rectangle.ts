import { z } from "zod";
import { type Bench, linksOf } from "../../../lattice/bench.ts";
import type { Definition } from "../../../lattice/definition.ts";
import { loopsOf } from "../../loops/families.ts";
import { loopSums } from "../../loops/loop-sum.ts";
import type { Observable } from "../../observable.ts";

const parameters = z.object({});

/** Mean of Re tr R / N over the 2x1 rectangles in both orientations of every plane. */
export const rectangle: Definition<typeof parameters, Observable, Bench> = {
  name: "rectangle",
  title: "mean 2x1 rectangle Re tr R / N over both orientations of every plane",
  cite: ["M. Lüscher and P. Weisz, Commun. Math. Phys. 97 (1985) 59"],
  parameters,
  build(_, bench) {
    const space = linksOf(bench, "rectangle");
    const { volume, extents } = space.lattice;
    const loops = loopsOf("rectangle", extents);
    return {
      name: "rectangle",
      measure(c) {
        const sum = loopSums(space, c.field.address, loops).reduce((total, { re }) => total + re, 0);
        const value = sum / (loops.length * space.group.n * volume);
        return [{ name: "rectangle", labels: ["rectangle"], values: Float64Array.of(value) }];
      },
    };
  },
};
