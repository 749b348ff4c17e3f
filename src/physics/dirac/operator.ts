import type { Field } from "../../lattice/field.ts";
import type { Sites, SpinorSpace } from "../../lattice/spinors/spinors.ts";

/** A Hermitian positive operator, as conjugate gradients and Lanczos see it. */
export interface NormalOperator {
  readonly space: SpinorSpace;
  readonly sites: Sites;
  /** out = A x; returns x^dagger A x. out is not x. */
  apply(out: Field, x: Field): number;
}

/**
 * A lattice Dirac operator D, on all sites or (preconditioned) on the even ones. It knows one gauge field at a time: that of the
 * last `load`. Vectors live on `domain` before and on `range` after D; the other sites of a field may be used as work
 * space.
 */
export interface DiracOperator {
  readonly name: string;
  readonly space: SpinorSpace;
  readonly domain: Sites;
  readonly range: Sites;
  /** Takes over a gauge field. Call it again whenever the field has changed. */
  load(u: Field): void;
  /** out = D x */
  apply(out: Field, x: Field): void;
  /** out = D^dagger y */
  applyDagger(out: Field, y: Field): void;
  /** D^dagger D on the domain. */
  readonly normal: NormalOperator;
  /**
   * delta_mu(n) += weight * derivative of Re(y^dagger D x), at the loaded field, in the sense
   * d Re(y^dagger D x) = Re sum tr[delta_mu(n) dU_mu(n)]; delta has the layout of links. x on the domain, y on the range;
   * both are kept there.
   */
  addDerivative(delta: Field, weight: number, y: Field, x: Field): void;
  /**
   * Factors of det D that the preconditioned operator leaves out (clover, even-odd): log of their product, and its
   * derivative added to delta. Absent where there are none.
   */
  readonly local?: {
    logDeterminant(): number;
    addDerivative(delta: Field, weight: number): void;
  };
  /** How D psi = b on all sites is solved with a preconditioned operator. Absent where the domain is all sites. */
  readonly evenOdd?: EvenOdd;
  /**
   * D^dagger D in float32, on the field of the last `load`, for mixed-precision solvers; released with this operator.
   * Undefined where the lattice has no quads, absent where the operator has no float32 form.
   */
  single?(): SingleOperator | undefined;
  release(): void;
}

/** Between D on all sites and the operator P on part of them that stands for it. */
export interface EvenOdd {
  /** out = D x on all sites */
  whole(out: Field, x: Field): void;
  /** out, on the range of P: the right-hand side with which P psi = out has the solution of D psi = b on the domain. */
  source(out: Field, b: Field): void;
  /** Completes psi, known on the domain, to the solution of D psi = b on all sites. */
  reconstruct(psi: Field, b: Field): void;
}

/** D^dagger D in float32 and the way between its vectors and the float64 ones, on the domain. */
export interface SingleOperator {
  readonly normal: NormalOperator;
  /** to <- from, rounded to float32 */
  demote(to: Field, from: Field): void;
  /** to <- to + from, in float64 */
  promoteAdd(to: Field, from: Field): void;
}

/** The float32 side of an operator with these float64 vectors. */
export function singleOperator(space: SpinorSpace, normal: NormalOperator): SingleOperator {
  return {
    normal,
    demote: (to, from) => space.toSingle(normal.sites, to, from),
    promoteAdd: (to, from) => space.addSingle(normal.sites, to, from),
  };
}
