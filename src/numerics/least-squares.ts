/** What a regression found. */
export interface Fit {
  /** Coefficient of every feature, in their order. */
  readonly coefficients: Float64Array;
  /** The constant c. */
  readonly intercept: number;
  /** Their standard errors; 0 where dropped, which says nothing. */
  readonly errors: Float64Array;
  /** Standard deviation of what is left of y. */
  readonly residual: number;
  /** Fraction of the variance of y that is explained; 1 where y does not vary. */
  readonly rSquared: number;
  /** Features that the data do not tell from those before them (or that never vary): their coefficients are 0. */
  readonly dropped: readonly number[];
}

/** A feature whose variance is this much explained by those before it is one of them up to rounding. */
const COLLINEAR = 1e-11;

/**
 * Regression y = c + sum_i b_i x_i + noise, fed one observation at a time.
 *
 * It keeps means and co-moments of (x, y), updated as their distances from the means (D. H. D. West, Commun. ACM 22 (1979)
 * 532), because the sums of squares of large, hardly varying numbers would lose the digits that matter; and it solves
 * in units of the standard deviations.
 *
 * The errors are those of independent observations. Along a Markov chain they are too small by up to
 * sqrt(2 tau_int) of the residuals, but not where every observation is a proposal far from the one before.
 */
export class LeastSquares {
  readonly features: number;
  private count = 0;
  /** Sums of weights and of their squares. */
  private weight = 0;
  private squares = 0;
  /** Means of x_0 ... x_(p-1), y. */
  private readonly means: Float64Array;
  /** Upper triangle of the weighted co-moments sum w (x_i - mean_i)(x_j - mean_j), row by row, y last. */
  private readonly moments: Float64Array;

  constructor(features: number) {
    this.features = features;
    this.means = new Float64Array(features + 1);
    this.moments = new Float64Array(((features + 1) * (features + 2)) / 2);
  }

  /** Observations so far. */
  get observations(): number {
    return this.count;
  }

  /** Takes in y at x. Throws a RangeError where a number is not finite, or a weight not positive. */
  add(x: ArrayLike<number>, y: number, weight = 1): void {
    const { means, moments, features } = this;
    const values = Float64Array.from({ length: features + 1 }, (_, i) => (i < features ? (x[i] ?? Number.NaN) : y));
    if (!(weight > 0) || !values.every(Number.isFinite))
      throw new RangeError(`observation ${this.count}: ${[...values].join(", ")} of weight ${weight} is no number`);
    this.count += 1;
    this.weight += weight;
    this.squares += weight * weight;
    const share = weight / this.weight;
    const apart = values.map((v, i) => v - means[i]!);
    let at = 0;
    for (let i = 0; i <= features; i++) {
      for (let j = i; j <= features; j++) moments[at++]! += weight * (1 - share) * apart[i]! * apart[j]!;
      means[i]! += share * apart[i]!;
    }
  }

  /**
   * The best coefficients, or undefined where there are no more observations than unknowns.
   * @param ridge added to every eigenvalue of the correlation matrix of the features: pulls coefficients towards 0, the
   *   harder the less the data say of them.
   */
  fit(ridge = 0): Fit | undefined {
    const p = this.features;
    const independent = this.weight ** 2 / this.squares;
    if (this.count < p + 2 || independent <= p + 1) return undefined;
    const covariance = (i: number, j: number) => this.moment(i, j) / this.weight;
    const scale = Float64Array.from({ length: p }, (_, i) => Math.sqrt(covariance(i, i)));
    const correlation = (i: number, j: number) => covariance(i, j) / (scale[i]! * scale[j]!);
    const { lower, kept, dropped } = factored(scale, (i, j) => correlation(i, j) + (i === j ? ridge : 0));
    const found = solved(
      lower,
      kept.map((i) => covariance(i, p) / scale[i]!),
    );
    const coefficients = new Float64Array(p);
    kept.forEach((i, k) => {
      coefficients[i] = found[k]! / scale[i]!;
    });
    const explained = (b: Float64Array, i: number) => b.reduce((sum, x, j) => sum + x * covariance(i, j), 0);
    const total = covariance(p, p);
    const left = coefficients.reduce(
      (sum, b, i) => sum + b * (explained(coefficients, i) - 2 * covariance(i, p)),
      total,
    );
    const variance = (Math.max(0, left) * independent) / (independent - kept.length - 1);
    const errors = new Float64Array(p);
    kept.forEach((i, k) => {
      // (R + ridge)^-1 R (R + ridge)^-1 on the diagonal
      const row = solved(
        lower,
        kept.map((_, l) => (l === k ? 1 : 0)),
      );
      const spread = row.reduce(
        (sum, x, l) => sum + x * row.reduce((s, y, m) => s + y * correlation(kept[l]!, kept[m]!), 0),
        0,
      );
      errors[i] = Math.sqrt((variance * spread) / independent) / scale[i]!;
    });
    return {
      coefficients,
      intercept: coefficients.reduce((c, b, i) => c - b * this.means[i]!, this.means[p]!),
      errors,
      residual: Math.sqrt(variance),
      rSquared: total > 0 ? 1 - Math.max(0, left) / total : 1,
      dropped,
    };
  }

  private moment(i: number, j: number): number {
    const [a, b] = i < j ? [i, j] : [j, i];
    return this.moments[a * (this.features + 1) - (a * (a - 1)) / 2 + (b - a)]!;
  }

  /** All it knows, as flat numbers: `restore(save())` changes nothing, bit for bit. */
  save(): Record<string, number> {
    const { count, weight, squares } = this;
    const numbered = (name: string, list: Float64Array) => [...list].map((x, i) => [`${name}.${i}`, x] as const);
    return {
      count,
      weight,
      squares,
      ...Object.fromEntries([...numbered("mean", this.means), ...numbered("moment", this.moments)]),
    };
  }

  /** Throws a RangeError where the numbers are of a regression on other features. */
  restore(saved: Readonly<Record<string, number>>): void {
    const read = (name: string): number => {
      const x = saved[name];
      if (x === undefined)
        throw new RangeError(`these are no saved sums of a regression on ${this.features} features: no "${name}"`);
      return x;
    };
    this.count = read("count");
    this.weight = read("weight");
    this.squares = read("squares");
    for (const i of this.means.keys()) this.means[i] = read(`mean.${i}`);
    for (const i of this.moments.keys()) this.moments[i] = read(`moment.${i}`);
  }
}

/**
 * Cholesky factor of the matrix of those features that are not determined by the ones before them; rows of the factor are
 * those of `kept`. A feature of no scale is dropped too.
 */
export function factored(scale: Float64Array, matrix: (i: number, j: number) => number) {
  const kept: number[] = [];
  const dropped: number[] = [];
  const lower: number[][] = [];
  scale.forEach((size, i) => {
    const row: number[] = [];
    if (size > 0)
      for (const [k, other] of kept.entries()) {
        const sum = row.reduce((s, x, l) => s + x * lower[k]![l]!, 0);
        row.push((matrix(i, other) - sum) / lower[k]![k]!);
      }
    const pivot = size > 0 ? row.reduce((s, x) => s - x * x, matrix(i, i)) : 0;
    if (!(pivot > COLLINEAR)) {
      dropped.push(i);
      return;
    }
    kept.push(i);
    lower.push([...row, Math.sqrt(pivot)]);
  });
  return { lower, kept, dropped };
}

/** x with L L^T x = b. */
export function solved(lower: readonly (readonly number[])[], b: readonly number[]): number[] {
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) x[i]! -= lower[i]![j]! * x[j]!;
    x[i]! /= lower[i]![i]!;
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i]! -= lower[j]![i]! * x[j]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}
