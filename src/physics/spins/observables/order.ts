import type { SpinSpace } from "../../../lattice/spins/spins.ts";
import type { Observable } from "../../observable.ts";

/**
 * The vector m = sum_i w_i S_i / N of an order with the weight w_i at site i: its length, and the second and fourth power of
 * that. They do not vanish without order: of independent spins <m^2> = 1/N.
 */
export function orderObservable(name: string, space: SpinSpace, weight: (site: number) => number): Observable {
  const { volume } = space.lattice;
  const n = space.components;
  const weights = Float64Array.from({ length: volume }, (_, site) => weight(site) / volume);
  return {
    name,
    measure(c) {
      const s = c.field.view();
      let m2 = 0;
      for (let a = 0; a < n; a++) {
        let m = 0;
        for (let site = 0; site < volume; site++) m += weights[site]! * s[n * site + a]!;
        m2 += m * m;
      }
      return [{ name, labels: ["abs", "squared", "fourth"], values: Float64Array.of(Math.sqrt(m2), m2, m2 * m2) }];
    },
  };
}
