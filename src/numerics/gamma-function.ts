/** The gamma function and its incomplete forms; all relative errors below about 1e-13 for arguments up to 1e4. */

// B_2k / (2k (2k-1)), Stirling's series, Abramowitz and Stegun 6.1.41
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** ln Gamma(x), x > 0, to 1e-14 (absolute near its zeros at 1 and 2). */
export function lnGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`lnGamma(${x}): expected x > 0`);
  let shift = 1;
  let z = x;
  while (z < 12) shift *= z++;
  let series = 0;
  for (const c of stirling.toReversed()) series = series / (z * z) + c;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series / z - Math.log(shift);
}

/** Regularised lower incomplete gamma function P(a, x), a > 0, x >= 0. */
export function gammaP(a: number, x: number): number {
  checkGamma(a, x);
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), accurate where it is small. */
export function gammaQ(a: number, x: number): number {
  checkGamma(a, x);
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

function checkGamma(a: number, x: number): void {
  if (!(a > 0 && x >= 0))
    throw new RangeError(`incomplete gamma function at a = ${a}, x = ${x}: expected a > 0, x >= 0`);
}

/** x^a exp(-x) / Gamma(a). */
function prefactor(a: number, x: number): number {
  return x === 0 ? 0 : Math.exp(a * Math.log(x) - x - lnGamma(a));
}

/** Abramowitz and Stegun 6.5.29. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return prefactor(a, x) * sum;
}

/** Abramowitz and Stegun 6.5.31 in its even part, summed by the modified Lentz method. */
function upperFraction(a: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let h = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 2e-16) return prefactor(a, x) * h;
  }
}
