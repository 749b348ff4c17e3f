import v8 from "node:v8";
import { afterAll, describe, expect, test } from "vitest";
import { ModuleBuilder } from "./builder.ts";
import type { Width } from "./ir.ts";
import { callKernel } from "./kernel.contract.ts";
import { openDevice } from "./node.ts";
import { hasRelaxedSimd } from "./simd.ts";

// Engines of before 2023 (Node 20) have relaxed SIMD behind a flag.
if (!hasRelaxedSimd()) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");

const relaxed = openDevice({ workers: 1, relaxed: true });
const plain = openDevice({ workers: 1 });
afterAll(() => {
  relaxed.close();
  plain.close();
});

describe.runIf(hasRelaxedSimd()).each<Width>([
  { lanes: 2, bytes: 8 },
  { lanes: 4, bytes: 4 },
  { lanes: 1, bytes: 8 },
])("multiply-add in %j", (width) => {
  const generate = () => {
    const m = new ModuleBuilder(width);
    m.kernel("madd", ["i32", "i32"] as const, (k, _, out, x) => {
      const [a, b, c] = [0, 1, 2].map((i) => k.load(x, i * k.vecBytes));
      k.store(out, 0, c!.plus(a!, b!));
      k.store(out, k.vecBytes, c!.minus(a!, b!));
    });
    return m.finish();
  };
  const run = (device: typeof plain, a: number, b: number, c: number) => {
    const Numbers = width.bytes === 8 ? Float64Array : Float32Array;
    const x = Numbers.from([a, b, c].flatMap((value) => Array<number>(width.lanes).fill(value)));
    const out = new Numbers(2 * width.lanes);
    callKernel(device, `madd/${JSON.stringify(width)}`, generate, "madd", 1, [out, x]);
    return [...out];
  };
  const small = width.bytes === 8 ? 2 ** -30 : 2 ** -14;
  const both = (x: number, y: number) => [x, y].flatMap((value) => Array<number>(width.lanes).fill(value));

  test("where nothing is rounded it is the same", () => {
    expect(run(relaxed, 3, 5, 7)).toEqual(both(22, -8));
    expect(run(plain, 3, 5, 7)).toEqual(both(22, -8));
  });

  test("where the product is rounded it is exact, or as before; off by default", () => {
    // (1 + s)(1 - s) = 1 - s^2 rounds to 1
    expect(run(plain, 1 + small, 1 - small, -1)).toEqual(both(0, -2));
    const [fused] = run(relaxed, 1 + small, 1 - small, -1);
    expect([0, -(small * small)]).toContain(fused);
    if (width.lanes === 1) expect(fused).toBe(0);
  });
});
