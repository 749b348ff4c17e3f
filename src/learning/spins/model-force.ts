import type { Field } from "../../lattice/field.ts";
import type { Configuration } from "../../lattice/space.ts";
import type { SpinSpace } from "../../lattice/spins/spins.ts";
import type { SpinAction } from "../../physics/spins/spin-action.ts";

const gradients = new WeakMap<SpinSpace, Field>();

/** p += weight * F of an action that tells its Euclidean gradient; the memory for that is made once a space. */
export function modelForce(
  space: SpinSpace,
  action: Pick<SpinAction, "addDerivative">,
  c: Configuration,
  weight: number,
  p: Field,
): void {
  const gradient = gradients.get(space) ?? space.field();
  gradients.set(space, gradient);
  gradient.zero();
  action.addDerivative(c, 1, gradient);
  space.addForceOf(c.field, gradient, weight, p);
}
