import { cosSinTurns, exp, log } from "../../../kernels/algebra/elementary.ts";
import { type Body, Int, Vec } from "../../../kernels/builder.ts";
import type { SpinKind } from "../../../lattice/spins/spin-data.ts";
import { u1HeatBathFunction } from "../../updates/heatbath/u1.ts";
import { aboutAxis, dot, turned } from "../local/frame.ts";
import type { SpinRule } from "../local/local.ts";

/** Heat bath: the new spin is drawn from exp(h.S), whatever the old one was. */
export const heatbathRule = (spins: SpinKind): SpinRule =>
  ({ Ising: isingHeatbath, XY: planarHeatbath, "O(3)": sphereHeatbath })[spins];

/** S = 1 with probability 1/(1 + exp(-2 h)). */
const isingHeatbath: SpinRule = {
  key: "heatbath/Ising",
  draw: { key: "heatbath/Ising", numbers: 1, direction: false, emit: (_, { d }) => [d] },
  visit:
    () =>
    (k, { field, drawn }) => {
      const weight = exp(k, field[0]!.mul(-2)).add(1);
      return { spin: [drawn[0]!.mul(weight).lt(1).select(1, -1)], accepted: Vec.of(1) };
    },
};

/** Below this (squared) a field is no field: the new spin is uniform. */
const NO_FIELD = 1e-280;

/** The unit vector along the field, along the last axis where there is none; and the length. */
function axisOf(k: Body, field: readonly Vec[]): { axis: Vec[]; strength: Vec } {
  const square = k.let(dot(field, field));
  const known = k.let(square.ge(NO_FIELD));
  const strength = k.let(known.select(square.sqrt(), 0));
  const inverse = k.let(Vec.of(1).div(known.select(strength, 1)));
  const last = field.length - 1;
  return { axis: field.map((x, a) => k.let(known.select(x.mul(inverse), a === last ? 1 : 0))), strength };
}

/** The angle to h by D. J. Best, N. I. Fisher, Appl. Statist. 28 (1979) 152: rejections draw from sub-stream 1. */
const planarHeatbath: SpinRule = {
  key: "heatbath/XY",
  draw: { key: "heatbath/XY", numbers: 0, direction: false, emit: () => [] },
  visit(m) {
    const draw = u1HeatBathFunction(m);
    return (k, { field, key, step, update, work }) => {
      const { axis, strength } = axisOf(k, field);
      k.call(draw, strength, ...key, update, step, Int.of(1), work, work.add(2 * k.vecBytes));
      const [cos, sin] = [k.let(k.load(work)), k.let(k.load(work, k.vecBytes))];
      return { spin: turned(k, axis, cos, sin), accepted: Vec.of(1) };
    };
  },
};

/** cos of the angle to h has density exp(h cos): its distribution function is inverted, and the azimuth is uniform. */
const sphereHeatbath: SpinRule = {
  key: "heatbath/O(3)",
  draw: {
    key: "heatbath/O(3)",
    numbers: 3,
    direction: true,
    emit(k, { a, b }) {
      const { cos, sin } = cosSinTurns(k, b);
      return [a, cos, sin];
    },
  },
  visit:
    () =>
    (k, { field, drawn }) => {
      const { axis, strength } = axisOf(k, field);
      const below = belowOne(k, strength, drawn[0]!);
      const sine = k.let(below.mul(Vec.of(2).sub(below)).max(0).sqrt());
      const [x, y] = [k.let(sine.mul(drawn[1]!)), k.let(sine.mul(drawn[2]!))];
      return { spin: aboutAxis(k, axis, k.let(Vec.of(1).sub(below)), x, y), accepted: Vec.of(1) };
    },
};

/** Weaker fields take the series, which is then exact to rounding; the closed form loses 1e-16/h. */
const WEAK = 2 ** -9;

/**
 * 1 - c, c = 1 + ln(1 - u (1 - e^(-2 h)))/h; for weak fields by the cumulants of a sign of mean x = 1 - 2 u, because
 * c h = ln(cosh h + x sinh h): c = x + (1 - x^2) (h/2 - x h^2/3 + (6 x^2 - 2) h^3/24 + (16 x - 24 x^3) h^4/120).
 */
function belowOne(k: Body, strength: Vec, uniform: Vec): Vec {
  const weak = k.let(strength.lt(WEAK));
  const h = k.let(weak.select(1, strength));
  const inside = Vec.of(1).sub(uniform.mul(Vec.of(1).sub(exp(k, h.mul(-2)))));
  const closed = log(k, k.let(inside)).div(h).neg();
  const x = k.let(Vec.of(1).sub(uniform.mul(2)));
  const x2 = k.let(x.mul(x));
  const fourth = x.mul(Vec.of(16).sub(x2.mul(24))).mul(1 / 120);
  const third = x2
    .mul(6)
    .sub(2)
    .mul(1 / 24);
  const inner = strength.mul(third.add(strength.mul(fourth))).add(x.mul(-1 / 3));
  const correction = Vec.of(1).sub(x2).mul(strength).mul(strength.mul(inner).add(0.5));
  return k.let(weak.select(Vec.of(1).sub(x.add(correction)), closed));
}
