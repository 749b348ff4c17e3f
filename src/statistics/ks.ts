import { kolmogorovQ } from "../numerics/index.ts";

/** Result of a Kolmogorov-Smirnov test. */
export interface KolmogorovSmirnov {
  /** Largest distance of the two distribution functions. */
  readonly distance: number;
  /** Probability of a larger distance where the hypothesis holds. */
  readonly pValue: number;
}

/**
 * Are independent numbers drawn from the continuous distribution with this cumulative distribution function? The
 * p-value is the asymptotic one with Stephens' correction for finite n (J. R. Stat. Soc. B 32 (1970) 115).
 */
export function ksTest(sample: ArrayLike<number>, cdf: (x: number) => number): KolmogorovSmirnov {
  const n = sample.length;
  let distance = 0;
  sorted(sample).forEach((x, i) => {
    const f = cdf(x);
    distance = Math.max(distance, f - i / n, (i + 1) / n - f);
  });
  return { distance, pValue: pValue(distance, n) };
}

/** Are two sets of independent numbers drawn from one continuous distribution? */
export function ksTestTwoSamples(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const [x, y] = [sorted(a), sorted(b)];
  let [i, j, distance] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const next = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= next) i++;
    while (j < y.length && y[j]! <= next) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return { distance, pValue: pValue(distance, (x.length * y.length) / (x.length + y.length)) };
}

function pValue(distance: number, n: number): number {
  return kolmogorovQ(distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)));
}

function sorted(sample: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(sample).sort();
  // NaN sorts to the end
  if (x.length < 2 || !Number.isFinite(x[0]) || !Number.isFinite(x[x.length - 1]))
    throw new RangeError("a Kolmogorov-Smirnov test needs two finite numbers or more in each sample");
  return x;
}
