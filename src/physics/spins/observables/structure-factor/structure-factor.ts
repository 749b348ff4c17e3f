import { z } from "zod";
import { type Bench, spinsOf } from "../../../../lattice/bench.ts";
import type { Definition } from "../../../../lattice/definition.ts";
import { coordinatesOf } from "../../../../lattice/shells.ts";
import type { SpinSpace } from "../../../../lattice/spins/spins.ts";
import type { Observable } from "../../../observable.ts";

/**
 * S(q) = |sum_i S_i exp(-i q.r_i)|^2 / N^2 at the wave vectors q_mu = 2 pi m_mu / L_mu of the whole numbers m; 1 for the order
 * of that wave vector, 1/N for independent spins. Labels are those of m, "m=(0,3)". Throws a RangeError where an m has not one
 * number for every direction.
 */
export function structureFactorObservable(space: SpinSpace, momenta: readonly (readonly number[])[]): Observable {
  const { extents, volume } = space.lattice;
  const n = space.components;
  for (const m of momenta)
    if (m.length !== extents.length)
      throw new RangeError(
        `structure-factor: momentum [${m.join(", ")}] has ${m.length} numbers; a lattice [${extents.join(", ")}] needs ${extents.length}`,
      );
  const waves = momenta.map((m) => wave(m, extents));
  const labels = momenta.map((m) => `m=(${m.join(",")})`);
  return {
    name: "structure-factor",
    measure(c) {
      const s = c.field.view();
      const values = Float64Array.from(waves, ({ cos, sin }) => {
        let sum = 0;
        for (let a = 0; a < n; a++) {
          let [re, im] = [0, 0];
          for (let site = 0; site < volume; site++) {
            re += cos[site]! * s[n * site + a]!;
            im += sin[site]! * s[n * site + a]!;
          }
          sum += re * re + im * im;
        }
        return sum / volume ** 2;
      });
      return [{ name: "structure-factor", labels, values }];
    },
  };
}

/** cos q.r and sin q.r at every site; the angle is reduced in whole numbers, so that q and q + 2 pi are one. */
function wave(m: readonly number[], extents: readonly number[]) {
  const volume = extents.reduce((a, b) => a * b, 1);
  const angles = Array.from({ length: volume }, (_, site) =>
    coordinatesOf(site, extents).reduce((sum, x, mu) => sum + ((x * m[mu]!) % extents[mu]!) / extents[mu]!, 0),
  );
  return {
    cos: Float64Array.from(angles, (turns) => Math.cos(2 * Math.PI * turns)),
    sin: Float64Array.from(angles, (turns) => Math.sin(2 * Math.PI * turns)),
  };
}

const parameters = z.object({
  momenta: z
    .array(z.array(z.int()))
    .min(1, "momenta needs one wave vector at least")
    .optional()
    .describe("wave vectors q = 2 pi m/L as lists of whole numbers m; zero and (L/2, L/2, …) where left out"),
});

export const structureFactor: Definition<typeof parameters, Observable, Bench> = {
  name: "structure-factor",
  title: "static structure factor S(q) = |sum S exp(-iqr)|^2 / N^2",
  cite: ["P. M. Chaikin, T. C. Lubensky, Principles of Condensed Matter Physics (Cambridge, 1995), section 2.1"],
  parameters,
  build({ momenta }, bench) {
    const space = spinsOf(bench, "structure-factor");
    const { extents } = space.lattice;
    const usual = [extents.map(() => 0), extents.map((n) => Math.floor(n / 2))];
    return structureFactorObservable(space, momenta ?? usual);
  },
};
