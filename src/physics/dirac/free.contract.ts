import { coordinates } from "../../lattice/geometry.ts";
import type { Group } from "../../lattice/group.ts";
import { type Boundary, usualBoundary } from "./boundary.ts";
import { spins } from "./gamma.ts";

/** Quarks on links that are constant phases, whose propagator is a sum over momenta: what the operators are held against. */

export interface FreeQuark {
  readonly extents: readonly number[];
  readonly boundary?: Boundary;
  /** Phase angle of the links, one a direction; 0 on unit links. */
  readonly angles?: readonly number[];
}

/** Charges of the colours under T = diag(1, -1, 0, …), which the constant links of solvable.contract.ts turn about. */
export const charges = ({ n }: Group): number[] =>
  Array.from({ length: n }, (_, c) => (c === 0 ? 1 : c === 1 ? -1 : 0));

interface Mode {
  /** The momentum of the plane wave. */
  readonly wave: readonly number[];
  /** What the operator sees: wave and link angle together. */
  readonly p: readonly number[];
}

/** All momenta that the boundary conditions allow. */
export function modes({ extents, boundary = usualBoundary(extents.length), angles }: FreeQuark): Mode[] {
  const volume = extents.reduce((a, b) => a * b, 1);
  return Array.from({ length: volume }, (_, i) => {
    const wave = coordinates(i, extents).map(
      (n, mu) => (2 * Math.PI * n + (boundary[mu] === -1 ? Math.PI : 0)) / extents[mu]!,
    );
    return { wave, p: wave.map((k, mu) => k + (angles?.[mu] ?? 0)) };
  });
}

const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
const sinSquared = (p: readonly number[]) => sum(p.map((k) => Math.sin(k) ** 2));

/** Wilson: D(p) = a + i gamma b. */
const wilsonSymbol = (kappa: number, p: readonly number[]) => ({
  a: 1 - 2 * kappa * sum(p.map(Math.cos)),
  b: p.map((k) => 2 * kappa * Math.sin(k)),
});

/** Tr D^{-1} of one colour, summed over spins, of staggered and Wilson quarks (r = 1). */
export const staggeredTrace = (at: FreeQuark, mass: number): number =>
  sum(modes(at).map(({ p }) => mass / (mass ** 2 + sinSquared(p))));
export const wilsonTrace = (at: FreeQuark, kappa: number): number =>
  spins(at.extents.length) *
  sum(
    modes(at).map(({ p }) => {
      const { a, b } = wilsonSymbol(kappa, p);
      return a / (a * a + sum(b.map((x) => x * x)));
    }),
  );

/** log det D of one colour. */
export const staggeredLogDeterminant = (at: FreeQuark, mass: number): number =>
  sum(modes(at).map(({ p }) => Math.log(mass ** 2 + sinSquared(p)))) / 2;
export const wilsonLogDeterminant = (at: FreeQuark, kappa: number): number =>
  (spins(at.extents.length) / 2) *
  sum(
    modes(at).map(({ p }) => {
      const { a, b } = wilsonSymbol(kappa, p);
      return Math.log(a * a + sum(b.map((x) => x * x)));
    }),
  );

/** Eigenvalues [re, im] of D of one colour, all of them. */
export const staggeredEigenvalues = (at: FreeQuark, mass: number): [number, number][] =>
  modes(at)
    .map(({ p }) => Math.sqrt(sinSquared(p)))
    .sort((a, b) => a - b)
    .map((s, i) => [mass, i % 2 === 0 ? s : -s]);
export const wilsonEigenvalues = (at: FreeQuark, kappa: number): [number, number][] =>
  modes(at).flatMap(({ p }) => {
    const { a, b } = wilsonSymbol(kappa, p);
    const size = Math.sqrt(sum(b.map((x) => x * x)));
    return Array.from({ length: spins(at.extents.length) }, (_, i): [number, number] => [
      a,
      i % 2 === 0 ? size : -size,
    ]);
  });

type Complex = readonly [number, number];

/** (1/V) sum_p f(p) e^{i wave x} at a point. */
function transform(list: readonly Mode[], f: (p: readonly number[]) => number, x: readonly number[]): Complex {
  let [re, im] = [0, 0];
  for (const { wave, p } of list) {
    const phase = sum(wave.map((k, mu) => k * x[mu]!));
    re += f(p) * Math.cos(phase);
    im += f(p) * Math.sin(phase);
  }
  return [re / list.length, im / list.length];
}

/** sum over space of |G(x, t; 0)|^2, of one colour; `norm` gives |G|^2 summed over spins at a point. */
function correlator(extents: readonly number[], norm: (x: readonly number[]) => number): number[] {
  const c = new Array<number>(extents.at(-1)!).fill(0);
  const volume = extents.reduce((a, b) => a * b, 1);
  for (let site = 0; site < volume; site++) {
    const x = coordinates(site, extents);
    c[x.at(-1)!]! += norm(x);
  }
  return c;
}

const square = ([re, im]: Complex) => re * re + im * im;

/** The pion correlator of one colour with the source at the origin. */
export function wilsonPion(at: FreeQuark, kappa: number): number[] {
  const list = modes(at);
  const over = (p: readonly number[]) => {
    const { a, b } = wilsonSymbol(kappa, p);
    const size = a * a + sum(b.map((x) => x * x));
    return { a: a / size, b: b.map((x) => x / size) };
  };
  const solved = new Map(list.map(({ p }) => [p, over(p)]));
  return correlator(at.extents, (x) => {
    const scalar = square(transform(list, (p) => solved.get(p)!.a, x));
    const vector = at.extents.map((_, mu) => square(transform(list, (p) => solved.get(p)!.b[mu]!, x)));
    return spins(at.extents.length) * (scalar + sum(vector));
  });
}

/** G = (m - Dslash) g, g = 1/(m^2 + sum sin^2 p); g lives on even sites of 2 Z^d, so each term of G stands alone. */
export function staggeredPion(at: FreeQuark, mass: number): number[] {
  const list = modes(at);
  const over = new Map(list.map(({ p }) => [p, 1 / (mass ** 2 + sinSquared(p))]));
  return correlator(at.extents, (x) => {
    let [re, im] = transform(list, (p) => mass * over.get(p)!, x);
    for (let mu = 0; mu < x.length; mu++) {
      const eta = sum(x.slice(0, mu)) % 2 === 0 ? 1 : -1;
      // Dslash g = eta i sin(p) g in momentum space
      const [u, v] = transform(list, (p) => Math.sin(p[mu]!) * over.get(p)!, x);
      re += eta * v;
      im -= eta * u;
    }
    return re * re + im * im;
  });
}
