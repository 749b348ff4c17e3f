import { cosSinTurns, log } from "../../kernels/algebra/elementary.ts";
import { type Body, Int, ModuleBuilder, Vec } from "../../kernels/builder.ts";
import type { ModuleIr } from "../../kernels/ir.ts";
import { type SpinorLayout, spinorBytes } from "./layout.ts";

/**
 * Noise with <eta eta^dagger> = 1, independent in every component: `gaussian` has density exp(-|eta|^2) (real and
 * imaginary part of variance 1/2), `z2` is +1 or -1, `z4` one of 1, i, -1, -i.
 */
export type Noise = "gaussian" | "z2" | "z4";
export const noises = ["gaussian", "z2", "z4"] as const;

/**
 * Kernels NAME(x, sites, k0, k1, step), one a kind of noise; items are blocks. Component c of a site takes block c of the
 * stream at that site, so the gaussian numbers are those of Rng.at(purpose, step, site).normal() / sqrt(2).
 */
export function noiseKernels(layout: SpinorLayout): ModuleIr {
  const m = new ModuleBuilder(layout.width);
  for (const noise of noises)
    m.kernel(noise, ["i32", "i32", "i32", "i32", "i32"] as const, (k, range, x, sites, k0, k1, step) => {
      k.for(range.begin, range.end, (block) => {
        const out = k.let(x.add(block.mul(spinorBytes(layout))));
        const site = k.let(sites.add(block.mul(4 * layout.width.lanes)));
        k.for(0, layout.components, (c) => {
          k.philox([k0, k1], c, site, step, Int.of(0), range.scratch);
          const { re, im } = drawn(k, noise, k.load(range.scratch), k.load(range.scratch, k.vecBytes));
          const to = k.let(out.add(c.mul(2 * k.vecBytes)));
          k.store(to, 0, re);
          k.store(to, k.vecBytes, im);
        });
      });
    });
  return m.finish();
}

function drawn(k: Body, noise: Noise, u0: Vec, u1: Vec): { re: Vec; im: Vec } {
  if (noise === "z2") return { re: u0.lt(0.5).select(1, -1), im: Vec.of(0) };
  if (noise === "z4") {
    const sign = k.let(u0.lt(0.5).select(1, -1));
    const real = k.let(u1.lt(0.5));
    return { re: real.select(sign, 0), im: real.select(0, sign) };
  }
  const r = k.let(log(k, Vec.of(1).sub(u0)).mul(-1).sqrt());
  const { cos, sin } = cosSinTurns(k, u1);
  return { re: r.mul(cos), im: r.mul(sin) };
}
