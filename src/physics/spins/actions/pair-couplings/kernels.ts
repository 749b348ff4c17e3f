import { type Body, type Int, ModuleBuilder, Vec } from "../../../../kernels/builder.ts";
import type { ModuleIr } from "../../../../kernels/ir.ts";

export type PairKernel = "energy" | "gradient";

/**
 * Where a sum over pairs finds its numbers in the heap.
 * shells: one entry of SHELL_ENTRY bytes a shell, (address of its sites i32, coordination i32, K_n float64).
 */
export const SHELL_ENTRY = 16;

const BYTES = 8;

/**
 * Kernels of S = -sum_n K_n sum_<ij>_n S_i.S_j - K_sq sum_sq SSSS - h.sum_i S_i; items are sites.
 *
 * energy(partials, s, shells, count, corners, perSite): the sums over all sites of S_i.(sum_n K_n sum_j S_j)/2, of the
 * squares, and of the components of S_i.
 * gradient(g, s, shells, count, corners, perSite, square, hx, hy, hz, weight): g_i -= weight (the local field of site i).
 *
 * @param n numbers a spin.
 * @param squares whether there are any: Ising spins only.
 */
export function pairKernels(n: 1 | 2 | 3, squares: boolean): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: 8 });
  energy(m, n, squares);
  gradient(m, n, squares);
  return m.finish();
}

function energy(m: ModuleBuilder, n: number, squares: boolean): void {
  const types = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  m.kernel("energy", types, (k, { begin, end, chunk }, partials, s, shells, count, corners, perSite) => {
    const sums = Array.from({ length: 2 + n }, () => k.let(Vec.of(0)));
    k.for(begin, end, (site) => {
      const spin = loadSpin(k, n, s, site);
      const field = pairField(k, n, s, shells, count, site);
      k.set(sums[0]!, dot(sums[0]!, spin, field));
      if (squares) k.set(sums[1]!, sums[1]!.plus(spin[0]!, squareField(k, s, corners, perSite, site)));
      spin.forEach((x, a) => k.set(sums[2 + a]!, sums[2 + a]!.add(x)));
    });
    const out = k.let(partials.add(chunk.mul((2 + n) * BYTES)));
    const shares = [0.5, 0.25, 1, 1, 1]; // of a pair, of a square, of a spin
    sums.forEach((sum, c) => k.store(out, c * BYTES, sum.mul(shares[c]!)));
  });
}

function gradient(m: ModuleBuilder, n: number, squares: boolean): void {
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64", "f64", "f64", "f64"] as const;
  m.kernel(
    "gradient",
    types,
    (k, { begin, end }, g, s, shells, count, corners, perSite, square, hx, hy, hz, weight) => {
      const h = [hx, hy, hz];
      k.for(begin, end, (site) => {
        const field = pairField(k, n, s, shells, count, site);
        if (squares) k.set(field[0]!, field[0]!.plus(square, squareField(k, s, corners, perSite, site)));
        const to = k.let(g.add(site.mul(n * BYTES)));
        field.forEach((f, a) => k.store(to, a * BYTES, k.load(to, a * BYTES).minus(weight, f.add(h[a]!))));
      });
    },
  );
}

/** sum_n K_n sum_{j in shell n of i} S_j */
function pairField(k: Body, n: number, s: Int, shells: Int, count: Int, site: Int): Vec[] {
  const field = Array.from({ length: n }, () => k.let(Vec.of(0)));
  k.for(0, count, (shell) => {
    const entry = k.let(shells.add(shell.mul(SHELL_ENTRY)));
    const coordination = k.let(k.loadInt(entry, 4));
    const first = k.let(k.loadInt(entry).add(site.mul(coordination).mul(4)));
    const sum = Array.from({ length: n }, () => k.let(Vec.of(0)));
    k.for(
      first,
      k.let(first.add(coordination.mul(4))),
      (at) => {
        const from = k.let(s.add(k.loadInt(at).mul(n * BYTES)));
        sum.forEach((x, a) => k.set(x, x.add(k.load(from, a * BYTES))));
      },
      4,
    );
    const strength = k.let(k.load(entry, 8));
    field.forEach((f, a) => k.set(f, f.plus(strength, sum[a]!)));
  });
  return field;
}

/** The sum over the squares of site i of the product of their three other spins. */
function squareField(k: Body, s: Int, corners: Int, perSite: Int, site: Int): Vec {
  const sum = k.let(Vec.of(0));
  const first = k.let(corners.add(site.mul(perSite).mul(12)));
  k.for(
    first,
    k.let(first.add(perSite.mul(12))),
    (at) => {
      const corner = (c: number) => k.load(s.add(k.loadInt(at, 4 * c).mul(BYTES)));
      k.set(sum, sum.plus(corner(0).mul(corner(1)), corner(2)));
    },
    12,
  );
  return sum;
}

function loadSpin(k: Body, n: number, s: Int, site: Int): Vec[] {
  const from = k.let(s.add(site.mul(n * BYTES)));
  return Array.from({ length: n }, (_, a) => k.let(k.load(from, a * BYTES)));
}

const dot = (start: Vec, x: readonly Vec[], y: readonly Vec[]): Vec =>
  x.reduce((sum, value, a) => sum.plus(value, y[a]!), start);
