import { type Complex, letComplex, type Matrix, peek, poke } from "../../kernels/algebra/matrix.ts";
import { type Body, type Int, Vec } from "../../kernels/builder.ts";
import type { Group } from "../group.ts";
import { diagonalEntry, generators } from "./generators.ts";

/**
 * c_a(X) = Im tr(lambda_a X) of a matrix in memory, handed out one at a time (TA(X) = (i/2) sum_a c_a lambda_a).
 * Each is an expression that reads X.
 */
export function forCoordinates(k: Body, group: Group, x: Matrix, emit: (a: number, c: Vec) => void): void {
  const { n } = group;
  generators(group).forEach((g, a) => {
    switch (g.kind) {
      case "x":
        return emit(a, peek(k, n, x, g.i, g.j).im.add(peek(k, n, x, g.j, g.i).im));
      case "y":
        return emit(a, peek(k, n, x, g.i, g.j).re.sub(peek(k, n, x, g.j, g.i).re));
      case "phase":
        return emit(a, peek(k, n, x, 0, 0).im.mul(2));
      case "z": {
        let sum = peek(k, n, x, 0, 0).im;
        for (let d = 1; d < g.k; d++) sum = sum.add(peek(k, n, x, d, d).im);
        const norm = diagonalEntry(g.k, 0);
        return emit(a, sum.sub(peek(k, n, x, g.k, g.k).im.mul(g.k)).mul(norm));
      }
    }
  });
}

/**
 * q = scale * (i/2) sum_a p_a lambda_a into memory, from coordinates at `p`. Returns the vec scale^2 sum_a p_a^2 / 2
 * (the squared Frobenius norm of q), for U(1) (scale p)^2.
 */
export function matrixOfCoordinates(k: Body, group: Group, q: Matrix, p: Int, scale: Vec): Vec {
  const { n } = group;
  const half = k.let(scale.mul(0.5));
  const list = generators(group);
  const c = list.map((_, a) => k.let(k.load(p, a * k.vecBytes).mul(half)));
  const zero = Vec.of(0);
  list.forEach((g, a) => {
    if (g.kind !== "x") return;
    const [s, t] = [c[a]!, c[a + 1]!];
    poke(k, n, q, g.i, g.j, { re: t, im: s });
    poke(k, n, q, g.j, g.i, { re: t.neg(), im: s });
  });
  for (let d = 0; d < n; d++) {
    let im: Vec | undefined;
    list.forEach((g, a) => {
      const entry = g.kind === "z" ? diagonalEntry(g.k, d) : g.kind === "phase" ? 2 : 0;
      if (entry === 0) return;
      im = im ? im.plus(c[a]!, Vec.of(entry)) : c[a]!.mul(entry);
    });
    poke(k, n, q, d, d, { re: zero, im: im ?? zero } as Complex);
  }
  let norm = c[0]!.mul(c[0]!);
  for (const x of c.slice(1)) norm = norm.plus(x, x);
  return k.let(norm.mul(group.special ? 2 : 4));
}

/**
 * out = scale * TA(x), the traceless anti-Hermitian part (for U(1) i Im x); `out` may be `x`. Returns the vec of its
 * squared Frobenius norm.
 */
export function tracelessAntiHermitian(k: Body, group: Group, out: Matrix, x: Matrix, scale: number | Vec): Vec {
  const { n } = group;
  const half = typeof scale === "number" ? scale / 2 : k.let(scale.mul(0.5));
  const norm = k.let(Vec.of(0));
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [letComplex(k, peek(k, n, x, i, j)), letComplex(k, peek(k, n, x, j, i))];
      const z = letComplex(k, { re: a.re.sub(b.re).mul(half), im: a.im.add(b.im).mul(half) });
      poke(k, n, out, i, j, z);
      poke(k, n, out, j, i, { re: z.re.neg(), im: z.im });
      k.set(norm, norm.plus(z.re, z.re).plus(z.im, z.im));
    }
  k.set(norm, norm.mul(2));
  const diagonal = Array.from({ length: n }, (_, d) => k.let(peek(k, n, x, d, d).im.mul(scale)));
  const mean = group.special ? k.let(diagonal.reduce((sum, y) => sum.add(y)).mul(1 / n)) : undefined;
  diagonal.forEach((y, d) => {
    const im = mean ? k.let(y.sub(mean)) : y;
    poke(k, n, out, d, d, { re: Vec.of(0), im });
    k.set(norm, norm.plus(im, im));
  });
  return norm;
}
