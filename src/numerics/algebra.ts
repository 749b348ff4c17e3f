import {
  add,
  dagger,
  fromEntries,
  identity,
  type Matrix,
  multiply,
  scale,
  size,
  subtract,
  trace,
  zero,
} from "./complex-matrix.ts";

/**
 * The Lie algebra of the links in the conventions of gauge.md 1.3: Hermitian generators lambda_a with
 * tr(lambda_a lambda_b) = 2 delta_ab, momenta P = (i/2) sum_a p_a lambda_a. For U(1) the one generator is lambda = 2, so
 * that P = i p.
 */

/**
 * All generators of the N x N links: Pauli matrices for SU(2), Gell-Mann matrices in their usual order for SU(3); for
 * N >= 4 a sigma_x-like and a sigma_y-like matrix for every pair i < j in lexicographic order, then N - 1 diagonal ones.
 * N = 1 gives the U(1) generator [2].
 */
export function generators(n: number): Matrix[] {
  if (n === 1) return [Float64Array.of(2, 0)];
  const x = (i: number, j: number) => pairGenerator(n, i, j, [1, 0]);
  const y = (i: number, j: number) => pairGenerator(n, i, j, [0, -1]);
  const z = (k: number) => diagonalGenerator(n, k);
  if (n === 2) return [x(0, 1), y(0, 1), z(1)];
  if (n === 3) return [x(0, 1), y(0, 1), z(1), x(0, 2), y(0, 2), x(1, 2), y(1, 2), z(2)];
  const all: Matrix[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) all.push(x(i, j), y(i, j));
  for (let k = 1; k < n; k++) all.push(z(k));
  return all;
}

function pairGenerator(n: number, i: number, j: number, [re, im]: readonly [number, number]): Matrix {
  return fromEntries(n, (a, b) => (a === i && b === j ? [re, im] : a === j && b === i ? [re, -im] : [0, 0]));
}

/** sqrt(2/(k(k+1))) diag(1, …, 1, -k, 0, …) with k ones. */
function diagonalGenerator(n: number, k: number): Matrix {
  const norm = Math.sqrt(2 / (k * (k + 1)));
  return fromEntries(n, (a, b) => [a !== b || a > k ? 0 : a < k ? norm : -k * norm, 0]);
}

/**
 * Traceless anti-Hermitian part, TA(X) = (X - X^†)/2 - tr(X - X^†)/(2N). For U(1) (N = 1) no trace is removed:
 * TA(x) = i Im x.
 */
export function tracelessAntiHermitian(x: Matrix): Matrix {
  const n = size(x);
  const anti = scale(subtract(x, dagger(x)), 0.5);
  return n === 1 ? anti : subtract(anti, scale(identity(n), 0, trace(anti)[1] / n));
}

/**
 * Coordinates c_a(X) = Im tr(lambda_a X). For SU(N), TA(X) = (i/2) sum_a c_a lambda_a. For U(1) tr(lambda^2) = 4, hence
 * c = 2 Im x and TA(x) = (i/2)(c/2) lambda; the force is (1/2) c_a(U delta) for every group.
 */
export function coordinates(x: Matrix): Float64Array {
  return Float64Array.from(generators(size(x)), (lambda) => trace(multiply(lambda, x))[1]);
}

/** P = (i/2) sum_a p_a lambda_a of the N x N links; throws a RangeError where the number of coordinates is wrong. */
export function fromCoordinates(n: number, p: ArrayLike<number>): Matrix {
  const lambdas = generators(n);
  if (p.length !== lambdas.length)
    throw new RangeError(`${p.length} coordinates for ${n} x ${n} links: expected ${lambdas.length}`);
  return lambdas.reduce((sum, lambda, a) => add(sum, scale(lambda, 0, p[a]! / 2)), zero(n));
}
