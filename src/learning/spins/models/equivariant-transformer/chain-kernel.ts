import { cosSinTurns, exp } from "../../../../kernels/algebra/elementary.ts";
import { type Body, Int, type ModuleBuilder, Vec } from "../../../../kernels/builder.ts";
import type { SiteFunctions } from "./site-kernels.ts";
import type { SiteLayout } from "./site-memory.ts";

/** Adding it leaves a whole number below 2^31 in the low word. */
const WHOLE = 2 ** 52;

/**
 * Kernel chain or capChain (state, weights, updates, key, key, step, width): Metropolis updates of single spins at sites
 * chosen at random, with the model evaluated inside; their addresses are those of `SpinChain` (spin-action.ts). `begin` comes
 * first. Leaves the number accepted in the first vec of `out`.
 *
 * `width` is 1 - cos w for O(3) spins, w / 2 pi for XY spins, where w is the largest angle; the whole sphere has none.
 */
export function emitChain(m: ModuleBuilder, layout: SiteLayout, functions: SiteFunctions, on: "whole" | "cap"): void {
  const { components, spins, maps, out, torus } = layout;
  const name = on === "whole" ? "chain" : "capChain";
  m.kernel(name, ["i32", "i32", "i32", "i32", "i32", "i32", "f64"] as const, (k, _, ...all) => {
    const [state, weights, updates, k0, k1, step, width] = all;
    const [current, trial] = [k.let(state.add(maps[0])), k.let(state.add(maps[1]))];
    const action = k.let(k.load(state, out));
    const accepted = k.let(Vec.of(0));
    k.for(0, updates, (u) => {
      const { a, b, c, d } = uniforms(k, layout, state, weights, [k0, k1], u, step);
      const site = chosen(k, layout, state, c);
      const at = k.let(state.add(site).add(spins[0]));
      const old = Array.from({ length: components }, (_, i) => k.let(k.loadSplat(at, i * torus.stride)));
      const spin = on === "whole" ? onSphere(k, components, a, b) : onCap(k, old, a, b, width);
      if (functions.shift)
        k.call(functions.shift, state, weights, current, trial, site, ...spin.map((x, i) => x.sub(old[i]!)));
      k.call(functions.put, state, weights, site, ...spin);
      k.call(functions.evaluate, state, weights, trial);
      const changed = k.let(k.load(state, out));
      const taken = k.let(d.lt(exp(k, action.sub(changed))).any());
      k.if(
        taken,
        () => {
          k.set(action, changed);
          k.set(accepted, accepted.add(1));
          const before = k.let(current.add(0));
          k.set(current, trial);
          k.set(trial, before);
        },
        () => k.call(functions.put, state, weights, site, ...old),
      );
    });
    k.store(state, out, accepted);
  });
}

/** Four uniforms in all lanes: a, b of the stream with site word 0, c, d of that with site word 1. */
function uniforms(
  k: Body,
  { out, torus, words }: SiteLayout,
  state: Int,
  weights: Int,
  key: readonly [Int, Int],
  block: Int,
  step: Int,
) {
  const to = k.let(state.add(out + 64));
  const sites = k.let(weights.add(words));
  k.philox(key, block, sites, step, Int.of(0), to);
  // two lanes: (a, c), (b, d); one lane: (a, b), and another draw
  if (torus.lanes === 1) k.philox(key, block, sites.add(4), step, Int.of(0), to.add(16));
  const places = torus.lanes === 2 ? [0, 16, 8, 24] : [0, 8, 16, 24];
  const [a, b, c, d] = places.map((at) => k.let(k.loadSplat(to, at))) as [Vec, Vec, Vec, Vec];
  return { a, b, c, d };
}

/** Offset in the torus of the site floor(c N). */
function chosen(k: Body, { torus, out }: SiteLayout, state: Int, c: Vec): Int {
  k.store(state, out + 48, c.mul(torus.volume).floor().add(WHOLE));
  return k.let(
    k.loadInt(
      k
        .loadInt(state, out + 48)
        .shl(2)
        .add(torus.offsets),
    ),
  );
}

function onSphere(k: Body, components: number, a: Vec, b: Vec): Vec[] {
  if (components === 2) {
    const { cos, sin } = cosSinTurns(k, a);
    return [cos, sin];
  }
  const z = k.let(Vec.of(1).sub(a.mul(2)));
  const r = k.let(Vec.of(1).sub(z.mul(z)).sqrt());
  const { cos, sin } = cosSinTurns(k, b);
  return [k.let(r.mul(cos)), k.let(r.mul(sin)), z];
}

/**
 * Uniform on the cap about a spin; the axes across it are those of T. Duff et al., J. Comput. Graph. Tech. 6 (2017) 1, which
 * need no branch but the sign of z.
 */
function onCap(k: Body, spin: readonly Vec[], a: Vec, b: Vec, width: Vec): Vec[] {
  if (spin.length === 2) {
    const [x, y] = spin as [Vec, Vec];
    const { cos, sin } = cosSinTurns(k, a.mul(2).sub(1).mul(width));
    return unit(k, [x.mul(cos).sub(y.mul(sin)), x.mul(sin).add(y.mul(cos))]);
  }
  const [x, y, z] = spin as [Vec, Vec, Vec];
  const down = k.let(a.mul(width)); // 1 - cos of the angle from the spin
  const along = k.let(Vec.of(1).sub(down));
  const across = k.let(down.mul(Vec.of(2).sub(down)).sqrt());
  const { cos, sin } = cosSinTurns(k, b);
  const [p, q] = [k.let(across.mul(cos)), k.let(across.mul(sin))];
  const sign = k.let(z.ge(0).select(1, -1));
  const f = k.let(Vec.of(-1).div(sign.add(z)));
  const g = k.let(x.mul(y).mul(f));
  const first = [Vec.of(1).add(sign.mul(x).mul(x).mul(f)), sign.mul(g), sign.mul(x).neg()];
  const second = [g, sign.add(y.mul(y).mul(f)), y.neg()];
  return unit(
    k,
    [x, y, z].map((s, i) => s.mul(along).add(first[i]!.mul(p)).add(second[i]!.mul(q))),
  );
}

function unit(k: Body, v: readonly Vec[]): Vec[] {
  const given = v.map((x) => k.let(x));
  const norm2 = given.slice(1).reduce((sum, x) => sum.plus(x, x), given[0]!.mul(given[0]!));
  const scale = k.let(Vec.of(1).div(norm2.sqrt()));
  return given.map((x) => k.let(x.mul(scale)));
}
