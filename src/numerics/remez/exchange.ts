import { type Fixed, magnitude, one, over, times, toFixed, toNumber } from "./fixed-point.ts";
import {
  evaluateBarycentric,
  evaluateProduct,
  factors,
  interpolant,
  type Product,
  type Target,
  zolotarevNodes,
} from "./interpolant.ts";

/** The best approximation in product form, its error and the points where the error is reached. */
export interface Minimax extends Product {
  readonly error: number;
  readonly alternation: readonly number[];
}

const maxExchanges = 30;
const maxMoves = 100;

/**
 * The rational function of type (n, n) with the smallest maximal relative error on [lower, 1]: Remez exchange. On given
 * points u_i
 *
 *     r(u_i) / f(u_i) = 1 + (-1)^i E,   i = 0 .. 2n + 1,
 *
 * is solved for r and E; then the interior points move to the extrema of the error. Convergence is quadratic, as the
 * error is stationary there. Throws a RangeError where it does not converge.
 */
export function exchange(target: Target, degree: number, lower: number): Minimax {
  let { r, points } = start(target, degree, lower);
  for (let step = 0; step < maxExchanges; step++) {
    const ends = points.map((t, i) => (i === 0 ? lower : i === points.length - 1 ? 1 : Math.exp(t)));
    const sizes = ends.map((u, i) => (i % 2 === 0 ? 1 : -1) * ripple(target, r, u));
    // from the smaller to the larger in size
    const [low, high] = sizes.sort((a, b) => Math.abs(a) - Math.abs(b)).filter((_, i) => i % (sizes.length - 1) === 0);
    r = levelled(target, ends, [low!, high!], lower);
    // the solution for nearly equal ripples is exact to twice as many digits
    if (Math.abs(high! - low!) < 1e-11 * Math.abs(high!)) {
      return { ...r, error: Math.abs(ripple(target, r, lower)), alternation: ends };
    }
    climb(target, r, points, Math.sign(high!));
  }
  throw new RangeError(
    `no equal ripples of degree ${degree} on a ratio of ${lower} after ${maxExchanges} exchanges: ` +
      "try a smaller degree or a wider interval",
  );
}

/**
 * r with equal alternating errors at 2n + 2 points. For a given E the first 2n + 1 points fix r by a linear problem; E
 * is the root at which the last point fits too, between the smallest and the largest error of an r whose errors
 * alternate (de la Vallee Poussin). Regula falsi with the Illinois weights.
 */
function levelled(target: Target, ends: readonly number[], sizes: readonly [number, number], lower: number): Product {
  const us = ends.map(toFixed);
  const fs = us.map((u) => target.value(u));
  const last = us.length - 1;
  const through = (error: Fixed) =>
    interpolant(
      us.slice(0, last),
      fs.slice(0, last).map((f, i) => f + (i % 2 === 0 ? 1n : -1n) * times(f, error)),
    );
  const misfit = (error: Fixed) => over(evaluateBarycentric(through(error), us[last]!), fs[last]!) - one + error;
  let [e0, e1] = [toFixed(0.999 * sizes[0]), toFixed(1.001 * sizes[1])];
  let [m0, m1] = [misfit(e0), misfit(e1)];
  const enough = toFixed(1e-24 * Math.abs(sizes[1]));
  for (let step = 0; step < 60 && m1 !== m0; step++) {
    const e2 = e1 - (m1 * (e1 - e0)) / (m1 - m0);
    const m2 = misfit(e2);
    if (m2 > 0n === m1 > 0n) m0 /= 2n;
    else [e0, m0] = [e1, m1];
    const move = magnitude(e2 - e1);
    [e1, m1] = [e2, m2];
    if (move < enough) break;
  }
  return factors(through(e1), lower);
}

/**
 * An interpolant with ripples that differ by less than a small factor, and the logarithms of the points of its
 * extrema. Nodes of sqrt(u) serve every power; for other functions they are moved apart where the error is small and
 * together where it is large (Hofreither, Numer. Algorithms 88 (2021) 365).
 */
function start(target: Target, degree: number, lower: number): { r: Product; points: number[] } {
  let nodes = zolotarevNodes(degree, lower);
  // large errors on wide intervals need a better start
  const balance = lower > 1e-6 ? 4 : 1.03;
  for (let step = 0; ; step++) {
    const us = nodes.map(toFixed);
    const r = factors(
      interpolant(
        us,
        us.map((u) => target.value(u)),
      ),
      lower,
    );
    // extrema lie between the zeros of the error, and at the ends
    const points = [Math.log(lower), ...nodes.slice(1).map((u, i) => Math.log(u * nodes[i]!) / 2), 0];
    climb(target, r, points, Math.sign(ripple(target, r, lower)));
    const ripples = points.map((t) => Math.abs(ripple(target, r, Math.exp(t))));
    const [low, high] = [Math.min(...ripples), Math.max(...ripples)];
    if (high < balance * low || step === maxMoves) return { r, points };
    nodes = moveNodes(nodes, ripples, lower);
  }
}

/** Stretches the intervals between nodes (and ends) with small ripples, in ln u. */
function moveNodes(nodes: readonly number[], ripples: readonly number[], lower: number): number[] {
  const edges = [lower, ...nodes, 1].map(Math.log);
  const mean = ripples.reduce((sum, e) => sum + Math.log(e), 0) / ripples.length;
  const lengths = ripples.map((e, i) => {
    const strength = Math.max(-1, Math.min(1, (mean - Math.log(e)) / ripples.length));
    return (edges[i + 1]! - edges[i]!) * Math.exp(strength);
  });
  const stretch = -Math.log(lower) / lengths.reduce((sum, h) => sum + h, 0);
  let t = Math.log(lower);
  return lengths.slice(0, -1).map((h) => Math.exp((t += h * stretch)));
}

/** r/f - 1 at a double u. */
function ripple(target: Target, r: Product, u: number): number {
  const x = toFixed(u);
  return toNumber(over(evaluateProduct(r, x), target.value(x)) - one);
}

/** First two derivatives of ln(r/f) by t = ln u, at a double u. In fixed point: they are as small as the error. */
function derivatives(target: Target, { zeros, poles }: Product, u: number): [number, number] {
  const x = toFixed(u);
  const [p, dp] = target.slopes(x);
  let [first, second] = [-p, -dp];
  for (let k = 0; k < zeros.length; k++) {
    const a = over(x, x + zeros[k]!);
    const b = over(x, x + poles[k]!);
    first += a - b;
    second += times(a, one - a) - times(b, one - b);
  }
  return [toNumber(first), toNumber(second)];
}

/** Moves every interior point t = ln u to the next extremum of the error, uphill, at most near to its neighbours. */
function climb(target: Target, r: Product, points: number[], sign: number): void {
  const old = points.slice();
  for (let i = 1; i < points.length - 1; i++) {
    const [low, high] = [0.45 * old[i - 1]! + 0.55 * old[i]!, 0.45 * old[i + 1]! + 0.55 * old[i]!];
    let t = old[i]!;
    const up = i % 2 === 0 ? sign : -sign;
    for (let step = 0; step < 40; step++) {
      const [first, second] = derivatives(target, r, Math.exp(t));
      const uphill = 0.2 * Math.sign(up * first) * Math.min(t - old[i - 1]!, old[i + 1]! - t);
      const move = up * second < 0 ? -first / second : uphill;
      const next = Math.min(high, Math.max(low, t + move));
      const small = Math.abs(next - t) < 1e-11;
      t = next;
      if (small) break;
    }
    points[i] = t;
  }
}
