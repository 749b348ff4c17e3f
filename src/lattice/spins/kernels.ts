import { cosSinTurns, log } from "../../kernels/algebra/elementary.ts";
import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { componentsOf, type SpinKind } from "./spin-data.ts";

export type SpinKernel = "drift" | "kinetic" | "drawMomenta" | "addForce" | "defect" | "project";

const BYTES = 8;
type Three = readonly [Vec, Vec, Vec];

/** Kernels of the manifold of spins; items are sites, one number a vec. Those of momenta are not for Ising spins. */
export function spinKernels(spins: SpinKind): ModuleIr {
  const m = new ModuleBuilder({ lanes: 1, bytes: BYTES });
  const n = componentsOf(spins);
  defect(m, n);
  project(m, n);
  if (spins === "Ising") return m.finish();
  if (spins === "XY") inPlane(m);
  else inSpace(m);
  const generators = spins === "XY" ? 1 : 3;
  kinetic(m, generators);
  drawMomenta(m, generators);
  return m.finish();
}

const place = (k: Body, field: Int, site: Int, n: number): Int => k.let(field.add(site.mul(n * BYTES)));
const load = (k: Body, from: Int, n: number): Vec[] =>
  Array.from({ length: n }, (_, a) => k.let(k.load(from, a * BYTES)));

/** defect(partials, s): largest | |S|^2 - 1 | in each chunk. */
function defect(m: ModuleBuilder, n: number): void {
  m.kernel("defect", ["i32", "i32"] as const, (k, { begin, end, chunk }, out, s) => {
    const worst = k.let(Vec.of(0));
    k.for(begin, end, (site) => {
      const norm = squared(load(k, place(k, s, site, n), n));
      k.set(worst, worst.max(norm.sub(1).abs()));
    });
    k.store(out.add(chunk.mul(BYTES)), 0, worst);
  });
}

/** project(s): S / |S|. */
function project(m: ModuleBuilder, n: number): void {
  m.kernel("project", ["i32"] as const, (k, { begin, end }, s) => {
    k.for(begin, end, (site) => {
      const at = place(k, s, site, n);
      const spin = load(k, at, n);
      const length = k.let(squared(spin).sqrt());
      spin.forEach((x, a) => k.store(at, a * BYTES, x.div(length)));
    });
  });
}

/**
 * drift(s, p, dt): the angle of a spin in the plane grows by dt p.
 * addForce(p, s, g, weight): p -= weight (S_x g_y - S_y g_x).
 */
function inPlane(m: ModuleBuilder): void {
  m.kernel("drift", ["i32", "i32", "f64"] as const, (k, { begin, end }, s, p, dt) => {
    k.for(begin, end, (site) => {
      const at = place(k, s, site, 2);
      const [x, y] = load(k, at, 2) as [Vec, Vec];
      const { cos, sin } = cosSin(k, k.load(p.add(site.mul(BYTES))).mul(dt));
      k.store(at, 0, x.mul(cos).minus(y, sin));
      k.store(at, BYTES, x.mul(sin).plus(y, cos));
    });
  });
  m.kernel("addForce", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end }, p, s, g, weight) => {
    k.for(begin, end, (site) => {
      const [x, y] = load(k, place(k, s, site, 2), 2) as [Vec, Vec];
      const [gx, gy] = load(k, place(k, g, site, 2), 2) as [Vec, Vec];
      const to = place(k, p, site, 1);
      k.store(to, 0, k.load(to).minus(weight, x.mul(gy).minus(y, gx)));
    });
  });
}

/**
 * drift(s, p, dt): the spin turns by the angle a = dt |P| round e = P/|P|, S cos a + (e x S) sin a + e (e.S) (1 - cos a)
 * (O. Rodrigues, J. Math. Pures Appl. 5 (1840) 380).
 * addForce(p, s, g, weight): P -= weight S x g.
 */
function inSpace(m: ModuleBuilder): void {
  m.kernel("drift", ["i32", "i32", "f64"] as const, (k, { begin, end }, s, p, dt) => {
    k.for(begin, end, (site) => {
      const at = place(k, s, site, 3);
      const spin = load(k, at, 3) as unknown as Three;
      const momentum = load(k, place(k, p, site, 3), 3) as unknown as Three;
      const rate = k.let(squared(momentum).sqrt());
      // no momentum has no axis, and turns nothing
      const by = k.let(Vec.of(1).div(k.let(rate.gt(0)).select(rate, 1)));
      const e = momentum.map((c) => k.let(c.mul(by))) as unknown as Three;
      const { cos, sin } = cosSin(k, rate.mul(dt));
      const along = k.let(e[0].mul(spin[0]).plus(e[1], spin[1]).plus(e[2], spin[2]).mul(Vec.of(1).sub(cos)));
      const turned = cross(e, spin).map((c) => k.let(c));
      spin.forEach((x, a) => k.store(at, a * BYTES, x.mul(cos).plus(sin, turned[a]!).plus(along, e[a]!)));
    });
  });
  m.kernel("addForce", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end }, p, s, g, weight) => {
    k.for(begin, end, (site) => {
      const spin = load(k, place(k, s, site, 3), 3) as unknown as Three;
      const gradient = load(k, place(k, g, site, 3), 3) as unknown as Three;
      const to = place(k, p, site, 3);
      cross(spin, gradient).forEach((c, a) => k.store(to, a * BYTES, k.load(to, a * BYTES).minus(weight, c)));
    });
  });
}

/** kinetic(partials, p): sum of p_a^2 / 2. */
function kinetic(m: ModuleBuilder, generators: number): void {
  m.kernel("kinetic", ["i32", "i32"] as const, (k, { begin, end, chunk }, partials, p) => {
    const sum = k.let(Vec.of(0));
    k.for(begin.mul(generators), end.mul(generators), (i) => {
      const x = k.let(k.load(p.add(i.mul(BYTES))));
      k.set(sum, sum.plus(x, x));
    });
    k.store(partials.add(chunk.mul(BYTES)), 0, sum.mul(0.5));
  });
}

/**
 * drawMomenta(p, sites, k0, k1, step): p_a ~ N(0, 1), the normals of Rng.at(purpose, step, site) in their order. `sites`
 * are the numbers of the sites, 0, 1, 2 …
 */
function drawMomenta(m: ModuleBuilder, generators: number): void {
  m.kernel("drawMomenta", ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, p, sites, k0, k1, step) => {
    k.for(range.begin, range.end, (site) => {
      const to = place(k, p, site, generators);
      for (let a = 0; a < generators; a += 2) {
        k.philox([k0, k1], Int.of(a / 2), k.let(sites.add(site.mul(4))), step, Int.of(0), range.scratch);
        const inverse = log(k, Vec.of(1).sub(k.load(range.scratch)));
        const r = k.let(inverse.mul(-2).sqrt());
        const { cos, sin } = cosSinTurns(k, k.load(range.scratch, BYTES));
        k.store(to, a * BYTES, r.mul(cos));
        if (a + 1 < generators) k.store(to, (a + 1) * BYTES, r.mul(sin));
      }
    });
  });
}

/** Of an angle in radians below 2^40. */
const cosSin = (k: Body, angle: Vec): { cos: Vec; sin: Vec } => cosSinTurns(k, angle.mul(1 / (2 * Math.PI)));

const squared = (x: readonly Vec[]): Vec => x.reduce((sum, c) => sum.plus(c, c), Vec.of(0));

const cross = (a: Three, b: Three): Three => [
  a[1].mul(b[2]).minus(a[2], b[1]),
  a[2].mul(b[0]).minus(a[0], b[2]),
  a[0].mul(b[1]).minus(a[1], b[0]),
];
