import type { Field } from "../../lattice/field.ts";
import { addForceOfDerivative, derivativeField } from "../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../lattice/links/links.ts";
import type { Rng } from "../../lattice/rng.ts";
import type { Configuration } from "../../lattice/space.ts";
import type { SpinorSpace } from "../../lattice/spinors/spinors.ts";
import type { DifferentiableAction } from "../action.ts";
import type { Stopping } from "../dirac/solvers/stopping.ts";

/** Where the Dirac equation is solved: to accept or reject, and for forces along a trajectory. */
export interface SolverLimits {
  readonly action: Stopping;
  readonly force: Stopping;
  /** Solutions kept along a trajectory to guess the next one from; 0 starts every solve from zero. */
  readonly history: number;
  /** In what the solver iterates; the limits are always those of the float64 residual. Float64 where left out. */
  readonly precision?: "double" | "mixed";
}

/** A pseudofermion action on links, before its force is turned into momenta. */
export interface PseudofermionTerm {
  /** Vectors of phi. */
  readonly space: SpinorSpace;
  /** S(phi, U) */
  value(u: Field, phi: Field): number;
  /** delta += weight * derivative of S with respect to the links at fixed phi. */
  addDerivative(u: Field, phi: Field, weight: number, delta: Field): void;
  /** phi drawn with density exp(-S), from noise addressed (purpose, step). */
  draw(u: Field, phi: Field, rng: Rng, purpose: string, step: number): void;
}

/**
 * An action of a pseudofermion phi, which lives in the configuration under `key` (unique in a run; also the purpose of its
 * noise): detached from the links, so that the action itself remembers nothing of a chain.
 */
export function pseudofermion(links: LinkSpace, term: PseudofermionTerm, key: string): DifferentiableAction {
  const delta = derivativeField(links);
  const phiOf = (c: Configuration): Field => {
    const phi = c.auxiliary.get(key);
    if (!phi) throw new Error(`the pseudofermion ${key} was not drawn yet: refresh the action first`);
    return phi;
  };
  return {
    value: (c) => term.value(c.field, phiOf(c)),
    addDerivative: (c, weight, into) => term.addDerivative(c.field, phiOf(c), weight, into),
    addForce(c, weight, p) {
      delta.zero();
      term.addDerivative(c.field, phiOf(c), 1, delta);
      addForceOfDerivative(links, c.field, delta, weight, p);
    },
    refresh(c, rng, step) {
      let phi = c.auxiliary.get(key);
      if (!phi) c.auxiliary.set(key, (phi = term.space.field()));
      term.draw(c.field, phi, rng, key, step);
    },
  };
}
