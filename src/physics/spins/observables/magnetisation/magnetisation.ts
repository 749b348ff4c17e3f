import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import type { Observable } from "../../../observable.ts";
import { orderObservable } from "../order.ts";

const parameters = z.object({});

/** |m|, m^2 and m^4 of m = sum_i S_i / N. */
export const magnetisation: Definition<typeof parameters, Observable, Bench> = {
  name: "magnetisation",
  title: "uniform magnetisation |m|, m^2, m^4 with m = sum S / N",
  cite: ["K. Binder, Z. Phys. B 43 (1981) 119"],
  parameters,
  build: (_, bench) => orderObservable("magnetisation", spinsOf(bench, "magnetisation"), () => 1),
};
