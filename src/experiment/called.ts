import { apart } from "../numerics/rng.ts";
import type { Observable } from "../physics/observable.ts";

/**
 * An observable under a name of its own, beside others of its kind: its measurements carry `name`, those of a compound
 * (the gradient flow) `name.` in front of theirs, and it draws from random streams that nothing else draws from.
 */
export function called(name: string, observable: Observable): Observable {
  return {
    name,
    measure(c, rng, step) {
      return observable.measure(c, apart(rng, `${name}: `), step).map((one) => ({
        ...one,
        name: one.name === observable.name ? name : `${name}.${one.name}`,
        // a single number is labelled by the name of its observable
        labels: one.labels.map((label) => (label === observable.name ? name : label)),
      }));
    },
  };
}
