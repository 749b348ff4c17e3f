/** Options of `brent`. */
export interface RootOptions {
  /** Wanted precision of the root, absolute (default 0: the precision of a double). */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxIterations?: number;
}

/**
 * A root of f between a and b, where f must change sign. Brent's method: inverse quadratic interpolation, secant, and
 * bisection when they do not help (R. P. Brent, Algorithms for Minimization without Derivatives, 1973, ch. 4).
 */
export function brent(f: (x: number) => number, a: number, b: number, options: RootOptions = {}): number {
  const { tolerance = 0, maxIterations = 200 } = options;
  let [xa, xb] = [a, b];
  let [fa, fb] = [f(a), f(b)];
  if (!(fa * fb <= 0 || Math.sign(fa) * Math.sign(fb) <= 0))
    throw new RangeError(`no sign change between ${a} (value ${fa}) and ${b} (value ${fb}): a root is not bracketed`);
  let [xc, fc] = [xa, fa];
  let step = xb - xa;
  let previous = step;
  for (let i = 0; i < maxIterations; i++) {
    if (fb > 0 === fc > 0) {
      [xc, fc] = [xa, fa];
      step = previous = xb - xa;
    }
    if (Math.abs(fc) < Math.abs(fb)) [xa, xb, xc, fa, fb, fc] = [xb, xc, xb, fb, fc, fb];
    const enough = 2 * Number.EPSILON * Math.abs(xb) + tolerance / 2;
    const half = (xc - xb) / 2;
    if (Math.abs(half) <= enough || fb === 0) return xb;
    const [p, q] = interpolate(xa, xb, xc, fa, fb, fc);
    const good = Math.abs(previous) >= enough && Math.abs(fa) > Math.abs(fb);
    if (good && 2 * p < Math.min(3 * half * q - Math.abs(enough * q), Math.abs(previous * q))) {
      previous = step;
      step = p / q;
    } else {
      previous = step = half;
    }
    [xa, fa] = [xb, fb];
    xb += Math.abs(step) > enough ? step : Math.sign(half) * enough;
    fb = f(xb);
  }
  throw new RangeError(`root between ${a} and ${b} not found to ${tolerance} in ${maxIterations} steps`);
}

/** The interpolated step from b as p/q with p >= 0: secant where a = c, inverse quadratic otherwise. */
function interpolate(a: number, b: number, c: number, fa: number, fb: number, fc: number): [number, number] {
  const s = fb / fa;
  let p: number;
  let q: number;
  if (a === c) {
    p = (c - b) * s;
    q = 1 - s;
  } else {
    const t = fa / fc;
    const r = fb / fc;
    p = s * ((c - b) * t * (t - r) - (b - a) * (r - 1));
    q = (t - 1) * (r - 1) * (s - 1);
  }
  return p > 0 ? [p, -q] : [-p, q];
}
