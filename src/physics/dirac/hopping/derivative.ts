import { addProduct, type Complex, letComplex } from "../../../kernels/algebra/matrix.ts";
import { type Body, type Int, ModuleBuilder } from "../../../kernels/builder.ts";
import type { ModuleIr } from "../../../kernels/ir.ts";
import type { Field } from "../../../lattice/field.ts";
import { blockBytes, type LinkLayout, layoutKey, linkBytes } from "../../../lattice/links/layout.ts";
import { SpinorWalker, spinorBytes } from "../../../lattice/spinors/layout.ts";
import type { SpinorSpace } from "../../../lattice/spinors/spinors.ts";
import type { Gamma } from "../gamma.ts";
import { loadColours, plusPhase, put, take } from "./colour.ts";
import type { HoppingLinks } from "./links.ts";

/**
 * How T of a direction acts on spin: T = (r + sign gamma) W forwards and (r - sign gamma) W backwards, or the identity
 * (staggered, no gamma) with the factor of the backward term at n + mu `back` times the conjugate of the forward one at n.
 */
export interface SpinTerms {
  readonly key: string;
  readonly spins: number;
  /** Vectors one behind the other at each site. */
  readonly slices: number;
  readonly gamma?: (mu: number) => Gamma;
  readonly sign: 1 | -1;
  readonly r: number;
  /** Factor of the backward term at n + mu over the conjugate of the forward one at n. */
  readonly back: 1 | -1;
}

/**
 * delta_mu(n) += weight * derivative of Re(y^dagger T x): with f the factor of the forward term,
 * delta_mu(n) = f { tr_spin[G_+ x(n + mu) y(n)^dagger] + back tr_spin[G_- y(n + mu) x(n)^dagger] }, G_+- = r +- sign gamma
 * (the second term comes from U^dagger, by Re z = Re z*). x and y on all sites.
 */
export function addHopDerivative(
  space: SpinorSpace,
  links: HoppingLinks,
  terms: SpinTerms,
  delta: Field,
  weight: number,
  y: Field,
  x: Field,
): void {
  const { layout, lattice } = links.space;
  const { device, blocks, neighbours } = lattice;
  const key = `hop-derivative/${layoutKey(layout)}/${terms.key}`;
  const { derivative } = device.kernels<"derivative">(key, () => derivativeModule(layout, space, terms));
  device.run(derivative, blocks, delta.address, y.address, x.address, links.factorTable, neighbours, weight);
}

/** Kernel derivative(delta, y, x, factors, neighbours, weight); items are blocks. */
function derivativeModule(layout: LinkLayout, space: SpinorSpace, terms: SpinTerms): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  const { dimension, group } = layout;
  const spinors = space.layout;
  const size = spinorBytes(spinors);
  const types = ["i32", "i32", "i32", "i32", "i32", "f64"] as const;
  m.kernel("derivative", types, (k, range, delta, y, x, factors, neighbours, weight) => {
    const walk = new SpinorWalker(m, k, spinors, neighbours);
    const row = k.let(range.scratch.add(2 * size));
    k.for(range.begin, range.end, (block) => {
      const [xHere, yHere] = [x, y].map((v) => k.let(v.add(block.mul(size)))) as [Int, Int];
      for (let mu = 0; mu < dimension; mu++) {
        const ahead = walk.neighbour(block, 2 * mu);
        const xAhead = walk.vector(x, ahead, range.scratch);
        const yAhead = walk.vector(y, ahead, k.let(range.scratch.add(size)));
        const table = k.let(factors.add(block.mul(4 * dimension * k.vecBytes)));
        const factor = (part: number) => k.let(k.load(table, (4 * mu + part) * k.vecBytes).mul(weight));
        const f = { re: factor(0), im: factor(1) };
        const g = { re: k.let(f.re.mul(terms.back)), im: k.let(f.im.mul(terms.back)) };
        const out = k.let(delta.add(block.mul(blockBytes(layout)).add(mu * linkBytes(layout))));
        const sliceBytes = 2 * terms.spins * group.n * k.vecBytes;
        const slice = (offset: (p: Int) => Int) => {
          outer(k, group.n, terms, mu, terms.sign, { a: offset(xAhead), b: offset(yHere), row }, out, f);
          outer(k, group.n, terms, mu, -terms.sign as 1 | -1, { a: offset(yAhead), b: offset(xHere), row }, out, g);
        };
        if (terms.slices === 1) slice((p) => p);
        else
          k.for(0, terms.slices, (s) => {
            const by = k.let(s.mul(sliceBytes));
            slice((p) => k.let(p.add(by)));
          });
      }
    });
  });
  return m.finish();
}

/** out_ij += f sum_spin [(r + sign gamma) a]_i conj(b_j). `row` is scratch for a colour vector where rows are a loop. */
function outer(k: Body, n: number, terms: SpinTerms, mu: number, sign: 1 | -1, at: Ends, out: Int, f: Complex): void {
  for (const [left, right] of factored(k, n, terms, mu, sign, at.a, at.b)) {
    const scaled = right.map((z) => letComplex(k, addProduct(undefined, z, f, true)));
    const unrolled = n <= UNROLLED;
    if (!unrolled) left.forEach((z, i) => put(k, at.row, 0, i, z, false));
    const add = (z: Complex, to: Int, first: number) =>
      scaled.forEach((w, j) => {
        const o = first + 2 * j * k.vecBytes;
        k.store(to, o, k.load(to, o).plus(z.re, w.re).plus(z.im, w.im));
        k.store(
          to,
          o + k.vecBytes,
          k
            .load(to, o + k.vecBytes)
            .plus(z.im, w.re)
            .minus(z.re, w.im),
        );
      });
    const rowBytes = 2 * n * k.vecBytes;
    if (unrolled) left.forEach((z, i) => add(z, out, i * rowBytes));
    else k.for(0, n, (i) => add(letComplex(k, take(k, at.row, 0, i)), k.let(out.add(i.mul(rowBytes))), 0));
  }
}

/** Largest N whose rows are unrolled, as in kernels/algebra/matrix.ts. */
const UNROLLED = 4;

interface Ends {
  readonly a: Int;
  readonly b: Int;
  readonly row: Int;
}

/** Pairs of colour vectors whose outer products add up to the spin trace, generated one after the other. */
function* factored(
  k: Body,
  n: number,
  terms: SpinTerms,
  mu: number,
  sign: 1 | -1,
  a: Int,
  b: Int,
): Generator<[Complex[], Complex[]]> {
  const gamma = terms.gamma?.(mu);
  if (!gamma) {
    yield [loadColours(k, n, a), loadColours(k, n, b)];
    return;
  }
  const turn = sign === 1 ? 0 : 2;
  const combined = (v: Int, upper: number, power: number, scale?: number): Complex[] => {
    const [first, second] = [upper, gamma.column[upper]!].map((s) => loadColours(k, n, v, s * n)) as [
      Complex[],
      Complex[],
    ];
    return first.map((z, c) => {
      const scaled = scale === undefined ? z : { re: z.re.mul(scale), im: z.im.mul(scale) };
      return letComplex(k, plusPhase(scaled, second[c]!, power + turn));
    });
  };
  if (terms.r !== 1) {
    for (let s = 0; s < terms.spins; s++) yield [combined(a, s, gamma.phase[s]!, terms.r), loadColours(k, n, b, s * n)];
    return;
  }
  // (1 + sign gamma) has rank one half: row column[s] is i^phase[column[s]] sign times row s, so b combines the same way
  for (let s = 0; s < terms.spins / 2; s++) {
    const lower = gamma.column[s]!;
    yield [combined(a, s, gamma.phase[s]!), combined(b, s, -gamma.phase[lower]!)];
  }
}
