import { cosSinTurns, exp } from "../../../kernels/algebra/elementary.ts";
import { type FunctionRef, Int, type ModuleBuilder, Vec } from "../../../kernels/builder.ts";

/** Beyond, squares overflow; a phase this sharp is never met. */
const LARGEST = 1e150;

/**
 * The function (k: vec, key0, key1, site, step, c3, out, work): a phase (cos, sin) at `out` with density exp(k cos) for
 * any k >= 0: von Mises' law by D. J. Best, N. I. Fisher, Appl. Statist. 28 (1979) 152, rejection from a wrapped Cauchy
 * law; the uniform phase z goes to (q + z)/(1 + q z) on the unit circle, so no inverse cosine is needed. Written with
 * q = 1/r of their r, which is 0 at k = 0. Exact: it goes on until every lane has accepted. Attempt t takes draw t.
 *
 * `work` takes two vec.
 */
export function u1HeatBathFunction(m: ModuleBuilder): FunctionRef {
  const types = ["vec", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.helper("u1HeatBath", types, (k, weight, k0, k1, site, step, c3, out, work) => {
    const kappa = k.let(weight);
    const pending = k.let(kappa.ge(0).and(kappa.le(LARGEST)));
    k.store(out, 0, kappa.mul(Number.NaN));
    k.store(out, k.vecBytes, kappa.mul(Number.NaN));
    // tau = 1 + sqrt(1 + 4 k^2), rho = (tau - sqrt(2 tau))/(2 k), without the cancellations at small k
    const tau = k.let(kappa.mul(kappa).mul(4).add(1).sqrt().add(1));
    const root = k.let(tau.sqrt());
    const sum = k.let(root.add(Math.SQRT2).mul(root));
    const rho = k.let(kappa.mul(2).div(sum));
    const rho2 = k.let(rho.mul(rho).add(1));
    const q = k.let(rho.mul(2).div(rho2));
    const width = k.let(rho.mul(rho).sub(1).neg().div(rho2)); // sqrt(1 - q^2)
    const height = k.let(rho2.mul(sum).mul(0.25)); // k/q
    const draw = k.let(Int.of(0));
    k.repeat(
      () => {
        k.philox([k0, k1], draw, site, step, c3, work);
        k.set(draw, draw.add(1));
        const z = cosSinTurns(k, k.load(work));
        const inverse = k.let(Vec.of(1).div(q.mul(z.cos).add(1)));
        const cos = k.let(q.add(z.cos).mul(inverse));
        const c = k.let(height.mul(Vec.of(1).minus(q, cos)));
        const bound = c.mul(exp(k, Vec.of(1).sub(c)));
        const taken = k.let(k.load(work, k.vecBytes).lt(bound).and(pending));
        k.store(out, 0, taken.select(cos, k.load(out)));
        k.store(out, k.vecBytes, taken.select(width.mul(z.sin).mul(inverse), k.load(out, k.vecBytes)));
        k.set(pending, pending.and(taken.not()));
      },
      () => pending.any(),
    );
  });
}
