import { type FunctionRef, type Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import { type LinkLayout, linkBytes, Walker } from "../../../lattice/links/layout.ts";
import { addFunction } from "../../../physics/loops/path-sum.ts";
import { forPairsOf, only, places, scalarAt } from "./emit.ts";
import { farAt } from "./far.ts";
import { type ProductKind, productFunction } from "./products.ts";

/**
 * `plaquettes`(u, g, du, far, blocks, neighbours, mu, b): the pull-back of Re sum tr[g_mu A_mu], A the plaquette staples of the
 * links, together with that of sum (b_mu nu + b_nu mu) Re tr P over all plaquettes; `staples`, without b, that of the first
 * alone. Far parts are left for the pairs mu < nu of one mu.
 *
 * With P = X Y^dagger, X = U_mu(n) U_nu(n + mu), Y = U_nu(n) U_mu(n + nu), and a prime for the change of a product when its
 * links change by g, the first is Re tr[X' Y^dagger + X Y'^dagger]: every plaquette takes 14 products, where the general
 * way (`gather` of smearing-kernels.ts) takes 60.
 */
export function plaquettesBack(m: ModuleBuilder, layout: LinkLayout, weighted: boolean): void {
  const one = onePlaquette(m, layout.group.n);
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", ...only(weighted)] as const;
  m.kernel(weighted ? "plaquettes" : "staples", types, (k, range, u, g, du, far, blocks, neighbours, mu, ...rest) => {
    const { begin, end, scratch } = range;
    const walk = new Walker(m, k, layout, neighbours);
    const [s0, s1, s2, s3, work] = places(k, layout, scratch, 5) as [Int, Int, Int, Int, Int];
    forPairsOf(k, layout, { begin, end, mu }, ({ block, nu, shift, pair, other }) =>
      k.if(mu.lt(nu), () => {
        const here = walk.start(block);
        const [right, top] = [walk.step(here, mu, true), walk.step(here, nu, true)];
        const across = k.let(block.mul(layout.dimension).add(nu).mul(linkBytes(layout)));
        const [b] = rest;
        // the pair nu, mu, mu < nu: mu comes before nu, so it is number mu of the others
        const turned = nu.mul(layout.dimension - 1).add(mu);
        const weight = b
          ? k.let(
              k.load(k.let(scalarAt(b, layout, block, pair))).add(k.load(k.let(scalarAt(b, layout, block, turned)))),
            )
          : Vec.of(0);
        const { side, rung } = farAt(layout, far, blocks, block, other);
        const four = (field: Int, s0: Int, s1: Int) =>
          [
            k.let(field.add(shift)),
            walk.link(field, right, nu, s0).pointer,
            walk.link(field, top, mu, s1).pointer,
            k.let(field.add(across)),
          ] as const;
        const to = [k.let(du.add(shift)), k.let(side), k.let(rung), k.let(du.add(across))] as const;
        k.call(one, ...four(u, s0, s1), ...four(g, s2, s3), ...to, weight, work);
      }),
    );
  });
}

/**
 * (a, b, c, d, ga, gb, gc, gd, da, db, dc, dd, w: vec, work): from the plaquette a b c^dagger d^dagger, X = a b, Y = d c, and with
 * X'' = X' + w X, Y'' = Y' + w Y: da += gb Y^dagger + b Y''^dagger, dd += gc X^dagger + c X''^dagger, and set
 * db = Y^dagger ga + Y''^dagger a, dc = X^dagger gd + X''^dagger d.
 */
function onePlaquette(m: ModuleBuilder, n: number): FunctionRef {
  const twelve = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  const types = [...twelve, "vec", "i32"] as const;
  return m.helper(`plaquetteBack${n}`, types, (k, a, b, c, d, ga, gb, gc, gd, da, db, dc, dd, w, work) => {
    const size = 2 * n * n * k.vecBytes;
    const [x, dx, y, dy] = [0, 1, 2, 3].map((i) => k.let(work.add(i * size))) as [Int, Int, Int, Int];
    const call = (out: Int, left: Int, right: Int, how: ProductKind = {}) =>
      k.call(productFunction(m, n, how), out, left, right);
    const add = addFunction(m, n, false, true);
    for (const [value, change, [p, q], [gp, gq]] of [
      [x, dx, [a, b], [ga, gb]],
      [y, dy, [d, c], [gd, gc]],
    ] as const) {
      call(value, p, q);
      call(change, gp, q);
      call(change, p, gq, { accumulate: true });
      k.call(add, change, value, w);
    }
    call(da, gb, y, { daggerB: true, accumulate: true });
    call(da, b, dy, { daggerB: true, accumulate: true });
    call(dd, gc, x, { daggerB: true, accumulate: true });
    call(dd, c, dx, { daggerB: true, accumulate: true });
    call(db, y, ga, { daggerA: true });
    call(db, dy, a, { daggerA: true, accumulate: true });
    call(dc, x, gd, { daggerA: true });
    call(dc, dx, d, { daggerA: true, accumulate: true });
  });
}
