import { cosSinTurns, exp, log } from "../../../kernels/algebra/elementary.ts";
import { type Body, type FunctionRef, Int, type Mask, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { normalsAndUniform } from "./normals.ts";

/**
 * Where Creutz' method takes over from that of Kennedy and Pendleton: below, its acceptance
 * pi I_1(k) / (2 sinh k) is the larger one (both accept 0.71 there).
 */
const CREUTZ_BELOW = 1.685;
/** Stands for k = 0, where the law is the uniform one to all digits. */
const LEAST_K = 1e-30;

/**
 * The function (k: vec, key0, key1, site, step, c3, out, work): an element h = h0 + i h.sigma of SU(2), as four vec at
 * `out`, with density sqrt(1 - h0^2) exp(k h0) in h0 and uniform direction, for any k >= 0; exact, the rejection loop
 * goes on until every lane has accepted. Attempt t takes the draws 2t and 2t + 1. NaN where k is not a number.
 *
 * - Large k: A. D. Kennedy, B. J. Pendleton, Phys. Lett. B 156 (1985) 393, with all three normals kept: for normal s of
 *   variance 1/(2k) the law of |s|^2 = 1 - h0 is theirs, and s gives the direction as well.
 * - Small k: M. Creutz, Phys. Rev. D 21 (1980) 2308, in a form that stays right down to k = 0.
 *
 * `work` takes five vec.
 */
export function su2HeatBathFunction(m: ModuleBuilder): FunctionRef {
  const types = ["vec", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  const sharp = attemptFunction(m, "kennedyPendleton", kennedyPendleton);
  const flat = attemptFunction(m, "creutz", creutz);
  return m.helper("su2HeatBath", types, (k, weight, k0, k1, site, step, c3, out, work) => {
    const kappa = k.let(weight.max(LEAST_K));
    const uniforms = k.let(work.add(k.vecBytes));
    const small = k.let(kappa.lt(CREUTZ_BELOW));
    // 1 in the lanes that wait, 0 where a number was accepted; lanes without a number wait for nothing
    k.store(work, 0, kappa.ge(0).select(1, 0));
    for (let i = 0; i < 4; i++) k.store(out, i * k.vecBytes, kappa.mul(0));
    const draw = k.let(Int.of(0));
    k.repeat(
      () => {
        k.philox([k0, k1], draw, site, step, c3, uniforms);
        k.philox([k0, k1], draw.add(1), site, step, c3, uniforms.add(2 * k.vecBytes));
        k.set(draw, draw.add(2));
        k.if(small.not().any(), () => k.call(sharp, kappa, small.select(0, 1), out, work));
        k.if(small.any(), () => k.call(flat, kappa, small.select(1, 0), out, work));
      },
      () => k.load(work).gt(0).any(),
    );
  });
}

/**
 * (k, mine: 1 in the lanes it is for, out, work). A function of its own, so that the many constants of the logarithm and
 * the cosine do not sit in registers around the loop.
 */
function attemptFunction(
  m: ModuleBuilder,
  name: string,
  attempt: (k: Body, kappa: Vec, u: (i: number) => Vec) => Attempt,
): FunctionRef {
  return m.helper(name, ["vec", "vec", "i32", "i32"] as const, (k, kappa, mine, out, work) => {
    const { accepted, h } = attempt(k, kappa, (i) => k.load(work, (1 + i) * k.vecBytes));
    const waiting = k.let(k.load(work));
    const taken = k.let(accepted.and(waiting.mul(mine).gt(0)));
    h.forEach((x, i) => k.store(out, i * k.vecBytes, taken.select(x, k.load(out, i * k.vecBytes))));
    k.store(work, 0, taken.select(0, waiting));
  });
}

interface Attempt {
  readonly accepted: Mask;
  readonly h: readonly Vec[];
}

/**
 * s = three normals of variance 1/(2k); h0 = 1 - |s|^2, h = s sqrt(2 - |s|^2), kept with sqrt(1 - |s|^2/2). Whatever the
 * rounding of s, h is of length 1.
 */
function kennedyPendleton(k: Body, kappa: Vec, u: (i: number) => Vec): Attempt {
  const { normals, uniform } = normalsAndUniform(k, u);
  const inverse = k.let(Vec.of(1).div(kappa));
  const delta = k.let(normals.reduce((sum, x) => sum.plus(x, x), Vec.of(0)).mul(inverse));
  const stretch = k.let(Vec.of(2).sub(delta).max(0).mul(inverse).sqrt());
  return {
    accepted: uniform.mul(uniform).le(Vec.of(1).minus(delta, Vec.of(0.5))),
    h: [Vec.of(1).sub(delta), ...normals.map((x) => x.mul(stretch))],
  };
}

/** h0 = 1 + ln(1 - u (1 - e^-2k))/k, with density e^(k h0), kept with sqrt(1 - h0^2). */
function creutz(k: Body, kappa: Vec, u: (i: number) => Vec): Attempt {
  const spread = oneMinusExp(k, kappa.mul(2));
  const depth = k.let(logOnePlus(k, u(0).mul(spread).neg()).div(kappa).neg());
  const h0 = k.let(Vec.of(1).sub(depth));
  // 1 - h0^2 without cancellation
  const radius2 = k.let(depth.mul(Vec.of(2).sub(depth)).max(0));
  const z = k.let(u(2).mul(2).sub(1));
  const flat = k.let(radius2.mul(Vec.of(1).minus(z, z)).sqrt());
  const { cos, sin } = cosSinTurns(k, u(3));
  return {
    accepted: u(1).mul(u(1)).lt(radius2),
    h: [h0, flat.mul(cos), flat.mul(sin), radius2.sqrt().mul(z)],
  };
}

/** 1 - e^-x for x >= 0, and ln(1 + t) below: both by Kahan's correction of the rounding of e^-x and of 1 + t. */
function oneMinusExp(k: Body, x: Vec): Vec {
  const value = k.let(x);
  const e = k.let(exp(k, value.neg()));
  const rounded = k.let(log(k, e).neg());
  return k.let(rounded.gt(0).select(Vec.of(1).sub(e).mul(value).div(rounded), value));
}

function logOnePlus(k: Body, t: Vec): Vec {
  const value = k.let(t);
  const x = k.let(value.add(1));
  const rounded = k.let(x.sub(1));
  return k.let(rounded.lt(0).select(log(k, x).mul(value).div(rounded), value));
}
