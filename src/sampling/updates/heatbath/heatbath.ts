import { type FunctionRef, Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { LinkLayout } from "../../../lattice/links/layout.ts";
import { type LinkRule, subStream } from "../sweep/rule.ts";
import { blockOfProduct, forSubgroups, norm2, type Quaternion, rotateRows, timesDagger } from "../sweep/subgroups.ts";
import { su2HeatBathFunction } from "./su2.ts";
import { u1HeatBathFunction } from "./u1.ts";

/** Below this (squared) a staple is no staple: the new element is uniform. */
const NO_STAPLE = 1e-280;

/**
 * Heat bath: the new link is independent of the old one given its staple; for SU(N > 2) subgroup by subgroup (N. Cabibbo,
 * E. Marinari, Phys. Lett. B 119 (1982) 387), independent within the subgroup.
 */
export const heatbathRule: LinkRule = { ...inOrder(false), backwards: inOrder(true) };

function inOrder(backwards: boolean): LinkRule {
  return {
    key: backwards ? "heatbath backwards" : "heatbath",
    workVecs: 9,
    parameters: 0,
    counts: false,
    emit: (m, layout) => (layout.group.special ? subgroups(m, layout, backwards) : phase(m)),
  };
}

type Emitter = ReturnType<LinkRule["emit"]>;

function subgroups(m: ModuleBuilder, layout: LinkLayout, backwards: boolean): Emitter {
  const renew = renewFunction(m, layout);
  return (k, { link, staple, scale, address, work }) => {
    const { key, site, step, mu } = address;
    forSubgroups(
      k,
      layout,
      link,
      staple,
      ({ rows, columns }, part) =>
        k.call(renew, ...rows, ...columns, scale, ...key, site, step, subStream(mu, part), work),
      backwards,
    );
    return undefined;
  };
}

/** (rows, columns, scale, key, site, step, c3, work): rows <- h w^dagger rows, h from its heat bath. */
function renewFunction(m: ModuleBuilder, { group }: LinkLayout): FunctionRef {
  const { n } = group;
  const draw = su2HeatBathFunction(m);
  const types = ["i32", "i32", "i32", "i32", "vec", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper("renew", types, (k, p, q, a, b, scale, k0, k1, site, step, c3, work) => {
    const block = { rows: [p, q], columns: [a, b] } as const;
    const w = blockOfProduct(k, n, block).map((x) => k.let(x.mul(scale))) as unknown as Quaternion;
    const square = k.let(norm2(w));
    const known = k.let(square.ge(NO_STAPLE));
    const rho = k.let(square.sqrt());
    const h = k.let(work);
    k.call(draw, rho.mul(2), k0, k1, site, step, c3, h, work.add(4 * k.vecBytes));
    const inverse = k.let(Vec.of(1).div(known.select(rho, 1)));
    const unit = w.map((x, i) => k.let(known.select(x.mul(inverse), i === 0 ? 1 : 0))) as unknown as Quaternion;
    const fresh = [0, 1, 2, 3].map((i) => k.let(k.load(h, i * k.vecBytes))) as unknown as Quaternion;
    rotateRows(k, n, timesDagger(k, fresh, unit), block);
  });
}

/** U(1): u <- phase conj(a)/|a|. */
function phase(m: ModuleBuilder): Emitter {
  const draw = u1HeatBathFunction(m);
  return (k, { link, staple, scale, address, work }) => {
    const { key, site, step, mu } = address;
    const a = { re: k.let(k.load(staple).mul(scale)), im: k.let(k.load(staple, k.vecBytes).mul(scale)) };
    const square = k.let(a.re.mul(a.re).plus(a.im, a.im));
    const known = k.let(square.ge(NO_STAPLE));
    const rho = k.let(square.sqrt());
    k.call(draw, rho, ...key, site, step, subStream(mu, Int.of(0)), work, work.add(2 * k.vecBytes));
    const inverse = k.let(Vec.of(1).div(known.select(rho, 1)));
    const re = k.let(known.select(a.re.mul(inverse), 1));
    const im = k.let(known.select(a.im.mul(inverse), 0));
    const [cos, sin] = [k.let(k.load(work)), k.let(k.load(work, k.vecBytes))];
    k.store(link, 0, cos.mul(re).plus(sin, im));
    k.store(link, k.vecBytes, sin.mul(re).minus(cos, im));
  };
}
