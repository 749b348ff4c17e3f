import type { Field } from "./field.ts";
import type { Lattice } from "./lattice.ts";
import type { Rng } from "./rng.ts";

/** A manifold of configurations: all that molecular dynamics and files need to know, no physics. */
export interface Space {
  /** "SU(3)-links", "U(1)-links", … */
  readonly kind: string;
  readonly lattice: Lattice;
  /** A new field at the origin of the manifold (unit links). */
  field(): Field;
  /** A new momentum field, zero. */
  momenta(): Field;
  /** Draws momenta with density exp(-K), addressed ("momenta", step, site). */
  drawMomenta(p: Field, rng: Rng, step: number): void;
  /** K = <P, P>/2. */
  kinetic(p: Field): number;
  /** U <- exp(dt P) U */
  drift(u: Field, p: Field, dt: number): void;
  /** Largest distance from the manifold. */
  defect(u: Field): number;
  /** Puts the field back on the manifold after rounding. */
  project(u: Field): void;
}

/** What an action sees: the field and whatever auxiliary fields (pseudofermions) live with it. */
export interface Configuration {
  readonly space: Space;
  readonly field: Field;
  readonly auxiliary: Map<string, Field>;
}
