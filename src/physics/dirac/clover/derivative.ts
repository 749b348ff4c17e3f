import { at, type Complex, letComplex, multiplyFunction, peek, poke } from "../../../kernels/algebra/matrix.ts";
import { type Body, type Int, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import { blockBytes, type LinkLayout, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import { spins } from "../gamma.ts";
import { loadColours, timesPhase } from "../hopping/colour.ts";
import { termBytes } from "./kernels.ts";
import { packedBytes, packedEntry } from "./packed.ts";
import { chiralSize, type SpinPlane, spinPlanes } from "./spin.ts";

export type InsertionKernel = `outer${number}` | `inverse${number}`;

/**
 * What stands at the sites of plane number p when the leaves move, d S = sum_n Re tr[Z(n) dC(n)]: anti-Hermitian matrices
 * Z = w (T - T^dagger), [block][row][column][re, im]. Items are blocks, from the first of those that are passed.
 * outer<p>(z, x, y, w): T = tr_spin[gamma_mu gamma_nu x y^dagger], from Re(y^dagger gamma_mu gamma_nu (C - C^dagger) x);
 * inverse<p>(z, a, w): T = tr_spin[gamma_mu gamma_nu A^{-1}] with A^{-1} at `a`, from Tr(A^{-1} dA).
 */
export function insertionModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { dimension, group } = layout;
  const { n } = group;
  const [matrix, spin] = [linkBytes(layout), spins(dimension)];
  spinPlanes(dimension).forEach((plane, p) => {
    m.kernel(`outer${p}`, ["i32", "i32", "i32", "f64"] as const, (k, { begin, end, scratch }, z, x, y, w) => {
      const size = 2 * spin * n * k.vecBytes;
      k.for(begin, end, (block) => {
        const [left, right] = [x, y].map((v) => k.let(v.add(block.mul(size)))) as [Int, Int];
        spinTrace(k, n, plane, scratch, left, right);
        const out = k.let(z.add(block.mul(matrix)));
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            const [t, d] = [peek(k, n, at(scratch), i, j), peek(k, n, at(scratch), j, i)];
            poke(k, n, at(out), i, j, { re: t.re.sub(d.re).mul(w), im: t.im.add(d.im).mul(w) });
          }
      });
    });
    m.kernel(`inverse${p}`, ["i32", "i32", "f64"] as const, (k, { begin, end }, z, a, w) => {
      k.for(begin, end, (block) => {
        const out = k.let(z.add(block.mul(matrix)));
        inverseTrace(k, layout, plane, k.let(a.add(block.mul(termBytes(layout)))), (i, j, t) => {
          // T is anti-Hermitian itself
          poke(k, n, at(out), i, j, { re: t.re.add(t.re).mul(w), im: t.im.add(t.im).mul(w) });
        });
      });
    });
  });
  return m.finish();
}

/** T_ij = sum_s (sigma x)_{s i} conj(y_{s j}) into the matrix at `out`. */
function spinTrace(k: Body, n: number, { sigma }: SpinPlane, out: Int, x: Int, y: Int): void {
  sigma.column.forEach((column, s) => {
    const left = loadColours(k, n, x, column * n).map((z) => timesPhase(z, sigma.phase[s]!));
    const right = loadColours(k, n, y, s * n);
    left.forEach((a, i) => {
      right.forEach((b, j) => {
        const before = s === 0 ? undefined : peek(k, n, at(out), i, j);
        const re = before ? before.re.plus(a.re, b.re) : a.re.mul(b.re);
        const im = before ? before.im.plus(a.im, b.re) : a.im.mul(b.re);
        poke(k, n, at(out), i, j, { re: re.plus(a.im, b.im), im: im.minus(a.re, b.im) });
      });
    });
  });
}

/** T_ij = sum_s i^phase[s] (A^{-1})_{(column[s] i), (s j)} */
function inverseTrace(
  k: Body,
  { group: { n }, dimension }: LinkLayout,
  { sigma }: SpinPlane,
  a: Int,
  emit: (i: number, j: number, t: Complex) => void,
): void {
  const size = chiralSize(n, dimension);
  const blocks = [0, 1].map((half) => k.let(a.add(half * packedBytes(k, size)))) as [Int, Int];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const terms = sigma.column.map((column, s) => {
        const half = s * n < size ? 0 : 1;
        const [row, col] = [column * n + i - half * size, s * n + j - half * size];
        return timesPhase(letComplex(k, packedEntry(k, size, blocks[half]!, row, col)), sigma.phase[s]!);
      });
      emit(
        i,
        j,
        terms.reduce((x, y) => ({ re: x.re.add(y.re), im: x.im.add(y.im) })),
      );
    }
}

export type LeavesKernel = "transport" | "gather";

/**
 * From the matrices Z at the sites of a plane to the derivative of its links; items are blocks. Every plaquette of the plane
 * is a leaf of its four corners, so that d S = Re sum tr[z0 dP] + …, with the Z of each corner inserted there.
 *
 * transport(y, z, u, neighbours, nu): Y(n) = Z(n + nu) + U_nu(n)^dagger Z(n) U_nu(n), the two corners of an edge in
 * direction nu brought to its end;
 * gather(delta, u, y, neighbours, mu, nu, sign): delta_mu(n) += sign {A [Y(n + mu) B^dagger + B^dagger Y(n)] D^dagger
 * - Y(n + mu - nu) V - V Y(n - nu)}: the plaquette on the side of +nu, with A = U_nu(n + mu), B = U_mu(n + nu), D = U_nu(n),
 * and the one on the side of -nu, with V = U_nu(n + mu - nu)^dagger U_mu(n - nu)^dagger U_nu(n - nu).
 * For the other links of the plane mu and nu change places and the sign with them, since C_numu = C_munu^dagger and Z is
 * anti-Hermitian. The products of a plaquette's links with Z are so shared by the links of two edges, and every link
 * gathers for itself: no two workers write to one place.
 */
export function leavesModule(layout: LinkLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  transport(m, layout);
  gather(m, layout);
  return m.finish();
}

/** One matrix a site, to be walked as links are. */
const oneMatrix = (layout: LinkLayout): LinkLayout => ({ ...layout, dimension: 1 });

function transport(m: ModuleBuilder, layout: LinkLayout): void {
  const { n } = layout.group;
  const size = linkBytes(layout);
  m.kernel("transport", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, y, z, u, neighbours, nu) => {
    const walk = new Walker(m, k, layout, neighbours);
    const sites = new Walker(m, k, oneMatrix(layout), neighbours);
    const [slot, product] = [0, 1].map((i) => k.let(range.scratch.add(i * size))) as [Int, Int];
    k.for(range.begin, range.end, (block) => {
      const out = k.let(y.add(block.mul(size)));
      const link = k.let(u.add(block.mul(blockBytes(layout))).add(nu.mul(size)));
      k.call(multiplyFunction(m, n), product, z.add(block.mul(size)), link);
      k.call(multiplyFunction(m, n, { daggerA: true }), out, link, product);
      const ahead = sites.link(z, walk.step(walk.start(block), nu, true), 0, slot);
      addTo(k, n, out, ahead.pointer, 1);
    });
  });
}

function gather(m: ModuleBuilder, layout: LinkLayout): void {
  const { n } = layout.group;
  const size = linkBytes(layout);
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64"] as const;
  m.kernel("gather", types, (k, { begin, end, scratch }, delta, u, y, neighbours, mu, nu, sign) => {
    const walk = new Walker(m, k, layout, neighbours);
    const sites = new Walker(m, k, oneMatrix(layout), neighbours);
    const [s0, s1, s2, p, q] = Array.from({ length: 5 }, (_, i) => k.let(scratch.add(i * size))) as Five;
    const multiply = (out: Int, a: Int, b: Int, how: Parameters<typeof multiplyFunction>[2] = {}) =>
      k.call(multiplyFunction(m, n, how), out, a, b);
    k.for(begin, end, (block) => {
      const here = walk.start(block);
      const [right, up, down] = [walk.step(here, mu, true), walk.step(here, nu, true), walk.step(here, nu, false)];
      const corner = walk.step(right, nu, false);
      const out = k.let(delta.add(block.mul(blockBytes(layout))).add(mu.mul(size)));
      {
        const [a, b] = [walk.link(u, right, nu, s0).pointer, walk.link(u, up, mu, s1).pointer];
        const d = k.let(u.add(block.mul(blockBytes(layout))).add(nu.mul(size)));
        multiply(p, sites.link(y, right, 0, s2).pointer, b, { daggerB: true });
        multiply(p, b, y.add(block.mul(size)), { daggerA: true, accumulate: true });
        multiply(q, a, p);
        multiply(p, q, d, { daggerB: true });
        addTo(k, n, out, p, sign);
      }
      const [a, b, d] = [
        [corner, nu, s0],
        [down, mu, s1],
        [down, nu, s2],
      ].map(([place, direction, slot]) => walk.link(u, place!, direction!, slot!).pointer) as [Int, Int, Int];
      multiply(p, a, b, { daggerA: true, daggerB: true });
      multiply(q, p, d);
      multiply(p, sites.link(y, corner, 0, s0).pointer, q);
      multiply(p, q, sites.link(y, down, 0, s0).pointer, { accumulate: true });
      addTo(k, n, out, p, sign.neg());
    });
  });
}

type Five = [Int, Int, Int, Int, Int];

/** out += factor * matrix */
function addTo(k: Body, n: number, out: Int, matrix: Int, factor: Vec | number): void {
  k.for(0, 2 * n * n, (i) => {
    const offset = k.let(i.mul(k.vecBytes));
    const x = k.load(matrix.add(offset));
    const before = k.load(out.add(offset));
    k.store(out.add(offset), 0, typeof factor === "number" ? before.add(x) : before.plus(factor, x));
  });
}
