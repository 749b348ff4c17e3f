import { Field } from "../../lattice/field.ts";
import type { Configuration } from "../../lattice/space.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import type { SpinAction } from "./spin-action.ts";

/**
 * The `addForce` of an action of spins from its Euclidean gradient: p += weight F, F_i = -(S_i x dS/dS_i). Throws a
 * TypeError for Ising spins, which have no momenta.
 */
export function forceOf(space: SpinSpace, addDerivative: SpinAction["addDerivative"]): SpinAction["addForce"] {
  let gradient: Field | undefined;
  return (c: Configuration, weight: number, p: Field) => {
    gradient ??= new Field(space.lattice.device, space.length);
    gradient.zero();
    addDerivative(c, 1, gradient);
    space.addForceOf(c.field, gradient, weight, p);
  };
}
