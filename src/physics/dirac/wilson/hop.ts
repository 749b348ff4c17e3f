import { at, type Complex, forRows, letComplex } from "../../../kernels/algebra/matrix.ts";
import type { Body, Int } from "../../../kernels/builder.ts";
import { type LinkLayout, linkBytes } from "../../../lattice/links/layout.ts";
import { type Gamma, gammas, spins } from "../gamma.ts";
import { loadColours, put, timesColours } from "../hopping/colour.ts";
import type { HopBody } from "../hopping/hop.ts";

/** i^power z */
export function timesPhase(z: Complex, power: number): Complex {
  const p = ((power % 4) + 4) % 4;
  if (p === 0) return z;
  if (p === 1) return { re: z.im.neg(), im: z.re };
  return p === 2 ? { re: z.re.neg(), im: z.im.neg() } : { re: z.im, im: z.re.neg() };
}

/** a + i^power b, without a negation of its own. */
export function plusPhase(a: Complex, b: Complex, power: number): Complex {
  const p = ((power % 4) + 4) % 4;
  if (p === 0) return { re: a.re.add(b.re), im: a.im.add(b.im) };
  if (p === 1) return { re: a.re.sub(b.im), im: a.im.add(b.re) };
  return p === 2 ? { re: a.re.sub(b.re), im: a.im.sub(b.im) } : { re: a.re.add(b.im), im: a.im.sub(b.re) };
}

/**
 * The Wilson hopping term (K. G. Wilson, in New Phenomena in Subnuclear Physics (1977))
 * (T psi)(n) = sum_mu [(r - gamma_mu) U_mu(n) psi(n + mu) + (r + gamma_mu) U_mu(n - mu)^dagger psi(n - mu)],
 * or with `dagger` its adjoint gamma_5 T gamma_5, in which gamma_mu has the other sign. For r = 1 the matrices r -+ gamma
 * project on half of the spin components and the links act on those only.
 * @param slices vectors that lie one behind the other at each site (five dimensions); T acts on each.
 */
export function wilsonBody(layout: LinkLayout, how: { r: number; dagger: boolean; slices?: number }): HopBody {
  const { group, dimension, width } = layout;
  const { r, dagger, slices = 1 } = how;
  const list = gammas(dimension);
  const spin = spins(dimension);
  const size = linkBytes(layout);
  const sliceBytes = 2 * spin * group.n * width.lanes * width.bytes;
  const direction = r === 1 ? projected : full;
  return {
    key: `wilson/${group.name}/${dimension}d/${width.bytes}x${width.lanes}/r${r}${dagger ? "+" : ""}/s${slices}`,
    linkBytes: 2 * dimension * size,
    emit({ k, block, x, links, out, walk, slot }) {
      for (let s = 0; s < 2 * dimension; s++) {
        const psi = walk.vector(x, walk.neighbour(block, s), slot);
        const sign = (s % 2 === 0) === dagger ? 1 : -1;
        const one = (from: Int, to: Int) =>
          direction(k, group.n, { gamma: list[s >> 1]!, sign, r }, from, at(links, s * size), to, s > 0);
        if (slices === 1) one(psi, out);
        else
          k.for(0, slices, (slice) => {
            const offset = k.let(slice.mul(sliceBytes));
            one(k.let(psi.add(offset)), k.let(out.add(offset)));
          });
      }
    },
  };
}

interface Term {
  readonly gamma: Gamma;
  /** The term is (r + sign gamma) W psi. */
  readonly sign: 1 | -1;
  readonly r: number;
}

/** out (+)= (1 + sign gamma) W psi, through the half of the components that the projector keeps. */
function projected(k: Body, n: number, term: Term, psi: Int, w: ReturnType<typeof at>, out: Int, add: boolean): void {
  const { gamma, sign } = term;
  const turn = sign === 1 ? 0 : 2;
  const half = gamma.column.length / 2;
  for (let a = 0; a < half; a++) {
    const b = gamma.column[a]!;
    const [upper, lower] = [loadColours(k, n, psi, a * n), loadColours(k, n, psi, b * n)];
    const h = upper.map((z, c) => letComplex(k, plusPhase(z, lower[c]!, gamma.phase[a]! + turn)));
    forRows(k, n, (i) => {
      const z = timesColours(k, n, w, i, h);
      put(k, out, a * n, i, z, add);
      // row b of the projector is sign i^phase[b] times row a
      put(k, out, b * n, i, timesPhase(z, gamma.phase[b]! + turn), add);
    });
  }
}

/** out (+)= (r + sign gamma) W psi for any r. */
function full(k: Body, n: number, term: Term, psi: Int, w: ReturnType<typeof at>, out: Int, add: boolean): void {
  const { gamma, sign, r } = term;
  const spin = gamma.column.length;
  const turn = sign === 1 ? 0 : 2;
  if (!add) for (let i = 0; i < 2 * spin * n; i++) k.store(out, i * k.vecBytes, 0);
  for (let a = 0; a < spin; a++) {
    const h = loadColours(k, n, psi, a * n);
    const b = gamma.column.indexOf(a);
    forRows(k, n, (i) => {
      const z = timesColours(k, n, w, i, h);
      put(k, out, a * n, i, { re: z.re.mul(r), im: z.im.mul(r) }, true);
      put(k, out, b * n, i, timesPhase(z, gamma.phase[b]! + turn), true);
    });
  }
}

/** Numbers of a vector at a site: spin x colour. */
export const wilsonComponents = (n: number, dimension: number): number => spins(dimension) * n;
