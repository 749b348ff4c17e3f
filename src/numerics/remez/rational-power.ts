import { exchange, type Minimax } from "./exchange.ts";
import { type Fixed, one, over, power as powerFixed, times, toFixed, toNumber } from "./fixed-point.ts";
import type { Product, Target } from "./interpolant.ts";
import { inverse, type PartialFractions, type RationalFunction, type RationalPower } from "./rational-function.ts";

/** What `rationalPower` is asked for. */
export interface RationalPowerRequest {
  /** p of x^p, 0 < |p| < 1. */
  readonly power: number;
  /** Number of poles. */
  readonly degree: number;
  /** The interval [lower, upper], 0 < lower < upper. */
  readonly lower: number;
  readonly upper: number;
  /** Where > 0: the function is (x/(x + shift))^p (default 0: x^p). */
  readonly shift?: number;
}

const largestDegree = 40;
/** Errors below this are not resolved by 256 bits. */
const smallestError = 1e-32;

const known = new Map<string, RationalPower>();

/**
 * The rational function of type (degree, degree) with the smallest maximal relative error to x^p on [lower, upper], or
 * to (x/(x + d))^p (mass splitting after Hasenbusch, Phys. Lett. B 519 (2001) 177), as partial fractions; remembered,
 * so that asking again is free. Where p < 0 it is the reciprocal of the fit of -p: x^p and x^-p of one request
 * multiply to one. Throws a RangeError for a power outside (-1, 1), an empty interval, and degrees whose error is
 * smaller than the arithmetic resolves.
 */
export function rationalPower(request: RationalPowerRequest): RationalPower {
  check(request);
  const { power, degree, lower, upper, shift = 0 } = request;
  if (power < 0) return inverse(rationalPower({ ...request, power: -power }));
  const key = [power, degree, lower, upper, shift].join();
  const found = known.get(key);
  if (found) return found;
  const r = {
    power,
    shift,
    ...(shift > 0 ? shifted(power, degree, lower, upper, shift) : plain(power, degree, lower, upper)),
  };
  known.set(key, r);
  return r;
}

/**
 * The smallest degree for which the best approximation of x^power (or (x/(x + shift))^power) on [lower, upper] has a
 * relative error of at most `tolerance`. Throws a RangeError where degree 40 does not reach it.
 */
export function degreeFor(power: number, lower: number, upper: number, tolerance: number, shift = 0): number {
  if (!(tolerance >= smallestError && tolerance < 1))
    throw new RangeError(`tolerance ${tolerance}: expected a relative error between ${smallestError} and 1`);
  check({ power, degree: 1, lower, upper, shift });
  const ratio = shift > 0 ? (lower / upper) * ((upper + shift) / (lower + shift)) : lower / upper;
  const error = (n: number) => rationalPower({ power, degree: n, lower, upper, shift }).relativeError;
  let degree = 1;
  while (expectedError(power, degree, ratio) > 1.2 * tolerance)
    if (degree++ === largestDegree)
      throw new RangeError(
        `x^${power} on [${lower}, ${upper}]: degree ${largestDegree} reaches about ` +
          `${expectedError(power, largestDegree, ratio).toExponential(1)}, not ${tolerance}; ` +
          "raise the lower end of the interval or the tolerance",
      );
  // the estimate is good to a few per cent: one step at most either way
  while (degree > 1 && expectedError(power, degree - 1, ratio) < 0.8 && error(degree - 1) <= tolerance) degree--;
  while (error(degree) > tolerance) degree++;
  return degree;
}

/**
 * 4 sin(pi p) exp(-(2n+1) pi K(k')/K(k)), k'^2 = ratio: the error for small errors (Zolotarev's for p = 1/2), with
 * K(k')/K(k) as a ratio of arithmetic-geometric means.
 */
function expectedError(power: number, degree: number, ratio: number): number {
  const quotient = mean(1, Math.sqrt(ratio)) / mean(1, Math.sqrt(1 - ratio));
  return 4 * Math.sin(Math.PI * Math.abs(power)) * Math.exp(-(2 * degree + 1) * Math.PI * quotient);
}

/** The arithmetic-geometric mean of a >= b. */
function mean(a: number, b: number): number {
  return a - b <= 1e-15 * a ? a : mean((a + b) / 2, Math.sqrt(a * b));
}

/**
 * The best relative approximation of a positive function on [lower, upper] given in fixed point (256 fractional bits,
 * `Fixed`), to at least 70 digits. Zeros and poles must be negative: so they are for functions that increase like
 * x^p, 0 < p < 1, and stay in the upper half plane with x (complete Bernstein functions), and for their reciprocals.
 * Throws a RangeError for others.
 */
export function minimax(f: (x: Fixed) => Fixed, degree: number, lower: number, upper: number): RationalFunction {
  check({ power: 0.5, degree, lower, upper });
  const scale = toFixed(upper);
  const value = (u: Fixed) => f(times(u, scale));
  return scaled(exchange({ value, slopes: differences(value) }, degree, lower / upper), lower, upper, one);
}

function check({ power, degree, lower, upper, shift = 0 }: RationalPowerRequest): void {
  if (!(Math.abs(power) < 1) || power === 0)
    throw new RangeError(`power ${power}: expected 0 < |power| < 1; write x^p as x^k x^(p-k) with a whole number k`);
  if (!Number.isInteger(degree) || degree < 1 || degree > largestDegree)
    throw new RangeError(`degree ${degree}: expected a whole number from 1 to ${largestDegree}`);
  if (!(lower > 0 && lower < upper && upper < Number.POSITIVE_INFINITY))
    throw new RangeError(`interval [${lower}, ${upper}]: expected 0 < lower < upper, both finite`);
  if (lower / upper < 1e-24)
    throw new RangeError(`interval [${lower}, ${upper}]: a ratio beyond 10^24 is not resolved`);
  if (!(shift >= 0 && shift < Number.POSITIVE_INFINITY)) throw new RangeError(`shift ${shift}: expected a number >= 0`);
}

/** u^p on [ratio, 1]. */
function unit(power: number, degree: number, ratio: number): Minimax {
  const expected = expectedError(power, degree, ratio);
  if (expected < smallestError)
    throw new RangeError(
      `degree ${degree} for a ratio ${1 / ratio} of the ends of the interval has an error of about ` +
        `${expected.toExponential(0)}, far below double precision: choose a smaller degree (degreeFor finds it)`,
    );
  if (expected > 2)
    throw new RangeError(
      `degree ${degree} is too small for a ratio ${1 / ratio} of the ends of the interval: no digit would be right`,
    );
  const p = toFixed(power);
  return exchange({ value: (u) => powerFixed(u, p), slopes: () => [p, 0n] }, degree, ratio);
}

function plain(power: number, degree: number, lower: number, upper: number): RationalFunction {
  const scale = powerFixed(toFixed(upper), toFixed(power));
  return scaled(unit(power, degree, lower / upper), lower, upper, scale);
}

/**
 * (x/(x+d))^p = C^p u^p with u = x/(C(x+d)), C = upper/(upper+d): a Moebius map keeps the type (n, n), so the best
 * approximation of u^p on the image of the interval is the one wanted, and
 * u + a = ((1 + aC) x + aCd) / (C (x+d)).
 */
function shifted(power: number, degree: number, lower: number, upper: number, shift: number): RationalFunction {
  const [hi, lo, d] = [toFixed(upper), toFixed(lower), toFixed(shift)];
  const c = over(hi, hi + d);
  const ratio = toNumber(over(over(lo, lo + d), c));
  const fit = unit(power, degree, ratio);
  let constant = times(fit.constant, powerFixed(c, toFixed(power)));
  const move = (a: Fixed) => over(times(times(a, c), d), one + times(a, c));
  fit.zeros.forEach((a, k) => {
    constant = over(times(constant, one + times(a, c)), one + times(fit.poles[k]!, c));
  });
  return finish({ constant, zeros: fit.zeros.map(move), poles: fit.poles.map(move) }, fit.error, lower, upper);
}

/** From u = x/upper to x. */
function scaled(fit: Minimax, lower: number, upper: number, factor: Fixed): RationalFunction {
  const hi = toFixed(upper);
  const stretch = (a: Fixed) => times(a, hi);
  const product = {
    constant: times(fit.constant, factor),
    zeros: fit.zeros.map(stretch),
    poles: fit.poles.map(stretch),
  };
  return finish(product, fit.error, lower, upper);
}

function finish({ constant, zeros, poles }: Product, error: number, lower: number, upper: number): RationalFunction {
  return {
    degree: zeros.length,
    lower,
    upper,
    relativeError: error,
    ...partialFractions(constant, zeros, poles),
    reciprocal: partialFractions(over(one, constant), poles, zeros),
  };
}

/** c prod (x + a_k)/(x + b_k) = c + sum_k c (a_k - b_k) prod_(j != k) (a_j - b_k)/(b_j - b_k) / (x + b_k) */
function partialFractions(constant: Fixed, zeros: readonly Fixed[], poles: readonly Fixed[]): PartialFractions {
  const residues = poles.map((b, k) => {
    let residue = times(constant, zeros[k]! - b);
    for (let j = 0; j < poles.length; j++) if (j !== k) residue = over(times(residue, zeros[j]! - b), poles[j]! - b);
    return toNumber(residue);
  });
  return { constant: toNumber(constant), residues, poles: poles.map(toNumber) };
}

/** Derivatives of ln f by ln u from f(u (1 -+ 2^-64)): good to about 38 and 25 digits. */
function differences(value: (u: Fixed) => Fixed): Target["slopes"] {
  const h = one >> 64n;
  return (u) => {
    const [f, up, down] = [value(u), value(u + (u >> 64n)), value(u - (u >> 64n))];
    const first = over(over(up - down, 2n * f), h);
    const second = over(over(over(up - 2n * f + down, f), h), h);
    // u d/du twice: u f'/f + u^2 f''/f - (u f'/f)^2
    return [first, first + second - times(first, first)];
  };
}
