import { type Body, Vec } from "../../../kernels/builder.ts";

/** Scalar product. */
export const dot = (x: readonly Vec[], y: readonly Vec[]): Vec =>
  x.slice(1).reduce((sum, value, i) => sum.plus(value, y[i + 1]!), x[0]!.mul(y[0]!));

/**
 * The vector at the polar coordinates (cos, x = sin cos phi, y = sin sin phi) about the unit vector n, in the frame of
 * T. Duff et al., J. Comput. Graph. Tech. 6 (2017) 1, which has no singular direction.
 */
export function aboutAxis(k: Body, n: readonly Vec[], cos: Vec, x: Vec, y: Vec): Vec[] {
  const [nx, ny, nz] = n as [Vec, Vec, Vec];
  const sign = k.let(nz.ge(0).select(1, -1));
  const a = k.let(Vec.of(-1).div(sign.add(nz)));
  const b = k.let(nx.mul(ny).mul(a));
  const first = [Vec.of(1).plus(sign.mul(nx), nx.mul(a)), sign.mul(b), sign.mul(nx).neg()];
  const second = [b, sign.plus(ny.mul(ny), a), ny.neg()];
  return n.map((axis, i) => k.let(axis.mul(cos).plus(first[i]!, x).plus(second[i]!, y)));
}

/** The same for a plane: the unit vector n turned by the angle of (cos, sin). */
export const turned = (k: Body, [x, y]: readonly Vec[], cos: Vec, sin: Vec): Vec[] => [
  k.let(x!.mul(cos).minus(y!, sin)),
  k.let(y!.mul(cos).plus(x!, sin)),
];

/** Back on the sphere after rounding, to first order: v (3 - |v|^2)/2. */
export function normalised(k: Body, v: readonly Vec[]): Vec[] {
  const scale = k.let(Vec.of(1.5).sub(dot(v, v).mul(0.5)));
  return v.map((x) => k.let(x.mul(scale)));
}
