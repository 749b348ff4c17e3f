import { type Body, Int, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { Kernel } from "../../../kernels/device.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";

/** Four uniforms an update, see `SpinChain`: a and b for the new spin, c for the site, d for the decision. */
export type Uniforms = Readonly<Record<"a" | "b" | "c" | "d", Vec>>;

/**
 * What a rule makes of the uniforms before it knows any spin: numbers that are computed for two updates at once, ahead
 * of the updates themselves.
 */
export interface DrawRule {
  readonly key: string;
  /** Numbers an update. */
  readonly numbers: number;
  /** `parameter` is a number that may change from move to move (the width of proposals). */
  emit(k: Body, uniforms: Uniforms, parameter: Vec): readonly Vec[];
}

/** Updates drawn at once. Even. */
export const CHUNK = 2048;

/** Memory of drawn numbers, and the kernel that fills it. */
export interface Draws {
  /** Address of number n of update u of the chunk: base + 8 (n CHUNK + u). */
  readonly base: number;
  /** The site of update u, in the first of two i32 at sites + 8 u. */
  readonly sites: number;
  /** Draws the updates first, first + 1 … of the chunk; sites too, where `random`. */
  fill(key: readonly [number, number], step: number, first: number, count: number, parameter: number): void;
}

export function makeDraws(space: SpinSpace, rule: DrawRule): Draws {
  const { device, volume } = space.lattice;
  const { draw } = device.kernels<"draw">(`spins/draw/${rule.key}`, () => drawModule(rule));
  const sites = device.heap.allocate(8 * CHUNK);
  const base = device.heap.allocate(8 * CHUNK * rule.numbers);
  return {
    base,
    sites,
    fill: ([k0, k1], step, first, count, parameter) =>
      device.run(draw as Kernel, Math.ceil(count / 2), base, sites, k0, k1, step, first, volume, parameter),
  };
}

/** 2^52: a whole number below 2^32 added to it stands in the low word of the sum. */
const WHOLE = 2 ** 52;

function drawModule(rule: DrawRule) {
  const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
  const types = ["i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;
  m.kernel("draw", types, (k, { begin, end, scratch }, base, sites, k0, k1, step, first, volume, parameter) => {
    k.storeInt(scratch, 0, Int.of(0));
    k.storeInt(scratch, 4, Int.of(1));
    k.for(begin, end, (pair) => {
      const u = k.let(first.add(pair.shl(1)));
      const uniforms = twoUpdates(k, [k0, k1], u, step, scratch);
      const at = k.let(pair.shl(4));
      k.store(sites.add(at), 0, uniforms.c.mul(volume).floor().add(WHOLE));
      rule.emit(k, uniforms, parameter).forEach((value, n) => k.store(base.add(at), 8 * CHUNK * n, value));
    });
  });
  return m.finish();
}

/**
 * The uniforms of updates u and u + 1 in the two lanes. A block of Philox gives those of one update, (a, c) and (b, d) in the
 * lanes of site words 0 and 1, which lie at `scratch`; they are transposed by stores that overlap.
 */
function twoUpdates(k: Body, key: readonly [Int, Int], u: Int, step: Int, scratch: Int): Uniforms {
  const [one, other] = [k.let(scratch.add(16)), k.let(scratch.add(48))];
  k.philox(key, u, scratch, step, Int.of(0), one);
  k.philox(key, u.add(1), scratch, step, Int.of(0), other);
  const [ac, bd] = [k.let(k.load(one)), k.let(k.load(one, 16))];
  const [ac2, bd2] = [k.let(k.load(other)), k.let(k.load(other, 16))];
  const lower = (x: Vec, y: Vec, place: number) => {
    k.store(scratch, place, x);
    k.store(scratch, place + 8, y);
    return k.let(k.load(scratch, place));
  };
  const upper = (x: Vec, y: Vec, place: number) => {
    k.store(scratch, place + 8, y);
    k.store(scratch, place, x);
    return k.let(k.load(scratch, place + 8));
  };
  return { a: lower(ac, ac2, 96), c: upper(ac, ac2, 128), b: lower(bd, bd2, 160), d: upper(bd, bd2, 192) };
}
