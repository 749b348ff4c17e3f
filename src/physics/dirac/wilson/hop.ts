import { at, type Complex, forRows, letComplex, type Row } from "../../../kernels/algebra/matrix.ts";
import type { Body, Int } from "../../../kernels/builder.ts";
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
  forRows(k, n, (i) => summed(k, shape, products, i, done));
}

/**
 * Row i of all components from the products. They are read once, in groups of the directions that join the same two
 * components, and after each group what it adds up to is stored: engines keep the order of loads and stores but put off
 * the arithmetic between them, so that all that was read would have to stay alive.
 */
function summed(k: Body, { n, dimension, sign }: Shape, products: Int, i: Row, done: Done): void {
  const half = spins(dimension) / 2;
  const all = groups(dimension);
  const waiting = new Map<number, number>();
  all.forEach(({ upper, lower, directions }, g) => {
    const pairs = directions.map((mu) => {
      const [f, b] = [0, 1].map((back) =>
        letComplex(k, take(k, products, ((2 * mu + back) * half + upper) * n, i)),
      ) as [Complex, Complex];
      // Row `lower` of the projector is sign i^phase times row `upper`, with opposite signs forwards and backwards; a
      // phase of 2 or 3 is one of 0 or 1 with the other sign.
      const phase = gammas(dimension)[mu]!.phase[lower]!;
      const difference = (sign === 1) === phase < 2 ? plusPhase(f, b, 2) : plusPhase(b, f, 2);
      return { sum: plusPhase(f, b, 0), difference, phase: phase % 2 };
    });
    const finish = (component: number, value: Complex) => {
      const before = waiting.get(component);
      const last = !all.slice(g + 1).some((next) => next.upper === component || next.lower === component);
      const sum = before === undefined ? value : plusPhase(take(k, products, before, i), value, 0);
      if (last) return done(component * n, i, sum);
      // in the place of a product that is no longer needed
      const free = (2 * directions[0]! * half + upper) * n + (component === upper ? 0 : half * n);
      put(k, products, free, i, sum, false);
      waiting.set(component, free);
    };
    finish(
      upper,
      pairs.map(({ sum }) => sum).reduce((left, right) => plusPhase(left, right, 0)),
    );
    const [first, ...rest] = pairs.toSorted((x, y) => x.phase - y.phase);
    const start = timesPhase(first!.difference, first!.phase);
    finish(
      lower,
      rest.reduce((left, { difference, phase }) => plusPhase(left, difference, phase), start),
    );
  });
}

/** Directions in which gamma joins the same component of the first half with the same of the second. */
function groups(dimension: number): { upper: number; lower: number; directions: number[] }[] {
  const found: { upper: number; lower: number; directions: number[] }[] = [];
  for (let upper = 0; upper < spins(dimension) / 2; upper++)
    gammas(dimension).forEach(({ column }, mu) => {
      const lower = column[upper]!;
      const group = found.find((g) => g.upper === upper && g.lower === lower);
      if (group) group.directions.push(mu);
      else found.push({ upper, lower, directions: [mu] });
    });
  return found;
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
