import { expect, test } from "vitest";
import type { Matrix } from "../../../numerics/complex-matrix.ts";
import { logDeterminantOf } from "../../../numerics/dense.ts";
import { configuration, expectClose, hasSharedData, linkSpace } from "../../testing.contract.ts";
import { diracOperator } from "../quark.ts";
import { matrixOf } from "./matrix.ts";
import { storedSpectrum } from "./stored-spectrum.contract.ts";

/**
 * log |det(D - z)| for Dhat = 1 - kappa^2 T_eo T_oe: the even-odd decomposition of 1 - z - kappa T leaves
 * (1 - z)^2 - kappa^2 T_eo T_oe = Dhat + (1 - z)^2 - 1 on the even sites.
 */
function shifted(dhat: Matrix, [x, y]: readonly [number, number]): number {
  const moved = dhat.slice();
  const n = Math.sqrt(moved.length / 2);
  for (let i = 0; i < n; i++) {
    moved[2 * (i * n + i)]! += (1 - x) ** 2 - y ** 2 - 1;
    moved[2 * (i * n + i) + 1]! -= 2 * (1 - x) * y;
  }
  return logDeterminantOf(moved).logModulus;
}

test.skipIf(!hasSharedData)("log |det(D - z)| is the sum over the 3072 stored eigenvalues", () => {
  const { eigenvalues, data, fermion } = storedSpectrum();
  expect(eigenvalues).toHaveLength(3072);
  const space = linkSpace({ group: "SU(3)", extents: data.extents });
  const op = diracOperator(space, fermion, "even");
  op.load(configuration(space, data).field);
  const dhat = matrixOf(op.space, "even", (out, x) => op.apply(out, x));
  for (const z of [
    [0, 0],
    [0.7, 0.4],
  ] as const) {
    const sum = eigenvalues.reduce((total, [re, im]) => total + Math.log(Math.hypot(re - z[0], im - z[1])), 0);
    expectClose(shifted(dhat, z), sum, 1e-11);
  }
});
