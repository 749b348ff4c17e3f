import { describe, expect, test } from "vitest";
import { determinant, fromEntries, identity, multiply } from "../../../numerics/complex-matrix.ts";
import { fifthDirection, fifthInverse, logDeterminantFifth } from "./coefficients.ts";

/** F of positive chirality: one above the diagonal, -mass in the corner. */
const shift = (L5: number, mass: number) =>
  fromEntries(L5, (i, j) => {
    if (i === L5 - 1) return [j === 0 ? -mass : 0, 0];
    return [j === i + 1 ? 1 : 0, 0];
  });

const plusShift = (p: number, q: number, f: Float64Array, L5: number) =>
  identity(L5).map((one, k) => p * one + q * f[k]!);

describe.each([
  [4, -1, 5, 0.1],
  [5.5, 0.5, 8, 0],
  [4, 2, 3, 1],
  [1, -3, 4, 0.2],
  [2, 0, 4, 0.2],
  [4, -1, 1, 0.3],
])("%d + %d F with L5 = %d and mass %d", (p, q, L5, mass) => {
  const f = shift(L5, mass);

  test("its determinant", () => {
    const [dense] = determinant(plusShift(p, q, f, L5));
    expect(logDeterminantFifth({ p, q }, L5, mass)).toBeCloseTo(Math.log(Math.abs(dense)), 12);
  });

  test("its inverse: (1/p) ratio^k F^k, and wrap for the power that goes once round", () => {
    const { scale, ratio, wrap } = fifthInverse({ p, q }, L5, mass);
    let [sum, power] = [identity(L5).fill(0), identity(L5)];
    // wrap / scale = -mass ratio / norm, so this is 1 / norm
    const norm = mass === 0 || ratio === 0 ? 1 : wrap / (scale * -mass * ratio);
    for (let k = 0; k < L5; k++) {
      sum = sum.map((value, i) => value + norm * scale * ratio ** k * power[i]!);
      power = multiply(power, f);
    }
    const product = multiply(sum, plusShift(p, q, f, L5));
    const one = identity(L5);
    for (let k = 0; k < one.length; k++) expect(product[k]).toBeCloseTo(one[k]!, 10);
  });
});

test("the operator of Shamir has M5 = (d + M + 1) - F and B = 1", () => {
  const { diagonal, right } = fifthDirection(4, { L5: 8, M: -1.8, mass: 0.1, b: 1, c: 1 });
  expect(diagonal.p).toBeCloseTo(3.2, 14);
  expect(diagonal.q).toBe(-1);
  expect(right).toEqual({ p: 1, q: 0 });
});

test("a singular matrix is refused", () => {
  expect(() => fifthInverse({ p: 0, q: 1 }, 4, 0.1)).toThrow(/singular/);
  expect(() => fifthInverse({ p: 1, q: 1 }, 3, 1)).toThrow(/singular/);
});
