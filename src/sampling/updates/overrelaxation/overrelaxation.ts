import type { Body, Int, ModuleBuilder } from "../../../kernels/builder.ts";
import type { LinkLayout } from "../../../lattice/links/layout.ts";
import type { LinkRule } from "../sweep/rule.ts";
import { type Block, blockOfProduct, forSubgroups, norm2, type Quaternion, rotateRows } from "../sweep/subgroups.ts";

/** Below this the staple does not say where to: any fixed reflection keeps the weight. */
const NO_STAPLE = 1e-280;

/**
 * Microcanonical overrelaxation: the farthest element of the same weight. With W = U A restricted to an SU(2) subgroup,
 * W = rho w, the rows of U are multiplied by (w^dagger)^2, so that w becomes w^dagger and Re tr W stays (M. Creutz,
 * Phys. Rev. D 36 (1987) 515; F. R. Brown, T. J. Woch, Phys. Rev. Lett. 58 (1987) 2394).
 */
export const overrelaxationRule: LinkRule = { ...inOrder(false), backwards: inOrder(true) };

function inOrder(backwards: boolean): LinkRule {
  return {
    key: backwards ? "overrelaxation backwards" : "overrelaxation",
    workVecs: 0,
    parameters: 0,
    counts: false,
    emit(m, layout) {
      if (!layout.group.special) {
        return (k, { link, staple }) => {
          reflectPhase(k, link, staple);
          return undefined;
        };
      }
      const reflect = reflectFunction(m, layout);
      return (k, { link, staple }) => {
        const one = ({ rows, columns }: Block) => k.call(reflect, ...rows, ...columns);
        forSubgroups(k, layout, link, staple, one, backwards);
        return undefined;
      };
    },
  };
}

function reflectFunction(m: ModuleBuilder, { group }: LinkLayout) {
  const { n } = group;
  return m.helper("reflect", ["i32", "i32", "i32", "i32"] as const, (k, p, q, a, b) => {
    const block = { rows: [p, q], columns: [a, b] } as const;
    const w = blockOfProduct(k, n, block);
    const square = k.let(norm2(w));
    // (w^+)^2 = 2 w0 w^+ / rho^2 - 1
    const twice = k.let(square.gt(NO_STAPLE).select(w[0].mul(2).div(square), 0));
    const g = [twice.mul(w[0]).sub(1), ...[w[1], w[2], w[3]].map((x) => twice.mul(x).neg())].map((x) => k.let(x));
    rotateRows(k, n, g as unknown as Quaternion, block);
  });
}

/** U(1): u <- (conj(w)/|w|)^2 u with w = u a. */
function reflectPhase(k: Body, link: Int, staple: Int): void {
  const u = { re: k.let(k.load(link)), im: k.let(k.load(link, k.vecBytes)) };
  const a = { re: k.let(k.load(staple)), im: k.let(k.load(staple, k.vecBytes)) };
  const w = { re: k.let(u.re.mul(a.re).minus(u.im, a.im)), im: k.let(u.re.mul(a.im).plus(u.im, a.re)) };
  const square = k.let(w.re.mul(w.re).plus(w.im, w.im));
  const twice = k.let(square.gt(NO_STAPLE).select(w.re.mul(2).div(square), 0));
  // conj(w)^2/|w|^2 = 2 Re(w) conj(w)/|w|^2 - 1
  const g = { re: k.let(twice.mul(w.re).sub(1)), im: k.let(twice.mul(w.im).neg()) };
  k.store(link, 0, g.re.mul(u.re).minus(g.im, u.im));
  k.store(link, k.vecBytes, g.re.mul(u.im).plus(g.im, u.re));
}
