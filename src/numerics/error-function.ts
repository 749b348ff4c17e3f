/** The error function, its complement and the normal distribution. */

/** erf(x), relative error about 1e-15. */
export function erf(x: number): number {
  const y = Math.abs(x);
  return y < 1 ? erfSeries(x) : Math.sign(x) * (1 - erfcFraction(y));
}

/** erfc(x) = 1 - erf(x), relative error about 1e-15 also in the far tail. */
export function erfc(x: number): number {
  if (x < 1) return x > -1 ? 1 - erfSeries(x) : 2 - erfcFraction(-x);
  return erfcFraction(x);
}

/** erf(x) = 2/sqrt(pi) exp(-x^2) sum_k 2^k x^(2k+1) / (2k+1)!!, Abramowitz and Stegun 7.1.6: nothing cancels. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) for x >= 1: the continued fraction of Abramowitz and Stegun 7.1.14, from the bottom up. */
function erfcFraction(x: number): number {
  if (x > 28) return 0; // below the smallest double
  let tail = x;
  for (let k = Math.ceil(15 + 250 / (x * x)); k > 0; k--) tail = x + k / 2 / tail;
  // exp(-x^2) with the rounding error of x^2 put back
  const top = Math.fround(x);
  const gauss = Math.exp(-top * top) * Math.exp(-(x - top) * (x + top));
  return gauss / (Math.sqrt(Math.PI) * tail);
}

/** Probability that a standard normal is below x. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / Math.SQRT2);
}

/** The x with normalCdf(x) = p, for p in (0, 1); infinite at the ends. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile(${p}): expected a probability`);
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  // Abramowitz and Stegun 26.2.23 to 4.5e-4, then Halley's method
  let x = ((0.010328 * t + 0.802853) * t + 2.515517) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1) - t;
  for (let i = 0; i < 3; i++) {
    const step = ((normalCdf(x) - tail) * Math.sqrt(2 * Math.PI)) / Math.exp((-x * x) / 2);
    x -= step / (1 + (x * step) / 2);
  }
  return p < 0.5 ? x : -x;
}
