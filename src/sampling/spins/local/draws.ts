import { type Body, Int, ModuleBuilder, type Vec } from "../../../kernels/builder.ts";
import type { Kernel } from "../../../kernels/device.ts";
import type { SpinSpace } from "../../../lattice/spins/spins.ts";

/**
 * The uniforms of update u of a move, from the stream (key, step, site word u): c for the site and d for the decision from
 * block 0, a and b for the new spin from block 1 (numerics/addressed-random.ts).
 */
export type Uniforms = Readonly<Record<"a" | "b" | "c" | "d", Vec>>;

/**
 * What a rule makes of the uniforms before it knows any spin: numbers that are computed for two updates at once, ahead
 * of the updates themselves.
 */
export interface DrawRule {
  readonly key: string;
  /** Numbers an update. */
  readonly numbers: number;
  /** Whether it takes a and b. */
  readonly direction: boolean;
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
    // the numbers of the updates lie where their sites will be; were each pair written just before it is read, a wide load
    // would wait for two narrow stores
    k.for(begin, end, (pair) => {
      const u = k.let(first.add(pair.shl(1)));
      const at = k.let(sites.add(pair.shl(4)));
      k.storeInt(at, 0, u);
      k.storeInt(at, 4, u.add(1));
    });
    k.for(begin, end, (pair) => {
      const at = k.let(pair.shl(4));
      const block = (n: number): [Vec, Vec] => {
        k.philox([k0, k1], Int.of(n), k.let(sites.add(at)), step, Int.of(0), scratch);
        return [k.let(k.load(scratch)), k.let(k.load(scratch, 16))];
      };
      const [c, d] = block(0);
      const [a, b] = rule.direction ? block(1) : [c, d];
      k.store(sites.add(at), 0, c.mul(volume).floor().add(WHOLE));
      rule.emit(k, { a, b, c, d }, parameter).forEach((value, n) => k.store(base.add(at), 8 * CHUNK * n, value));
    });
  });
  return m.finish();
}
