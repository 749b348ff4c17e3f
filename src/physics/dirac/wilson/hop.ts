import { at, type Complex, forRows, letComplex, type Row } from "../../../kernels/algebra/matrix.ts";
import type { Body, Int, Vec } from "../../../kernels/builder.ts";
import { type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import { gammas, spins } from "../gamma.ts";
import { loadColours, plusPhase, put, take, timesColours, timesPhase } from "../hopping/colour.ts";
import type { HopBody } from "../hopping/hop.ts";

/**
 * The Wilson hopping term (K. G. Wilson, in New Phenomena in Subnuclear Physics (1977))
 * (T psi)(n) = sum_mu [(r - gamma_mu) U_mu(n) psi(n + mu) + (r + gamma_mu) U_mu(n - mu)^dagger psi(n - mu)],
 * or with `dagger` its adjoint gamma_5 T gamma_5, in which gamma_mu has the other sign. For r = 1 the matrices r -+ gamma
 * project on half of the spin components and the links act on those only.
 * @param slices vectors that lie one behind the other at each site (five dimensions); T acts on each.
 */
export function wilsonBody(layout: LinkLayout, how: { r: number; dagger: boolean; slices?: number }): HopBody {
  const { group, dimension, width } = layout;
  const { n } = group;
  const { r, dagger, slices = 1 } = how;
  const spin = spins(dimension);
  const size = linkBytes(layout);
  const run = spin * n;
  // scratch: a vector fetched across a seam; then the products
  const sliceBytes = 2 * run * width.lanes * width.bytes;
  const shape: Shape = { n, dimension, r, sign: dagger ? 1 : -1, size };
  return {
    key: `wilson/${group.name}/${dimension}d/${width.bytes}x${width.lanes}/r${r}${dagger ? "+" : ""}/s${slices}`,
    linkBytes: 2 * dimension * size,
    run,
    emit({ k, block, x, links, walk, scratch, done }) {
      const products = k.let(scratch.add(sliceBytes));
      const slice = (place: (slot: number) => Int, from?: Int) => {
        const psi: Fetch = (s) => walk.vector(x, place(s), scratch, from);
        const take: Done = (component, row, value) => done(component, row, value, from);
        if (r === 1) projected(k, shape, psi, links, products, take);
        else full(k, shape, psi, links, products, take);
      };
      if (slices === 1) slice((s) => walk.neighbour(block, s));
      else {
        const places = Array.from({ length: 2 * dimension }, (_, s) => walk.neighbour(block, s));
        k.for(0, slices, (s) => slice((slot) => places[slot]!, k.let(s.mul(sliceBytes))));
      }
    },
  };
}

interface Shape {
  readonly n: number;
  readonly dimension: number;
  readonly r: number;
  /** Of gamma_mu in the forward term. */
  readonly sign: 1 | -1;
  /** Bytes of a link. */
  readonly size: number;
}
/** The vector of a slot, fetched where it is needed: eight pointers at once would not stay in registers. */
type Fetch = (slot: number) => Int;
type Done = (component: number, row: Row, value: Complex) => void;

/**
 * r = 1: the half of the components that (1 + sign gamma) keeps is multiplied with the links and put aside, and the
 * components are summed from those products at the end: sums kept in memory all the time would cost as much as the
 * arithmetic, sums kept in locals would be spilt.
 */
function projected(k: Body, shape: Shape, psi: Fetch, links: Int, products: Int, done: Done): void {
  const { n, dimension, sign, size } = shape;
  const half = spins(dimension) / 2;
  for (let s = 0; s < 2 * dimension; s++) {
    const vector = psi(s);
    const gamma = gammas(dimension)[s >> 1]!;
    const turn = (s % 2 === 0) === (sign === 1) ? 0 : 2;
    for (let a = 0; a < half; a++) {
      const b = gamma.column[a]!;
      const [upper, lower] = [loadColours(k, n, vector, a * n), loadColours(k, n, vector, b * n)];
      const h = upper.map((z, c) => letComplex(k, plusPhase(z, lower[c]!, gamma.phase[a]! + turn)));
      forRows(k, n, (i) =>
        put(k, products, (s * half + a) * n, i, timesColours(k, n, at(links, s * size), i, h), false),
      );
    }
  }
  // one real number after the other: what is loaded stays alive until the next store
  const sum = (i: Row, terms: readonly Term[]): Complex => {
    const part = (turned: 0 | 1): Vec => {
      const [first, ...rest] = terms
        .map(({ product, phase }) => signedPart(take(k, products, product, i), phase, turned))
        .sort((x, y) => y.sign - x.sign);
      return rest.reduce(
        (left, { sign, value }) => (sign > 0 ? left.add(value) : left.sub(value)),
        first!.sign > 0 ? first!.value : first!.value.neg(),
      );
    };
    return { re: part(0), im: part(1) };
  };
  for (let b = 0; b < 2 * half; b++) {
    const terms = gammas(dimension).flatMap((gamma, mu): Term[] => {
      const a = b < half ? b : gamma.column.indexOf(b);
      // row b of the projector is sign i^phase[b] times row a, with opposite signs forwards and backwards
      const phase = b < half ? 0 : gamma.phase[b]! + (sign === 1 ? 0 : 2);
      return [0, 1].map((back) => ({
        product: ((2 * mu + back) * half + a) * n,
        phase: b < half ? 0 : phase + 2 * back,
      }));
    });
    forRows(k, n, (i) => done(b * n, i, sum(i, terms)));
  }
}

/** i^phase times the product of that number. */
interface Term {
  readonly product: number;
  readonly phase: number;
}

/** Real (0) or imaginary part (1) of i^phase z, as a number and its sign. */
function signedPart(z: Complex, phase: number, turned: 0 | 1): { sign: 1 | -1; value: Vec } {
  // the imaginary part of z is the real part of -i z
  const p = (phase + (turned ? 3 : 0)) & 3;
  return { sign: p === 1 || p === 2 ? -1 : 1, value: p % 2 === 0 ? z.re : z.im };
}

/** Any r: all components are multiplied with the links, and summed in memory. */
function full(k: Body, shape: Shape, psi: Fetch, links: Int, sums: Int, done: Done): void {
  const { n, dimension, r, sign, size } = shape;
  const spin = spins(dimension);
  k.for(0, 2 * spin * n, (i) => k.store(sums.add(i.mul(k.vecBytes)), 0, 0));
  for (let s = 0; s < 2 * dimension; s++) {
    const vector = psi(s);
    const gamma = gammas(dimension)[s >> 1]!;
    const turn = (s % 2 === 0) === (sign === 1) ? 0 : 2;
    for (let a = 0; a < spin; a++) {
      const h = loadColours(k, n, vector, a * n);
      const b = gamma.column.indexOf(a);
      forRows(k, n, (i) => {
        const z = timesColours(k, n, at(links, s * size), i, h);
        put(k, sums, a * n, i, { re: z.re.mul(r), im: z.im.mul(r) }, true);
        put(k, sums, b * n, i, timesPhase(z, gamma.phase[b]! + turn), true);
      });
    }
  }
  for (let a = 0; a < spin; a++) forRows(k, n, (i) => done(a * n, i, take(k, sums, a * n, i)));
}

/** Numbers of a vector at a site: spin x colour. */
export const wilsonComponents = (n: number, dimension: number): number => spins(dimension) * n;
