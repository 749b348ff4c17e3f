import { type Body, type Int, ModuleBuilder, Vec } from "../src/kernels/builder.ts";
import type { Device } from "../src/kernels/device.ts";
import { time } from "./timing.ts";

/** What this machine can do at best with 128-bit WebAssembly. */
export interface Roof {
  /** Multiplies and adds on registers that do not wait for each other, GFLOP/s. */
  readonly gflops: number;
  /** y = a + s b on arrays far larger than the caches, GB/s (three streams). */
  readonly triad: number;
}

const CHAINS = 12;
const ROUNDS = 20;
const ITEMS = 1 << 14;

/** Measures both on the device's workers. */
export function roof(device: Device): Roof {
  const kernels = device.kernels<"triad" | "multiplyAdd">("bench/roof", () => {
    const m = new ModuleBuilder({ lanes: 2, bytes: 8 });
    m.kernel("triad", ["i32", "i32", "i32", "f64"] as const, (k, { begin, end }, y, a, b, s) => {
      k.for(begin, end, (i) => triadLine(k, i, y, a, b, s));
    });
    m.kernel("multiplyAdd", ["i32"] as const, (k, { begin, end, chunk }, out) => {
      const x = Array.from({ length: CHAINS }, (_, c) => k.let(Vec.of(1 + c / 7)));
      const s = k.let(Vec.of(1 - 1e-9));
      k.for(begin.mul(ROUNDS), end.mul(ROUNDS), () => {
        for (const [c, v] of x.entries()) k.set(v, c % 2 === 0 ? v.mul(s) : v.add(s));
      });
      k.store(
        out.add(chunk.mul(k.vecBytes)),
        0,
        x.reduce((a, b) => a.add(b)),
      );
    });
    return m.finish();
  });
  const lines = 1 << 19; // 64 bytes each: 32 MiB an array
  const arrays = [0, 1, 2].map(() => device.heap.allocate(64 * lines));
  const t = time(() => device.run(kernels.triad, lines, arrays[0]!, arrays[1]!, arrays[2]!, 0.5));
  for (const a of arrays) device.heap.release(a);
  const f = time(() => void device.sum(kernels.multiplyAdd, ITEMS, 1, 2), { rounds: 500 });
  const flops = ITEMS * ROUNDS * CHAINS * 2;
  return { gflops: flops / f.minimum / 1e9, triad: (3 * 64 * lines) / t.minimum / 1e9 };
}

function triadLine(k: Body, i: Int, y: Int, a: Int, b: Int, s: Vec): void {
  const at = k.let(i.mul(64));
  for (let o = 0; o < 64; o += 16) k.store(y.add(at), o, k.load(a.add(at), o).plus(s, k.load(b.add(at), o)));
}
