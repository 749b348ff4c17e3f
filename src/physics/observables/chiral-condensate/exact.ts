import type { LinkSpace } from "../../../lattice/links/links.ts";
import { checkSize, dimensionOf, forUnitVectors, LARGEST_MATRIX, placeOf } from "../../dirac/exact/matrix.ts";
import { hasDenseTrace, traceOfInverse } from "../../dirac/exact/trace.ts";
import { buildQuark, type Quark, type QuarkGiven } from "../../dirac/quark.ts";

/** Quarks between domain walls are not the operator in five dimensions. */
const isDense = ({ operator, space }: Quark) => operator.space === space && hasDenseTrace(operator);

/** Throws a RangeError where the lattice is too large for an exact trace. */
export function checkExactTrace(space: LinkSpace, given: QuarkGiven): void {
  const quark = buildQuark(space, given);
  try {
    if (isDense(quark)) checkSize(quark.operator.space, quark.operator.domain);
    else if (dimensionOf(quark.space, "all") > LARGEST_MATRIX)
      throw new RangeError(
        `exact: the quark field has ${dimensionOf(quark.space, "all")} components, each of which is one solution of the ` +
          `Dirac equation; the exact trace is for ${LARGEST_MATRIX} at most, larger lattices want noise sources`,
      );
  } finally {
    quark.release();
  }
}

/**
 * Re Tr S at the loaded field: by dense linear algebra for staggered and Wilson quarks, to the precision of the solver, one
 * solution for each component of the quark field, for others.
 */
export function exactTrace(quark: Quark): number {
  if (isDense(quark)) return traceOfInverse(quark.operator);
  const { space } = quark;
  const { place } = placeOf(space, "all");
  const [eta, psi] = [space.field(), space.field()];
  let trace = 0;
  try {
    forUnitVectors(space, "all", eta, (k) => {
      quark.solve(psi, eta);
      trace += psi.view()[place(k)]!;
    });
    return trace;
  } finally {
    eta.release();
    psi.release();
  }
}
