import { eigenvaluesOf } from "../../../numerics/general-eigen.ts";
import { hermitianEigenvalues } from "../../../numerics/hermitian.ts";
import type { DiracOperator } from "../operator.ts";
import { Wilson } from "../wilson/wilson.ts";
import { isStaggeredEven } from "./determinant.ts";
import { matrixOf } from "./matrix.ts";

export type Eigenvalue = readonly [re: number, im: number];

/** Moduli that differ by less than this fraction are equal. */
const SAME = 1e-8;

/**
 * By ascending modulus, and where moduli are equal (to rounding) by imaginary part, conjugate pairs together: -s, s, -s, s
 * where a pair is degenerate, so that the order of a few does not depend on how many there are in all.
 */
export function byModulus(list: readonly Eigenvalue[]): Eigenvalue[] {
  const sorted = [...list].sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
  for (let from = 0; from < sorted.length; ) {
    const limit = Math.hypot(...sorted[from]!) * (1 + SAME);
    let to = from + 1;
    while (to < sorted.length && Math.hypot(...sorted[to]!) <= limit) to++;
    sorted.splice(from, to - from, ...inPairs(sorted.slice(from, to)));
    from = to;
  }
  return sorted;
}

function inPairs(list: readonly Eigenvalue[]): Eigenvalue[] {
  const side = (sign: number) =>
    list.filter(([, im]) => (im < 0 ? -1 : 1) === sign).sort((a, b) => sign * (b[1] - a[1]));
  const [below, above] = [side(-1), side(1)];
  return Array.from({ length: Math.max(below.length, above.length) }, (_, i) => [below[i], above[i]])
    .flat()
    .filter((value) => value !== undefined);
}

/** m + i s and m - i s of a staggered operator for an eigenvalue m^2 + s^2 of D^dagger D on even sites. */
export function staggeredPair(mass: number, square: number): [Eigenvalue, Eigenvalue] {
  const s = Math.sqrt(Math.max(0, square - mass * mass));
  return [
    [mass, -s],
    [mass, s],
  ];
}

/**
 * All eigenvalues of D on all sites at the loaded field, by ascending modulus. On even sites: those of staggered quarks
 * from the Hermitian D^dagger D; of Wilson quarks 1 +- sqrt(nu), with nu those of kappa^2 T_eo T_oe = 1 - Dhat. Throws a
 * RangeError where the matrix is too large, and a TypeError for other preconditioned operators: take them on all sites.
 */
export function eigenvalues(op: DiracOperator): Eigenvalue[] {
  const { space, domain, normal } = op;
  if (isStaggeredEven(op)) {
    const squares = hermitianEigenvalues(matrixOf(space, domain, (out, x) => normal.apply(out, x)));
    return byModulus([...squares].flatMap((square) => staggeredPair(op.mass, square)));
  }
  if (domain !== "all" && !(op instanceof Wilson))
    throw new TypeError(`${op.name} on ${domain} sites: the eigenvalues of D are taken from the operator on all sites`);
  const found = pairs(eigenvaluesOf(matrixOf(space, domain, (out, x) => op.apply(out, x))));
  return byModulus(domain === "all" ? found : found.flatMap(wilsonPair));
}

/** All eigenvalues of D^dagger D on all sites, ascending; `op` on all sites, or staggered. Throws as `eigenvalues`. */
export function normalEigenvalues(op: DiracOperator): Float64Array {
  const { space, domain, normal } = op;
  if (domain !== "all" && !isStaggeredEven(op))
    throw new TypeError(`${op.name} on ${domain} sites: D^dagger D of all sites is taken from the operator there`);
  const found = hermitianEigenvalues(matrixOf(space, domain, (out, x) => normal.apply(out, x)));
  return isStaggeredEven(op) ? Float64Array.from({ length: 2 * found.length }, (_, i) => found[i >> 1]!) : found;
}

/** 1 + sqrt(1 - z) and 1 - sqrt(1 - z). */
function wilsonPair([x, y]: Eigenvalue): [Eigenvalue, Eigenvalue] {
  const [a, b] = [1 - x, -y];
  const r = Math.hypot(a, b);
  const large = Math.sqrt((r + Math.abs(a)) / 2);
  const small = large === 0 ? 0 : Math.abs(b) / (2 * large);
  const [re, im] = a >= 0 ? [large, small] : [small, large];
  const sign = b < 0 ? -1 : 1;
  return [
    [1 - re, -sign * im],
    [1 + re, sign * im],
  ];
}

const pairs = (flat: Float64Array): Eigenvalue[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);
