import type { Field } from "../../../lattice/field.ts";
import { addForceOfDerivative, derivativeField } from "../../../lattice/links/derivative.ts";
import type { LinkSpace } from "../../../lattice/links/links.ts";
import type { Configuration } from "../../../lattice/space.ts";
import { choleskyInverse } from "../../../numerics/cholesky.ts";
import { inverseOf } from "../../../numerics/dense.ts";
import type { DifferentiableAction } from "../../action.ts";
import type { DiracOperator } from "../operator.ts";
import { isStaggeredEven, logDeterminant } from "./determinant.ts";
import { checkSize, forUnitVectors, loadConjugateRow, matrixOf } from "./matrix.ts";

/**
 * S = -count log |det D|, without pseudofermions: the weight of `count` quark fields (1 is 4 tastes of staggered quarks), for
 * lattices small enough for dense linear algebra. The value costs one decomposition; the force
 * dS = -count Re tr D^{-1} dD the inverse and one derivative of the operator for each of its columns.
 */
export class ExactDeterminant implements DifferentiableAction {
  private readonly space: LinkSpace;
  private readonly operator: DiracOperator;
  private readonly count: number;

  /** Throws a RangeError where the matrix is too large. The operator is loaded here, and released with this. */
  constructor(space: LinkSpace, operator: DiracOperator, count = 1) {
    checkSize(operator.space, operator.domain);
    this.space = space;
    this.operator = operator;
    this.count = count;
  }

  value(c: Configuration): number {
    this.operator.load(c.field);
    return -this.count * logDeterminant(this.operator).logModulus;
  }

  addForce(c: Configuration, weight: number, p: Field): void {
    const delta = derivativeField(this.space);
    this.addDerivative(c, weight, delta);
    addForceOfDerivative(this.space, c.field, delta, 1, p);
    delta.release();
  }

  /**
   * d log |det D| = Re sum_k y_k^dagger dD e_k with y_k = D^{-dagger} e_k. For staggered quarks on even sites, where
   * det D = det D^dagger D, it is 2 Re sum_k (D (D^dagger D)^{-1} e_k)^dagger dD e_k.
   */
  addDerivative(c: Configuration, weight: number, delta: Field): void {
    const { operator, count } = this;
    const { space, domain } = operator;
    operator.load(c.field);
    const [x, y, z] = [space.field(), space.field(), space.field()];
    const rectangular = isStaggeredEven(operator);
    const inverse = rectangular
      ? choleskyInverse(matrixOf(space, domain, (out, v) => operator.normal.apply(out, v)))
      : inverseOf(matrixOf(space, domain, (out, v) => operator.apply(out, v)));
    forUnitVectors(space, domain, x, (k) => {
      loadConjugateRow(space, domain, y, inverse, k);
      if (rectangular) operator.apply(z, y);
      operator.addDerivative(delta, (rectangular ? -2 : -1) * count * weight, rectangular ? z : y, x);
    });
    operator.local?.addDerivative(delta, -count * weight);
    for (const field of [x, y, z]) field.release();
  }

  release(): void {
    this.operator.release();
  }
}
