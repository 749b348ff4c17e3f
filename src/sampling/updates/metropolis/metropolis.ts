import { exp } from "../../../kernels/algebra/elementary.ts";
import { type Body, type FunctionRef, Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";
import type { LinkLayout } from "../../../lattice/links/layout.ts";
import { type LinkRule, subStream } from "../sweep/rule.ts";
import { blockOfProduct, forSubgroups, norm2, type Quaternion, rotateRows, timesDagger } from "../sweep/subgroups.ts";

/**
 * Metropolis with several hits: in every SU(2) subgroup `hits` proposals g = (1 + i width v.sigma)/norm, v uniform in the
 * cube [-1, 1]^3 (U(1): on the interval), so that g and its inverse are proposed alike; accepted with
 * min(1, exp(-delta S)) (N. Metropolis et al., J. Chem. Phys. 21 (1953) 1087; M. Creutz, Phys. Rev. D 21 (1980) 2308).
 * The kernel's parameter is the width; it counts accepted proposals.
 */
export function metropolisRule(hits: number): LinkRule {
  return {
    key: `metropolis-${hits}`,
    workVecs: 4,
    parameters: 1,
    counts: true,
    emit: (m, layout) => (layout.group.special ? subgroups(m, layout, hits) : phase(hits)),
  };
}

type Emitter = ReturnType<LinkRule["emit"]>;

/** Proposals of a sweep a link: one a hit and subgroup. */
export function proposalsPerLink({ group }: Pick<LinkLayout, "group">, hits: number): number {
  return hits * (group.special ? (group.n * (group.n - 1)) / 2 : 1);
}

function subgroups(m: ModuleBuilder, layout: LinkLayout, hits: number): Emitter {
  const hit = hitFunction(m, layout, hits);
  return (k, { link, staple, scale, address, work }, [width]) => {
    const { key, site, step, mu } = address;
    const count = k.let(Vec.of(0));
    forSubgroups(k, layout, link, staple, ({ rows, columns }, part) => {
      k.call(hit, ...rows, ...columns, scale, width!, ...key, site, step, subStream(mu, part), work);
      k.set(count, count.add(k.load(work)));
    });
    return count;
  };
}

/** All hits in one subgroup, on its block of W alone; the rows of U follow once. Leaves the number accepted at `work`. */
function hitFunction(m: ModuleBuilder, { group }: LinkLayout, hits: number): FunctionRef {
  const { n } = group;
  const types = ["i32", "i32", "i32", "i32", "vec", "vec", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper("hit", types, (k, p, q, a, b, scale, width, k0, k1, site, step, c3, work) => {
    const block = { rows: [p, q], columns: [a, b] } as const;
    const twice = k.let(scale.mul(2));
    const w = blockOfProduct(k, n, block).map((x) => k.let(x.mul(twice))) as unknown as Quaternion;
    const total = [1, 0, 0, 0].map((x) => k.let(Vec.of(x))) as unknown as Quaternion;
    const accepted = k.let(Vec.of(0));
    k.for(0, hits, (h) => {
      k.philox([k0, k1], h.shl(1), site, step, c3, work);
      k.philox([k0, k1], h.shl(1).add(1), site, step, c3, work.add(2 * k.vecBytes));
      const g = proposal(k, width, work);
      const [after, moved] = [product(k, g, w), product(k, g, total)];
      const taken = k.let(k.load(work, 3 * k.vecBytes).lt(exp(k, after[0].sub(w[0]))));
      for (let i = 0; i < 4; i++) {
        k.set(w[i]!, taken.select(after[i]!, w[i]!));
        k.set(total[i]!, taken.select(moved[i]!, total[i]!));
      }
      k.set(accepted, accepted.add(taken.select(1, 0)));
    });
    rotateRows(k, n, total, block);
    k.store(work, 0, accepted);
  });
}

/** (1, width v)/norm with v = 2 u - 1 from three uniforms. */
function proposal(k: Body, width: Vec, uniforms: Int): Quaternion {
  const v = [0, 1, 2].map((i) =>
    k.let(
      k
        .load(uniforms, i * k.vecBytes)
        .mul(2)
        .sub(1)
        .mul(width),
    ),
  );
  const g = [Vec.of(1), ...v] as unknown as Quaternion;
  const inverse = k.let(Vec.of(1).div(norm2(g).sqrt()));
  return g.map((x) => k.let(x.mul(inverse))) as unknown as Quaternion;
}

const product = (k: Body, a: Quaternion, b: Quaternion): Quaternion =>
  timesDagger(k, a, [b[0], k.let(b[1].neg()), k.let(b[2].neg()), k.let(b[3].neg())]);

/** U(1): the same with one angle. */
function phase(hits: number): Emitter {
  return (k, { link, staple, scale, address, work }, [width]) => {
    const { key, site, step, mu } = address;
    const u = { re: k.let(k.load(link)), im: k.let(k.load(link, k.vecBytes)) };
    const a = { re: k.let(k.load(staple).mul(scale)), im: k.let(k.load(staple, k.vecBytes).mul(scale)) };
    const accepted = k.let(Vec.of(0));
    k.for(0, hits, (h) => {
      k.philox(key, h, site, step, subStream(mu, Int.of(0)), work);
      const v = k.let(k.load(work).mul(2).sub(1).mul(width!));
      const inverse = k.let(Vec.of(1).div(v.mul(v).add(1).sqrt()));
      const re = k.let(u.re.minus(v, u.im).mul(inverse));
      const im = k.let(u.im.plus(v, u.re).mul(inverse));
      const gain = re.sub(u.re).mul(a.re).minus(im.sub(u.im), a.im);
      const taken = k.let(k.load(work, k.vecBytes).lt(exp(k, gain)));
      k.set(u.re, taken.select(re, u.re));
      k.set(u.im, taken.select(im, u.im));
      k.set(accepted, accepted.add(taken.select(1, 0)));
    });
    k.store(link, 0, u.re);
    k.store(link, k.vecBytes, u.im);
    return accepted;
  };
}
