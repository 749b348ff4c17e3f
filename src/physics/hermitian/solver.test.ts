import { afterAll, describe, expect, it } from "vitest";
import { openDevice } from "../../kernels/node.ts";
import type { Matrix } from "../../numerics/complex-matrix.ts";
import { gaussianHermitian } from "../../numerics/dense.contract.ts";
import { hermitianEigenvalues } from "../../numerics/hermitian.ts";
import { hermitianSolver } from "./solver.ts";

const wasm = openDevice({ workers: 1 });
const javascript = openDevice({ backend: "javascript" });
const two = openDevice({ workers: 2, dispatch: "always" });
afterAll(() => {
  wasm.close();
  two.close();
  javascript.close();
});

/** Eigenvalues alone, and with vectors, of a dense Hermitian matrix. */
function solve(a: Matrix, device = wasm) {
  const n = Math.sqrt(a.length / 2);
  const solver = hermitianSolver(device, n);
  solver.matrix().set(a);
  const alone = solver.eigenvalues().slice();
  solver.matrix().set(a);
  const { values, vectors } = solver.decompose();
  const result = { n, alone, values: values.slice(), vectors: vectors.slice() };
  solver.release();
  return result;
}

const largest = (a: ArrayLike<number>): number => Array.from(a).reduce((m, x) => Math.max(m, Math.abs(x)), 0);

/** sum_j a_j b_j of complex numbers, or of a_j^* b_j. */
function dot(a: Matrix, b: Matrix, sign: 1 | -1): readonly [number, number] {
  let [re, im] = [0, 0];
  for (let j = 0; j < a.length; j += 2) {
    re += a[j]! * b[j]! - sign * a[j + 1]! * b[j + 1]!;
    im += a[j]! * b[j + 1]! + sign * a[j + 1]! * b[j]!;
  }
  return [re, im];
}

/** Largest elements of A v - lambda v, over the largest of A, and of v^† v' - 1. */
function defects(a: Matrix, values: Float64Array, vectors: Matrix): { residual: number; overlap: number } {
  const n = values.length;
  const row = (m: Matrix, i: number) => m.subarray(2 * n * i, 2 * n * (i + 1));
  let [residual, overlap] = [0, 0];
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      const v = row(vectors, k);
      const [x, y] = dot(row(a, i), v, 1);
      residual = Math.max(residual, Math.hypot(x - values[k]! * v[2 * i]!, y - values[k]! * v[2 * i + 1]!));
      const [p, q] = dot(row(vectors, i), v, -1);
      overlap = Math.max(overlap, Math.hypot(p - (i === k ? 1 : 0), q));
    }
  return { residual: residual / (largest(a) || 1), overlap };
}

/** A Hermitian matrix of the elements element(i, j) = (re, im), i >= j. */
function hermitian(n: number, element: (i: number, j: number) => readonly [number, number]): Matrix {
  const a = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [re, im] = element(i, j);
      a.set([re, im], 2 * (i * n + j));
      a.set([re, -im], 2 * (j * n + i));
    }
  return a;
}

const gradedDown = (n: number) => hermitian(n, (i, j) => [10 ** (-(i + j) / 8) * Math.cos(3 * i + j), i === j ? 0 : 10 ** (-(i + j) / 8)]); // biome-ignore format: a formula
const tridiagonal = (n: number, off: (i: number) => readonly [number, number]) =>
  hermitian(n, (i, j) => (i === j ? [i % 3, 0] : i === j + 1 ? off(i) : [0, 0]));

const families: readonly (readonly [string, (n: number) => Matrix])[] = [
  ["Gaussian", (n) => gaussianHermitian(n, `solver ${n}`)],
  ["zero", (n) => new Float64Array(2 * n * n)],
  ["unit", (n) => hermitian(n, (i, j) => [i === j ? 1 : 0, 0])],
  ["diagonal, not in order", (n) => hermitian(n, (i, j) => [i === j ? Math.sin(7 * i) : 0, 0])],
  ["of ones", (n) => hermitian(n, () => [1, 0])],
  ["of rank one with phases", (n) => hermitian(n, (i, j) => [Math.cos(i - j), Math.sin(i - j)])],
  ["real tridiagonal", (n) => tridiagonal(n, () => [-1, 0])],
  ["tridiagonal with phases", (n) => tridiagonal(n, (i) => [Math.cos(i), Math.sin(i)])],
  ["tridiagonal with a zero diagonal", (n) => hermitian(n, (i, j) => [i === j + 1 ? 1 : 0, 0])],
  ["tridiagonal with tiny off-diagonals", (n) => tridiagonal(n, (i) => [10 ** -(5 + 3 * (i % 7)), 1e-30])],
  ["of two blocks", (n) => hermitian(n, (i, j) => (2 * i < n === 2 * j < n ? [1 / (1 + i - j), i - j] : [0, 0]))],
  ["with far smaller elements beside", (n) => hermitian(n, (i, j) => (i === j ? [i % 2, 0] : [1e-160, -1e-155]))],
  ["graded downwards", gradedDown],
  ["graded upwards", (n) => hermitian(n, (i, j) => [10 ** ((i + j - 2 * n) / 8), i === j ? 0 : 1e-3 * 10 ** ((i + j - 2 * n) / 8)])], // biome-ignore format: a formula
  ["Wilkinson's, with pairs", (n) => hermitian(n, (i, j) => (i === j ? [Math.abs(i - (n - 1) / 2), 0] : [i === j + 1 ? 1 : 0, 0]))], // biome-ignore format: a formula
  ["of enormous numbers", (n) => gaussianHermitian(n, "enormous").map((x) => x * 1e305)],
  ["of tiny numbers", (n) => gaussianHermitian(n, "tiny").map((x) => x * 1e-300)],
];

describe.each(families)("matrices %s", (_, make) => {
  it("have the eigenvalues of the plain solver, and orthonormal eigenvectors", () => {
    for (const n of [1, 2, 3, 4, 5, 8, 13, 32]) {
      const a = make(n);
      const scale = n * largest(a) || 1;
      const { alone, values, vectors } = solve(a);
      // the plain solver squares elements: numbers at the end of the range are brought back for it
      const safe = scale > 1e100 || scale < 1e-100 ? scale : 1;
      const plain = hermitianEigenvalues(a.map((x) => x / safe)).map((x) => x * safe);
      for (let k = 0; k < n; k++) {
        expect(Math.abs(alone[k]! - plain[k]!) / scale).toBeLessThan(2e-15);
        expect(Math.abs(values[k]! - plain[k]!) / scale).toBeLessThan(2e-15);
      }
      const { residual, overlap } = defects(
        a.map((x) => x / safe),
        values.map((x) => x / safe),
        vectors,
      );
      expect(residual).toBeLessThan(1e-13);
      expect(overlap).toBeLessThan(2e-14);
    }
  });
});

describe("a Hermitian solver", () => {
  it.each([72, 73, 128])("of %d rows is as exact as the plain one", (n) => {
    const a = gaussianHermitian(n, `large ${n}`);
    const { alone, values, vectors } = solve(a);
    const plain = hermitianEigenvalues(a);
    for (let k = 0; k < n; k++) {
      expect(Math.abs(alone[k]! - plain[k]!)).toBeLessThan(1e-13 * Math.sqrt(n));
      expect(Math.abs(values[k]! - plain[k]!)).toBeLessThan(1e-13 * Math.sqrt(n));
    }
    const { residual, overlap } = defects(a, values, vectors);
    expect(residual).toBeLessThan(1e-13);
    expect(overlap).toBeLessThan(3e-14);
    // the check sees one wrong number
    vectors[2 * n + 4]! += 1e-10;
    expect(defects(a, values, vectors).overlap).toBeGreaterThan(1e-12);
  });

  it.each([1, 2, 5, 12, 21])("of %d rows gives the same bits in both back ends", (n) => {
    const a = gaussianHermitian(n, "bits");
    const [one, other] = [solve(a), solve(a, javascript)];
    expect(other.alone).toEqual(one.alone);
    expect(other.values).toEqual(one.values);
    expect(other.vectors).toEqual(one.vectors);
  });

  it("gives the same bits where two threads share the vectors", () => {
    const a = gaussianHermitian(150, "threads");
    const [one, other] = [solve(a), solve(a, two)];
    expect(other.alone).toEqual(one.alone);
    expect(other.vectors).toEqual(one.vectors);
  });

  it("reads the lower triangle only, and no imaginary part of the diagonal", () => {
    const n = 6;
    const a = gaussianHermitian(n, "triangle");
    const other = a.slice();
    for (let i = 0; i < n; i++) {
      other[2 * (i * n + i) + 1] = 0.25;
      for (let j = i + 1; j < n; j++) other.set([Number.NaN, 7], 2 * (i * n + j));
    }
    expect(solve(other)).toEqual(solve(a));
  });

  it("can be used again, whatever was solved before", () => {
    const n = 9;
    const solver = hermitianSolver(wasm, n);
    const [a, b] = [gaussianHermitian(n, "first"), gaussianHermitian(n, "second")];
    const values = (m: Matrix) => {
      solver.matrix().set(m);
      return solver.eigenvalues().slice();
    };
    const first = values(a);
    values(b);
    solver.matrix().set(b);
    solver.decompose();
    expect(values(a)).toEqual(first);
    solver.release();
  });

  it("leaves the heap as it was", () => {
    solve(gaussianHermitian(7, "heap"));
    const before = wasm.heap.used;
    solve(gaussianHermitian(7, "heap"));
    expect(wasm.heap.used).toBe(before);
  });

  it("refuses elements that are not finite, and names the first", () => {
    const solver = hermitianSolver(wasm, 5);
    for (const wrong of [Number.NaN, Infinity, -Infinity])
      for (const [i, j] of [
        [0, 0],
        [3, 1],
        [4, 4],
      ] as const) {
        const a = gaussianHermitian(5, "wrong");
        a[2 * (5 * i + j)] = wrong;
        solver.matrix().set(a);
        expect(() => solver.eigenvalues()).toThrow(new RegExp(`5 rows: element \\(${i}, ${j}\\) is \\(${wrong}, `));
        expect(() => solver.decompose()).toThrow(RangeError);
      }
    solver.release();
  });

  it.each([0, -1, 2.5, 5000, Number.NaN])("of %d rows is refused", (n) => {
    expect(() => hermitianSolver(wasm, n)).toThrow(/expected a whole number from 1 to 4096/);
  });
});
