import {
  canted,
  cone,
  ferromagnet,
  golden,
  neel,
  spinData,
  spiral,
  stripe,
} from "../../../../lattice/spins/configurations.contract.ts";
import type { SpinData } from "../../../../lattice/spins/spin-data.ts";
import { spinConfiguration, spinSpace } from "../../testing.contract.ts";
import { type DoubleExchangeParameters, doubleExchange } from "./double-exchange.ts";

/** A configuration by the name that the tables of reference.contract.ts give it: "FM", "Neel", "spiral(1,0)", "golden(0)", … */
export function named(name: string, extents: readonly number[]): SpinData {
  const [word, ...rest] = name.split(/[(),]/);
  const [a = 0, b = 0, theta = 0] = rest.slice(0, -1).map(Number);
  const volume = extents.reduce((x, y) => x * y, 1);
  const make: Record<string, () => Float64Array> = {
    FM: () => ferromagnet(volume),
    Neel: () => neel(extents),
    stripe: () => stripe(extents),
    canted: () => canted(extents),
    golden: () => golden(volume, a),
    spiral: () => spiral(extents, a, b),
    cone: () => cone(extents, a, b, theta),
  };
  const made = make[word!];
  if (!made) throw new RangeError(`no configuration ${name}`);
  return spinData(extents, made());
}

/** The action with t = J = 1, mu = 0, beta = 10 and periodic boundaries where nothing else is said, on named spins. */
export function electronsIn(
  extents: readonly number[],
  spins: string | SpinData,
  given: Partial<DoubleExchangeParameters> & { readonly beta?: number } = {},
) {
  const { beta = 10, ...others } = given;
  const data = typeof spins === "string" ? named(spins, extents) : spins;
  const space = spinSpace({ spins: data.spins, extents });
  const action = doubleExchange(space, { t: 1, J: 1, mu: 0, temperature: 1 / beta, boundary: "periodic", ...others });
  return { space, action, c: spinConfiguration(space, data) };
}

/** The matrix h of a configuration, (re, im), row-major. */
export function matrixOf({ action, c }: ReturnType<typeof electronsIn>): Float64Array {
  const { hamiltonian } = action.electrons;
  const matrix = new Float64Array(2 * hamiltonian.n ** 2);
  hamiltonian.write(c.field.view(), matrix);
  return matrix;
}
