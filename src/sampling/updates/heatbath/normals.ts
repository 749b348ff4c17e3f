import { type Body, Vec } from "../../../kernels/builder.ts";

/** An angle needs no 52 bits: the upper half of the bits of one uniform makes another. */
const HALF = 2 ** 26;

/**
 * Three independent normals of variance 1/2 and a uniform in (0, 1) from four uniforms in [0, 1), by G. E. P. Box,
 * M. E. Muller, Ann. Math. Statist. 29 (1958) 610. The series stop at an absolute error of 1e-13, far below what any
 * ensemble could show, which costs half of what functions exact to the last digit do; whoever uses the normals must not
 * rely on sin^2 + cos^2 = 1 beyond that.
 */
export function normalsAndUniform(k: Body, u: (i: number) => Vec): { normals: readonly [Vec, Vec, Vec]; uniform: Vec } {
  const first = k.let(minusLog(k, u(0)).sqrt());
  const quarter = halfTurn(k, k.let(u(1).sub(0.5)));
  // doubled twice: an angle between -pi and pi
  const [s, c] = doubled(k, quarter.sin, quarter.cos);
  const [sin, cos] = doubled(k, s, c);
  const second = k.let(minusLog(k, u(2)).sqrt());
  const bits = k.let(u(3).mul(HALF));
  const whole = k.let(bits.floor());
  // the sine of an angle between -pi/2 and pi/2 has the law of a component of a random point on the circle
  const last = halfTurn(k, k.let(bits.sub(whole).sub(0.5)));
  const [component] = doubled(k, last.sin, last.cos);
  return {
    normals: [k.let(first.mul(cos)), k.let(first.mul(sin)), k.let(second.mul(component))],
    uniform: k.let(whole.add(0.5).mul(1 / HALF)),
  };
}

/** -ln(1 - u): with 1 - u = m 2^e and s = (m - sqrt 2)/(m + sqrt 2), ln m = ln 2 / 2 + 2 artanh s. */
function minusLog(k: Body, u: Vec): Vec {
  const x = k.let(Vec.of(1).sub(u));
  const m = k.let(x.mantissa());
  const s = k.let(m.sub(Math.SQRT2).div(m.add(Math.SQRT2)));
  const z = k.let(s.mul(s));
  const artanh = horner(
    z,
    Array.from({ length: 8 }, (_, i) => 2 / (2 * i + 1)),
  );
  return x.exponent().add(0.5).mul(-Math.LN2).minus(s, artanh).max(0);
}

/** Sine and cosine of t pi/2, |t| <= 1/2. */
function halfTurn(k: Body, t: Vec): { sin: Vec; cos: Vec } {
  const x = k.let(t.mul(Math.PI / 2));
  const z = k.let(x.mul(x));
  const series = (first: 0 | 1) => horner(z, inverseFactorials(first));
  return { sin: k.let(x.mul(series(1))), cos: k.let(series(0)) };
}

/** 1/first!, -1/(first + 2)!, … to the order 14. */
function inverseFactorials(first: 0 | 1): number[] {
  const list = [1];
  for (let n = first + 2; n <= 14; n += 2) list.push(-list[list.length - 1]! / (n * (n - 1)));
  return list;
}

/** (sin, cos) of twice the angle. */
const doubled = (k: Body, sin: Vec, cos: Vec): [Vec, Vec] => {
  const twice = k.let(sin.add(sin));
  return [k.let(twice.mul(cos)), k.let(Vec.of(1).minus(twice, sin))];
};

const horner = (z: Vec, coefficients: readonly number[]): Vec =>
  coefficients.reduceRight<Vec | undefined>((sum, c) => (sum ? Vec.of(c).plus(z, sum) : Vec.of(c)), undefined)!;
