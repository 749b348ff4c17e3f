import type { Body } from "../builder.ts";
import { Vec } from "../builder.ts";

/**
 * Elementary functions of W float64 numbers, by the reductions and polynomials of fdlibm (Sun Microsystems 1993:
 * e_log.c, k_sin.c, k_cos.c, e_exp.c), so that every engine gives the same bits; errors below 1 unit in the last place
 * of a double for log, below 2 for exp and for the cosine and sine of turns.
 */

const horner = (z: Vec, coefficients: readonly number[]): Vec =>
  coefficients
    .slice(0, -1)
    .reduceRight((sum: Vec, c) => Vec.of(c).plus(z, sum), Vec.of(coefficients[coefficients.length - 1]!));

// e_log.c, Lg1 … Lg7
const LOG = [
  6.666666666666735130e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
]; // biome-ignore format: a table
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** ln x for positive normal x. */
export function log(k: Body, x: Vec): Vec {
  const value = k.let(x);
  const m = k.let(value.mantissa());
  const large = k.let(m.gt(Math.SQRT2));
  const f = k.let(large.select(m.mul(0.5), m).sub(1));
  const e = k.let(value.exponent().add(large.select(1, 0)));
  const s = k.let(f.div(f.add(2)));
  const z = k.let(s.mul(s));
  const r = k.let(z.mul(horner(z, LOG)));
  const half = k.let(f.mul(f).mul(0.5));
  // e ln2_high - ((f^2/2 - (s (f^2/2 + R) + e ln2_low)) - f)
  const inner = s.mul(half.add(r)).add(e.mul(LN2_LOW));
  return k.let(e.mul(LN2_HIGH).sub(half.sub(inner).sub(f)));
}

const SIN = [
  -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4, 2.75573137070700676789e-6,
  -2.50507602534068634195e-8, 1.58969099521155010221e-10,
]; // biome-ignore format: a table
const COS = [
  4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5, -2.75573143513906633035e-7,
  2.08757232129817482790e-9, -1.13596475577881948265e-11,
]; // biome-ignore format: a table

/** (cos 2 pi u, sin 2 pi u) for |u| < 2^40: the angle is reduced exactly, in turns. */
export function cosSinTurns(k: Body, u: Vec): { cos: Vec; sin: Vec } {
  const turns = k.let(u);
  const quadrant = k.let(turns.mul(4).nearest());
  const x = k.let(turns.sub(quadrant.mul(0.25)).mul(2 * Math.PI));
  const z = k.let(x.mul(x));
  const s = k.let(x.plus(x.mul(z), horner(z, SIN)));
  const c = k.let(Vec.of(1).sub(z.mul(0.5)).plus(z.mul(z), horner(z, COS)));
  // quadrant modulo 4 in {0, 1, 2, 3}
  const q = k.let(quadrant.sub(quadrant.mul(0.25).floor().mul(4)));
  const odd = k.let(q.eqTo(1).or(q.eqTo(3)));
  const cosine = odd.select(s, c);
  const sine = odd.select(c, s);
  const flipCos = q.eqTo(1).or(q.eqTo(2));
  const flipSin = q.ge(2);
  return {
    cos: k.let(flipCos.select(cosine.neg(), cosine)),
    sin: k.let(flipSin.select(sine.neg(), sine)),
  };
}

const EXP = [
  1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5, -1.65339022054652515390e-6,
  4.13813679705723846039e-8,
]; // biome-ignore format: a table

/** e^x for -700 < x < 700; smaller arguments give e^-700, larger e^700. */
export function exp(k: Body, x: Vec): Vec {
  const value = k.let(x.max(-700).min(700));
  const n = k.let(value.mul(Math.LOG2E).nearest());
  const high = k.let(value.sub(n.mul(LN2_HIGH)));
  const low = k.let(n.mul(LN2_LOW));
  const r = k.let(high.sub(low));
  const z = k.let(r.mul(r));
  const c = k.let(r.sub(z.mul(horner(z, EXP))));
  // 1 - ((low - r c / (2 - c)) - high)
  const y = Vec.of(1).sub(low.sub(r.mul(c).div(Vec.of(2).sub(c))).sub(high));
  return k.let(y.mul(n.pow2()));
}
