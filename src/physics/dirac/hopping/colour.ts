import { addProduct, type Complex, letComplex, type Matrix, peek, type Row } from "../../../kernels/algebra/matrix.ts";
import type { Body, Int } from "../../../kernels/builder.ts";

/** A colour vector in locals, from [component][re, im] at a pointer. */
export function loadColours(k: Body, n: number, pointer: Int, component = 0): Complex[] {
  return Array.from({ length: n }, (_, c) => ({
    re: k.let(k.load(pointer, 2 * (component + c) * k.vecBytes)),
    im: k.let(k.load(pointer, (2 * (component + c) + 1) * k.vecBytes)),
  }));
}

/** Component i of W h, W a matrix in memory. */
export function timesColours(k: Body, n: number, w: Matrix, i: Row, h: readonly Complex[]): Complex {
  let sum: Complex | undefined;
  for (let c = 0; c < n; c++) sum = addProduct(sum, letComplex(k, peek(k, n, w, i, c)), h[c]!);
  return letComplex(k, sum!);
}

/** Stores or adds a complex number at component `component` + i of the vector at `out`. */
export function put(k: Body, out: Int, component: number, i: Row, z: Complex, add: boolean): void {
  const at = typeof i === "number" ? out : k.let(out.add(i.mul(2 * k.vecBytes)));
  const o = 2 * (component + (typeof i === "number" ? i : 0)) * k.vecBytes;
  k.store(at, o, add ? k.load(at, o).add(z.re) : z.re);
  k.store(at, o + k.vecBytes, add ? k.load(at, o + k.vecBytes).add(z.im) : z.im);
}

/** The number at component `component` + i of the vector at `from`, not yet in a local. */
export function take(k: Body, from: Int, component: number, i: Row): Complex {
  const at = typeof i === "number" ? from : k.let(from.add(i.mul(2 * k.vecBytes)));
  const o = 2 * (component + (typeof i === "number" ? i : 0)) * k.vecBytes;
  return { re: k.load(at, o), im: k.load(at, o + k.vecBytes) };
}

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
