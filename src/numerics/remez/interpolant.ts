import { type Fixed, magnitude, one, over, solveFixed, times, toFixed, toNumber } from "./fixed-point.ts";

/** A positive function on (0, 1] in fixed point, with the first two derivatives of ln f by ln u. */
export interface Target {
  value(u: Fixed): Fixed;
  slopes(u: Fixed): readonly [Fixed, Fixed];
}

/** r(u) = constant prod_k (u + zeros_k) / (u + poles_k), zeros and poles positive and ascending. */
export interface Product {
  constant: Fixed;
  zeros: Fixed[];
  poles: Fixed[];
}

/** dn(u | m)^2 with m = 1 - complement: descending Landen transformation (Abramowitz & Stegun 16.12, 17.6). */
function dnSquared(fraction: number, complement: number): number {
  // arithmetic-geometric mean of 1 and k'; u = fraction K = fraction pi / (2 agm)
  const a = [1];
  const c = [Math.sqrt(1 - complement)];
  let b = Math.sqrt(complement);
  while (c.at(-1)! > 1e-16 * a.at(-1)! && a.length < 60) {
    const last = a.at(-1)!;
    a.push((last + b) / 2);
    c.push((last - b) / 2);
    b = Math.sqrt(last * b);
  }
  let phi = 2 ** (a.length - 1) * fraction * (Math.PI / 2);
  for (let k = a.length - 1; k > 0; k--) phi = (phi + Math.asin((c[k]! / a[k]!) * Math.sin(phi))) / 2;
  return Math.cos(phi) ** 2 + complement * Math.sin(phi) ** 2;
}

/**
 * The 2n + 1 zeros of the error of the best approximation of sqrt(u) on [lower, 1], ascending: dn^2 at the odd
 * multiples of K / (4n + 2) (Zolotarev 1877; Achieser, Theory of Approximation, appendix E). By the symmetry
 * u -> lower / u only the upper half is taken from dn.
 */
export function zolotarevNodes(degree: number, lower: number): number[] {
  const count = 2 * degree + 1;
  const upperHalf = Array.from({ length: degree }, (_, j) => dnSquared((2 * j + 1) / (2 * count), lower));
  return [...upperHalf.map((u) => lower / u), Math.sqrt(lower), ...upperHalf.reverse()];
}

/** N(u)/D(u) with N = sum_j w_j f_j / (u - z_j), D = sum_j w_j / (u - z_j): the values f_j at the points z_j. */
export interface Barycentric {
  readonly points: readonly Fixed[];
  readonly values: readonly Fixed[];
  readonly weights: readonly Fixed[];
}

/**
 * The rational function of type (n, n) through 2n + 1 values. Barycentric form on every second point; the other points
 * make the weights the null vector of a Loewner matrix (Antoulas & Anderson, IMA J. Math. Control Inf. 3 (1986) 61).
 */
export function interpolant(points: readonly Fixed[], values: readonly Fixed[]): Barycentric {
  const [z, f] = [points.filter((_, i) => i % 2 === 0), values.filter((_, i) => i % 2 === 0)];
  const matrix: Fixed[][] = [];
  const right: Fixed[] = [];
  for (let i = 1; i < points.length; i += 2) {
    const row = z.map((zj, j) => over(values[i]! - f[j]!, points[i]! - zj));
    right.push(-row.pop()!);
    matrix.push(row);
  }
  return { points: z, values: f, weights: [...solveFixed(matrix, right), one] };
}

/** The value at a point that is not one of the z_j. */
export function evaluateBarycentric({ points, values, weights }: Barycentric, u: Fixed): Fixed {
  let [above, below] = [0n, 0n];
  points.forEach((z, j) => {
    const term = over(weights[j]!, u - z);
    above += times(term, values[j]!);
    below += term;
  });
  return over(above, below);
}

/**
 * Zeros and poles. For interpolants of Stieltjes and complete Bernstein functions, as x^p with |p| < 1, they are simple
 * and negative; throws a RangeError where they are not. `lower` bounds the interval [lower, 1] of the points.
 */
export function factors({ points, values, weights }: Barycentric, lower: number): Product {
  const degree = points.length - 1;
  const numerator = weights.map((w, j) => times(w, values[j]!));
  const zeros = negativeRoots(numerator, points, lower);
  const poles = negativeRoots(weights, points, lower);
  if (zeros.length !== degree || poles.length !== degree)
    throw new RangeError(
      `the rational interpolant of degree ${degree} has ${zeros.length} negative zeros and ${poles.length} negative ` +
        "poles: only functions like x^p or (x/(x+d))^p, |p| < 1, have all of them there, and a degree beyond what the " +
        "arithmetic resolves loses them too",
    );
  const product = { constant: one, zeros, poles };
  product.constant = over(values[0]!, evaluateProduct(product, points[0]!));
  return product;
}

/** r(u), factor by factor: the products of numerator and denominator alone would lose their digits for small u. */
export function evaluateProduct({ constant, zeros, poles }: Product, u: Fixed): Fixed {
  return zeros.reduce((r, a, k) => over(times(r, u + a), u + poles[k]!), constant);
}

/** The v > 0, ascending, where sum_j w_j / (v + z_j) = 0: signs on a grid, bisection, Newton's method. */
function negativeRoots(w: readonly Fixed[], z: readonly Fixed[], lower: number): Fixed[] {
  const sum = (v: Fixed) => {
    let s = 0n;
    for (let j = 0; j < w.length; j++) s += over(w[j]!, v + z[j]!);
    return s;
  };
  const [low, high] = [Math.log(lower) - 20, 20];
  let roots: Fixed[] = [];
  // a finer grid where roots were missed: two of them between neighbouring grid points
  for (let cells = 32 * w.length; cells <= 2048 * w.length; cells *= 4) {
    roots = [];
    let before = toFixed(Math.exp(low));
    let sign = sum(before) > 0n;
    for (let i = 1; i <= cells; i++) {
      const here = toFixed(Math.exp(low + ((high - low) * i) / cells));
      const positive = sum(here) > 0n;
      if (positive !== sign) roots.push(polish(w, z, bisect(sum, before, here, sign)));
      [before, sign] = [here, positive];
    }
    if (roots.length >= w.length - 1) break;
  }
  return roots;
}

/** Bisection, `positive` saying the sign of f at a. */
function bisect(f: (v: Fixed) => Fixed, a: Fixed, b: Fixed, positive: boolean): Fixed {
  let [low, high] = [a, b];
  while (toNumber(magnitude(high - low)) > 1e-9 * toNumber(low)) {
    const middle = (low + high) >> 1n;
    if (f(middle) > 0n === positive) low = middle;
    else high = middle;
  }
  return (low + high) >> 1n;
}

/** Newton's method on sum_j w_j / (v + z_j) from a root known to nine digits: 18, 36, 72 digits. */
function polish(w: readonly Fixed[], z: readonly Fixed[], root: Fixed): Fixed {
  let v = root;
  for (let step = 0; step < 3; step++) {
    let [value, slope] = [0n, 0n];
    for (let j = 0; j < w.length; j++) {
      const term = over(w[j]!, v + z[j]!);
      value += term;
      slope -= over(term, v + z[j]!);
    }
    v -= over(value, slope);
  }
  return v;
}
