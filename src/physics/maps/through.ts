import type { Field } from "../../lattice/field.ts";
import { addForceOfDerivative, addScaledDerivative, derivativeField } from "../../lattice/links/derivative.ts";
import type { Configuration } from "../../lattice/space.ts";
import { type Action, type DifferentiableAction, isDifferentiable } from "../action.ts";
import type { FieldMap, Image } from "./field-map.ts";

/** An action of mapped links, as an action of the links themselves. */
export interface MappedAction extends DifferentiableAction {
  /** gradient += weight * dS/dparameters of the map, in their order. */
  addGradient(c: Configuration, weight: number, gradient: Float64Array): void;
}

/**
 * S(U) = action(map(U)), with the exact force by the chain rule. The action keeps its auxiliary fields, and its heat bath
 * sees the mapped links. The image is made anew in every call, because fields change in place.
 *
 * Throws a TypeError where the action does not tell its derivative.
 */
export function through(action: Action, map: FieldMap): MappedAction {
  if (!isDifferentiable(action))
    throw new TypeError(
      "this action cannot be taken on smeared links: it gives a force only, and the chain rule needs its derivative (addDerivative)",
    );
  const { space } = map;
  const on = <T>(c: Configuration, work: (mapped: Configuration, image: Image) => T): T => {
    const image = map.apply(c.field);
    try {
      return work({ ...c, field: image.field }, image);
    } finally {
      image.release();
    }
  };
  let buffer: Field | undefined;
  /** weight times the derivative with respect to the links of `c`, in memory that the next call uses again. */
  const derivative = (c: Configuration, weight: number, gradient?: Float64Array): Field =>
    on(c, (mapped, image) => {
      const delta = (buffer ??= derivativeField(space));
      delta.zero();
      action.addDerivative(mapped, weight, delta);
      image.pull(delta, gradient);
      return delta;
    });
  const { refresh, parts } = action;
  return {
    value: (c) => on(c, (mapped) => action.value(mapped)),
    addForce: (c, weight, p) => addForceOfDerivative(space, c.field, derivative(c, weight), 1, p),
    addDerivative: (c, weight, delta) => addScaledDerivative(space, delta, derivative(c, weight), 1),
    addGradient: (c, weight, gradient) => void derivative(c, weight, gradient),
    ...(parts ? { parts: parts.map((part) => ({ name: part.name, action: through(part.action, map) })) } : {}),
    ...(refresh ? { refresh: (c, rng, step) => on(c, (mapped) => refresh.call(action, mapped, rng, step)) } : {}),
  };
}
