import { fromEntries } from "../../../../numerics/complex-matrix.ts";
import { ellipticK, jacobiSn } from "../../../../numerics/elliptic.ts";
import { hermitianEigen } from "../../../../numerics/hermitian.ts";

/**
 * A rule for sums over Matsubara frequencies: sum_{n>=0} F(i omega_n) is nearly sum_l weights_l F(i values_l), for
 * F(y) = Re ln[det(mu + y - h') / det(mu + y - h)].
 */
export interface FrequencyRule {
  /** Positive, ascending, in the unit of the energies. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** The first `count` frequencies (2n + 1) pi T themselves. The rest is O(count^-3). */
export function plainFrequencies(temperature: number, count: number): FrequencyRule {
  const values = Float64Array.from({ length: count }, (_, n) => (2 * n + 1) * Math.PI * temperature);
  return { values, weights: new Float64Array(count).fill(1) };
}

/**
 * `count` frequencies that stand for all of them, with an error that falls exponentially for levels |eps - mu| <= reach.
 *
 * With w = eps^2 the whole sum rests on T(w) = sum_n 1/(w + omega_n^2) = b^T (w + S)^-1 b, a Stieltjes function. Its
 * projection on the space spanned by the vectors (w_j + S)^-1 b is a rational function with `count` poles -values_l^2 and
 * positive weights that meets T twice at every w_j. For the nodes w_j that Zolotarev's problem gives on [0, reach^2] against
 * the poles it is nearly the best one there is (rational Krylov spaces: V. Druskin, L. Knizhnerman, M. Zaslavsky, SIAM J. Sci.
 * Comput. 31 (2009) 3760; such grids of frequencies: M. Kaltak, G. Kresse, Phys. Rev. B 101 (2020) 205145). The lowest values
 * come out as Matsubara frequencies of weight 1, the higher ones gather more and more of them.
 */
export function compressedFrequencies(temperature: number, reach: number, count: number): FrequencyRule {
  const { values: omega, weights } = allFrequencies(temperature, reach);
  // 1/(w + omega^2) = (1 + w a)^-1 a with a = omega^-2: in a the numbers stay of one size
  const a = omega.map((x) => x ** -2);
  const b = weights.map((x, i) => Math.sqrt(x * a[i]!));
  const basis = rationalKrylov(a, b, zolotarevNodes(temperature, reach, count));
  const reduced = fromEntries(count, (i, j) => [
    dot(
      basis[i]!,
      a.map((x, k) => x * basis[j]![k]!),
    ),
    0,
  ]);
  const { values, vectors } = hermitianEigen(reduced);
  const shares = basis.map((v) => dot(v, b));
  const made = Array.from(values, (value, l) => {
    let [re, im] = [0, 0];
    shares.forEach((share, j) => {
      re += vectors[2 * (l * count + j)]! * share;
      im += vectors[2 * (l * count + j) + 1]! * share;
    });
    return { value: 1 / Math.sqrt(value), weight: (re * re + im * im) / value };
  }).reverse();
  return {
    values: Float64Array.from(made, ({ value }) => value),
    weights: Float64Array.from(made, ({ weight }) => weight),
  };
}

/**
 * Largest error that a rule can make in ln W' - ln W when one spin changes, whatever the spins, with levels |eps - mu| <= reach.
 *
 * The sum replaces d ln(1 + exp(-beta eps))/d eps by a rational function; e(eps) is the difference. As a change of
 * rank two with one positive and one negative eigenvalue moves levels past one another at most one at a time (the spectral shift function lies
 * between -1 and 1), the error is at most the integral of |e|. Tr h does not change with the spins, nor do Tr h^2 and Tr h^3 (|S| = 1, and
 * bonds know no spin), so that a parabola may be taken from e; e is odd, which leaves a line.
 */
export function ruleError({ values, weights }: FrequencyRule, temperature: number, reach: number): number {
  const points = 2000;
  const beta = 1 / temperature;
  // dense near zero, where e has the scale T
  const grid = Float64Array.from({ length: points + 1 }, (_, i) => reach * (i / points) ** 2);
  const e = grid.map((x) => {
    let sum = 0;
    for (let l = 0; l < values.length; l++) sum += weights[l]! / (values[l]! ** 2 + x * x);
    return (beta / 2) * Math.tanh((beta * x) / 2) - 2 * x * sum;
  });
  const width = grid.map((_, i) => (grid[Math.min(points, i + 1)]! - grid[Math.max(0, i - 1)]!) / 2);
  let [ex, xx] = [0, 0];
  grid.forEach((x, i) => {
    ex += width[i]! * e[i]! * x;
    xx += width[i]! * x * x;
  });
  return 2 * grid.reduce((sum, x, i) => sum + width[i]! * Math.abs(e[i]! - (ex / xx) * x), 0);
}

/** Three times as many as an error of 1e-10 takes at T = 0.002 t. */
export const MOST_FREQUENCIES = 80;

/** The smallest compressed rule whose error stays below `tolerance`. Throws a RangeError where none does. */
export function frequenciesFor(temperature: number, reach: number, tolerance: number): FrequencyRule {
  // begins a little below what the rate of Zolotarev's problem, exp(-2 pi^2 count / ln(16 M/m)), leads to expect
  const ratio = Math.log(16 * (1 + (reach / (Math.PI * temperature)) ** 2));
  const digits = Math.log(Math.max(1, reach / temperature) / tolerance);
  for (
    let count = Math.max(2, Math.floor((digits * ratio) / (2 * Math.PI ** 2)) - 3);
    count <= MOST_FREQUENCIES;
    count++
  ) {
    const rule = compressedFrequencies(temperature, reach, count);
    if (ruleError(rule, temperature, reach) < tolerance) return rule;
  }
  throw new RangeError(
    `double-exchange: no ${MOST_FREQUENCIES} frequencies reach an accuracy of ${tolerance} at temperature ${temperature} with levels up to ${reach}; take local = "diagonalise"`,
  );
}

/**
 * All Matsubara frequencies, the many high ones gathered: from the n-th on the sum is an integral (midpoint rule, Gauss and
 * Legendre in 1/omega) with the first correction of Euler and Maclaurin, g'(n)/24 = (g(n + 1/2) - g(n - 1/2))/24.
 */
function allFrequencies(temperature: number, reach: number): FrequencyRule {
  const single = Math.max(200, Math.ceil((2 * reach) / temperature));
  const plain = plainFrequencies(temperature, single + 1);
  plain.weights[single - 1]! -= 1 / 24;
  plain.weights[single] = 1 / 24;
  const from = 2 * Math.PI * temperature * single;
  const { nodes, weights } = gaussLegendre(12);
  const inverse = nodes.map((x) => (x + 1) / (2 * from));
  return {
    values: Float64Array.from([...plain.values, ...inverse.map((x) => 1 / x)]),
    weights: Float64Array.from([
      ...plain.weights,
      ...inverse.map((x, i) => weights[i]! / (2 * from) / (2 * Math.PI * temperature * x * x)),
    ]),
  };
}

/** Nodes and weights on [-1, 1] by Golub and Welsch's eigenvalues. */
function gaussLegendre(count: number): { readonly nodes: number[]; readonly weights: number[] } {
  const jacobi = fromEntries(count, (i, j) => {
    const k = Math.max(i, j);
    return [Math.abs(i - j) === 1 ? k / Math.sqrt(4 * k * k - 1) : 0, 0];
  });
  const { values, vectors } = hermitianEigen(jacobi);
  const weights = Array.from(
    values,
    (_, l) => 2 * Math.hypot(vectors[2 * l * count]!, vectors[2 * l * count + 1]!) ** 2,
  );
  return { nodes: Array.from(values), weights };
}

/**
 * Where Zolotarev's rational function on [m, M] against the negative axis has its zeros, m = (pi T)^2 and M = m + reach^2,
 * moved to w = u - m (N. Hale, N. J. Higham, L. N. Trefethen, SIAM J. Numer. Anal. 46 (2008) 2505, eq. (2.4), on the real line).
 */
function zolotarevNodes(temperature: number, reach: number, count: number): number[] {
  const m = (Math.PI * temperature) ** 2;
  const root = Math.sqrt(1 + reach ** 2 / m);
  const k = (root - 1) / (root + 1);
  const m1 = (4 * root) / (root + 1) ** 2;
  const quarter = ellipticK(m1);
  return Array.from({ length: count }, (_, j) => {
    const sn = jacobiSn(quarter * ((2 * j + 1) / count - 1), m1);
    return Math.max(0, m * root * ((1 + k * sn) / (1 - k * sn)) - m);
  });
}

/** Orthonormal basis of the span of (1 + w_j a)^-1 b, each vector from the one before (rational Arnoldi). */
function rationalKrylov(a: Float64Array, b: Float64Array, nodes: readonly number[]): Float64Array[] {
  // neighbouring nodes one after the other would give nearly parallel vectors
  const order = [...nodes.filter((_, j) => j % 2 === 0), ...nodes.filter((_, j) => j % 2 === 1).reverse()];
  const basis: Float64Array[] = [];
  let v = b;
  for (const w of order) {
    v = v.map((x, i) => x / (1 + w * a[i]!));
    for (let pass = 0; pass < 2; pass++)
      for (const u of basis) {
        const overlap = dot(u, v);
        for (let i = 0; i < v.length; i++) v[i]! -= overlap * u[i]!;
      }
    const norm = Math.sqrt(dot(v, v));
    v = v.map((x) => x / norm);
    basis.push(v);
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
