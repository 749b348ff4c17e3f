/**
 * The Ising model on a periodic square lattice, exactly: B. Kaufman, Phys. Rev. 76 (1949) 1232, in the form of
 * A. E. Ferdinand and M. E. Fisher, Phys. Rev. 185 (1969) 832, eqs. 2.1-2.8. The partition function is half the sum of four
 * products, one for each pair of boundary conditions of free fermions.
 */
export interface IsingTorus {
  /** ln of the sum over all states of exp(K sum_<ij> s_i s_j). */
  readonly lnZ: number;
  /** Mean of -sum_<ij> s_i s_j, per site. */
  readonly energy: number;
}

/**
 * @param k K = J/T > 0. @param columns @param rows 3 or more each: with 2 the formula counts the bonds of that direction
 * twice. Throws a RangeError otherwise.
 */
export function isingTorus(k: number, columns: number, rows: number): IsingTorus {
  if (!(k > 0)) throw new RangeError(`isingTorus: K = ${k}; expected a positive coupling`);
  if (![columns, rows].every((n) => Number.isInteger(n) && n >= 3))
    throw new RangeError(`isingTorus: ${columns} x ${rows} sites; expected 3 or more in each direction`);
  const odd = Array.from({ length: columns }, (_, r) => mode(k, 2 * r + 1, columns));
  const even = Array.from({ length: columns }, (_, r) => mode(k, 2 * r, columns));
  const products = [
    product(odd, rows, cosh2),
    product(odd, rows, sinh2),
    product(even, rows, cosh2),
    product(even, rows, sinh2),
  ];
  // all are measured by the largest, the first
  const largest = Math.max(...products.map(({ scale }) => scale));
  const weigh = (pick: (p: Product) => number) =>
    products.reduce((sum, p) => sum + pick(p) * Math.exp(p.scale - largest), 0);
  const [value, slope] = [weigh((p) => p.value), weigh((p) => p.slope)];
  const sites = columns * rows;
  const doubled = 2 * k;
  return {
    lnZ: -Math.LN2 + (sites / 2) * Math.log(2 * Math.sinh(doubled)) + largest + Math.log(value),
    energy: -1 / Math.tanh(doubled) - slope / value / sites,
  };
}

/** An energy gamma of the fermions, and its derivative with respect to K. */
interface Mode {
  readonly gamma: number;
  readonly slope: number;
}

/** cosh gamma_l = cosh 2K coth 2K - cos(pi l/n), gamma_l > 0; but gamma_0 = 2K + ln tanh K, which is negative above T_c. */
function mode(k: number, l: number, n: number): Mode {
  const [s, c] = [Math.sinh(2 * k), Math.cosh(2 * k)];
  if (l === 0) return { gamma: 2 * k + Math.log(Math.tanh(k)), slope: 2 + 2 / s };
  const gamma = Math.acosh((c * c) / s - Math.cos((Math.PI * l) / n));
  return { gamma, slope: (2 * c * (1 - 1 / (s * s))) / Math.sinh(gamma) };
}

/** A product and its derivative, both times exp(-scale). */
interface Product {
  readonly value: number;
  readonly slope: number;
  readonly scale: number;
}

/** 2 cosh x and 2 sinh x times exp(-|x|), with their derivatives. */
type Factor = (x: number) => readonly [number, number];
const cosh2: Factor = (x) => [1 + Math.exp(-2 * Math.abs(x)), -Math.sign(x) * Math.expm1(-2 * Math.abs(x))];
const sinh2: Factor = (x) => cosh2(x).toReversed() as [number, number];

function product(modes: readonly Mode[], rows: number, factor: Factor): Product {
  let [value, slope, scale] = [1, 0, 0];
  for (const mode of modes) {
    const x = (rows * mode.gamma) / 2;
    const [f, df] = factor(x);
    slope = slope * f + value * df * ((rows * mode.slope) / 2);
    value *= f;
    scale += Math.abs(x);
  }
  return { value, slope, scale };
}
